#include "app/chat/screen/text/words.h"

#include <fmt/format.h>

#include <charconv>
#include <ctime>
#include <string_view>

namespace hongyan::chat::screen {
namespace {

// More people than this are counted, not named.
constexpr std::size_t kMaxNamed = 6;

std::string param(const v1::SystemContent& line, const std::string& key) {
  const auto found = line.params().find(key);
  return found == line.params().end() ? std::string() : found->second;
}

std::uint64_t id_of(std::string_view digits) {
  std::uint64_t id = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), id);
  return id;
}

std::int64_t time_of(const v1::SystemContent& line, const std::string& key) {
  return static_cast<std::int64_t>(id_of(param(line, key)));
}

std::vector<std::uint64_t> ids_of(const v1::SystemContent& line) {
  std::vector<std::uint64_t> ids;
  const std::string list = param(line, "user_ids");
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    ids.push_back(id_of(std::string_view(list).substr(at, end - at)));
    at = end + 1;
  }
  return ids;
}

// Puts a line of one group into words.
class LineWriter {
 public:
  LineWriter(const v1::SystemContent& line, const Names& names)
      : line_(line), names_(names), by_(id_of(param(line, "by"))), user_(id_of(param(line, "user_id"))) {}

  std::string membership() const {
    const std::string& code = line_.code();
    if (code == "group_created") {
      const std::string others = list(by_);
      return who(by_) + " created the group" + (others.empty() ? "" : " with " + others);
    }
    if (code == "member_added") return who(by_) + " added " + list(0);
    if (code == "member_removed") return who(by_) + " removed " + whom(user_);
    if (code == "member_left") return who(user_) + " left the group";
    if (code == "member_joined") {
      return who(user_) + " joined the group" + (by_ == 0 ? "" : " through " + whom(by_));
    }
    if (code == "role_changed") {
      const bool made = param(line_, "role") == "admin";
      return who(by_) + (made ? " made " : " took the admin role from ") + whom(user_) + (made ? " an admin" : "");
    }
    if (code == "owner_changed") return who(by_) + " handed the group over to " + whom(user_);
    return {};
  }

  std::string silence() const {
    const std::string& code = line_.code();
    if (code == "all_muted") return who(by_) + " muted everybody";
    if (code == "all_unmuted") return who(by_) + " unmuted everybody";
    if (code == "member_muted") {
      const std::int64_t until = time_of(line_, "until_ms");
      return fmt::format("{} muted {} until {}", who(by_), whom(user_), day_and_time(until));
    }
    if (code == "member_unmuted") return who(by_) + " unmuted " + whom(user_);
    return {};
  }

  std::string about_group() const {
    const std::string& code = line_.code();
    if (code == "group_renamed") {
      const std::string name = param(line_, "name");
      return who(by_) + (name.empty() ? " removed the group name" : " renamed the group to “" + name + "”");
    }
    if (code == "join_mode_changed") return join_mode();
    if (code == "nickname_changed") return nickname();
    if (code == "notice_changed") {
      const std::string text = param(line_, "text");
      return who(by_) + (text.empty() ? " took down the notice" : " posted a notice: " + text);
    }
    if (code == "group_dissolved") return who(by_) + " dissolved the group";
    return {};
  }

  std::string contact() const {
    if (line_.code() != "contact_added") return {};
    const bool by_me = by_ == names_.self();
    std::string text = by_me ? "You accepted the friend request of " + names_.of(user_)
                             : names_.of(by_) + " accepted your friend request";
    text += ". You can chat now";
    const std::string message = param(line_, "message");
    if (!message.empty()) text += "\n" + who(user_) + ": " + message;
    return text;
  }

 private:
  static std::string day_and_time(std::int64_t ms) { return short_time(ms, 0) + " " + clock_time(ms); }

  std::string who(std::uint64_t user) const { return user == names_.self() ? "You" : names_.of(user); }
  std::string whom(std::uint64_t user) const { return user == names_.self() ? "you" : names_.of(user); }

  std::string list(std::uint64_t without) const {
    std::vector<std::uint64_t> ids = ids_of(line_);
    std::erase(ids, without);
    std::string text;
    for (std::size_t i = 0; i < std::min(ids.size(), kMaxNamed); ++i) text += (i == 0 ? "" : ", ") + whom(ids[i]);
    if (ids.size() > kMaxNamed) text += fmt::format(" and others ({} people)", ids.size());
    return text;
  }

  std::string join_mode() const {
    const std::string mode = param(line_, "join_mode");
    if (mode == "open") return who(by_) + " opened the group to everybody";
    if (mode == "approval") return who(by_) + " made joining subject to approval";
    if (mode == "invite") return who(by_) + " limited joining to invitations";
    return {};
  }

  std::string nickname() const {
    const std::string name = param(line_, "nickname");
    const bool own = by_ == user_;
    if (name.empty()) {
      return who(by_) + (own ? " went back to the usual nickname" : " took the group nickname from " + whom(user_));
    }
    return own ? fmt::format("{} chose the group nickname “{}”", who(by_), name)
               : fmt::format("{} gave {} the group nickname “{}”", who(by_), whom(user_), name);
  }

  const v1::SystemContent& line_;
  const Names& names_;
  const std::uint64_t by_;
  const std::uint64_t user_;
};

std::string length(std::int64_t duration_ms) {
  const std::int64_t seconds = duration_ms / 1000;
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::string name_of(const v1::LocationContent& place) {
  const std::string blank = place.name().empty() || place.address().empty() ? "" : " ";
  return place.name() + blank + place.address();
}

std::tm local(std::int64_t time_ms) {
  const auto seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm out{};
  ::localtime_r(&seconds, &out);
  return out;
}

std::string formatted(const std::tm& time, const char* how) {
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, how, &time));
}

bool on_same_day(std::int64_t one_ms, std::int64_t other_ms) {
  const std::tm one = local(one_ms);
  const std::tm other = local(other_ms);
  return one.tm_year == other.tm_year && one.tm_yday == other.tm_yday;
}

// "Today" and "Yesterday"; nothing for other days.
std::string near_day(std::int64_t time_ms, std::int64_t now_ms) {
  if (on_same_day(time_ms, now_ms)) return "Today";
  std::tm midday = local(now_ms);
  midday.tm_hour = 12;
  midday.tm_mday -= 1;
  midday.tm_isdst = -1;
  return on_same_day(time_ms, static_cast<std::int64_t>(std::mktime(&midday)) * 1000) ? "Yesterday" : std::string();
}

}  // namespace

std::vector<std::uint64_t> named_in(const v1::Message& message) {
  std::vector<std::uint64_t> users;
  if (message.has_sender_id()) users.push_back(message.sender_id());
  if (message.has_recalled()) users.push_back(message.recalled().by());
  if (message.has_quote()) users.push_back(message.quote().sender_id());
  if (message.content().has_card()) users.push_back(message.content().card().user_id());
  if (!message.content().has_system()) return users;
  const v1::SystemContent& line = message.content().system();
  for (const char* key : {"by", "user_id"}) {
    if (const std::uint64_t id = id_of(param(line, key)); id != 0) users.push_back(id);
  }
  for (const std::uint64_t id : ids_of(line)) users.push_back(id);
  return users;
}

std::string words_of(const v1::SystemContent& line, const Names& names) {
  const LineWriter writer(line, names);
  for (std::string text : {writer.membership(), writer.silence(), writer.about_group(), writer.contact()}) {
    if (!text.empty()) return text;
  }
  return {};
}

std::string words_of(const v1::Content& content, const Names& names) {
  using Kind = v1::Content::KindCase;
  switch (content.kind_case()) {
    case Kind::kText: return content.text().text();
    case Kind::kImage: return "[picture]";
    case Kind::kVoice: return "[voice message " + length(content.voice().duration_ms()) + "]";
    case Kind::kVideo: return "[video " + length(content.video().duration_ms()) + "]";
    case Kind::kFile: return "[file] " + content.file().name();
    case Kind::kLocation: return "[place] " + name_of(content.location());
    case Kind::kCard: return "[contact card] " + names.of(content.card().user_id());
    case Kind::kSticker: return "[sticker]";
    case Kind::kMerged:
      return fmt::format("[chat history] {} ({} messages)", content.merged().title(), content.merged().items_size());
    case Kind::kCall: return "[call] " + content.call().outcome();
    case Kind::kSystem:
      if (std::string line = words_of(content.system(), names); !line.empty()) return line;
      break;
    default: break;
  }
  return content.fallback().empty() ? "[a message this client cannot show]" : content.fallback();
}

std::string preview_of(const v1::Message& message, const Names& names, bool with_sender) {
  const bool mine = message.sender_id() == names.self();
  if (message.has_recalled()) return (mine ? "You" : names.of(message.sender_id())) + " recalled a message";
  const std::string words = words_of(message.content(), names);
  if (!message.has_sender_id() || (!with_sender && !mine)) return words;
  return (mine ? "You" : names.of(message.sender_id())) + ": " + words;
}

std::string refusal(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_friend: return "you are not friends";
    case ErrorCode::blocked: return "messages between you are blocked";
    case ErrorCode::muted:
      return error.until_ms
                 ? "you are muted until " + short_time(*error.until_ms, 0) + " " + clock_time(*error.until_ms)
                 : "you are muted here";
    case ErrorCode::all_muted: return "everybody is muted here";
    case ErrorCode::not_member: return "you are no longer in this group";
    case ErrorCode::group_dissolved: return "the group was dissolved";
    case ErrorCode::group_disabled: return "the group is disabled";
    case ErrorCode::too_large: return "it is too long";
    case ErrorCode::rate_limited: return "too much at once, try again in a moment";
    case ErrorCode::unavailable:
    case ErrorCode::timeout: return "the server is not reachable";
    case ErrorCode::permission_denied: return "this is not allowed";
    case ErrorCode::request_expired: return "the request has expired";
    default: break;
  }
  std::string text(error.detail.empty() ? error_text(error.code) : error.detail);
  while (text.ends_with('.')) text.pop_back();
  return text;
}

std::string clock_time(std::int64_t time_ms) { return formatted(local(time_ms), "%H:%M"); }

bool same_day(std::int64_t one_ms, std::int64_t other_ms) { return on_same_day(one_ms, other_ms); }

std::string day_name(std::int64_t time_ms, std::int64_t now_ms) {
  if (std::string near = near_day(time_ms, now_ms); !near.empty()) return near;
  const std::tm time = local(time_ms);
  return formatted(time, time.tm_year == local(now_ms).tm_year ? "%a %-d %b" : "%a %-d %b %Y");
}

std::string short_time(std::int64_t time_ms, std::int64_t now_ms) {
  const std::string near = near_day(time_ms, now_ms);
  if (near == "Today") return clock_time(time_ms);
  if (!near.empty()) return near;
  const std::tm time = local(time_ms);
  if (time.tm_year == local(now_ms).tm_year) return formatted(time, "%-d %b");
  return formatted(time, "%F");
}

}  // namespace hongyan::chat::screen
