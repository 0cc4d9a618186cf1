#include "infra/sql/mysql/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hongyan::sql::mysql {
namespace {

// Connection refused, cut off, timed out or killed; the server is going down.
constexpr std::array kLost{1053U, 1077U, 1079U, 1080U, 1152U, 1153U, 1158U, 1159U, 1160U, 1161U,
                           1927U, 2002U, 2003U, 2006U, 2013U, 2014U, 2026U, 2055U, 4031U};
// Deadlock, and the same from a cluster.
constexpr std::array kEnded{1213U, 3101U};
// Too many connections, lock wait timeout, read only, interrupted, over the time limit, a cluster without quorum.
constexpr std::array kBusy{1040U, 1041U, 1047U, 1203U, 1205U, 1226U, 1290U, 1317U, 1836U, 1969U, 3024U, 3572U};
// Disk or table full.
constexpr std::array kFull{1021U, 1114U};
// Names of the schema, of hosts and of accounts, but no values.
constexpr std::array kTells{1044U, 1045U, 1046U, 1048U, 1049U, 1050U, 1051U, 1054U, 1060U, 1061U, 1091U, 1142U, 1146U,
                            1205U, 1213U, 1264U, 1364U, 1406U, 1451U, 1452U, 2002U, 2003U, 2005U, 2006U, 2013U};
constexpr std::array kDoneBefore{1050U, 1051U, 1060U, 1061U, 1091U};

template <std::size_t N>
bool is_in(const std::array<unsigned, N>& numbers, unsigned number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

}  // namespace

Error error_of_server(unsigned number, const std::string& message) {
  const std::string detail =
      is_in(kTells, number) ? fmt::format("{} ({})", message, number) : fmt::format("error {} of the database", number);
  if (is_in(kLost, number) || is_in(kFull, number)) return Error::later(ErrorCode::unavailable, 1000, detail);
  if (is_in(kEnded, number) || is_in(kBusy, number)) return Error::later(ErrorCode::unavailable, 100, detail);
  return Error(ErrorCode::internal, detail);
}

bool is_lost(unsigned number) { return is_in(kLost, number); }

bool ended_transaction(unsigned number) { return is_in(kEnded, number); }

bool was_done_before(unsigned number) { return is_in(kDoneBefore, number); }

std::optional<DuplicateKey> duplicate_key(std::string_view message) {
  constexpr std::string_view kBefore = "for key '";
  // The last one: the entry itself is any text.
  const std::size_t at = message.rfind(kBefore);
  if (at == std::string_view::npos || !message.ends_with('\'')) return std::nullopt;
  std::string_view key = message.substr(at + kBefore.size());
  key.remove_suffix(1);
  const std::size_t dot = key.rfind('.');
  if (dot == std::string_view::npos) return DuplicateKey{{}, std::string(key)};
  return DuplicateKey{std::string(key.substr(0, dot)), std::string(key.substr(dot + 1))};
}

}  // namespace hongyan::sql::mysql
