#include "infra/http/response_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace hongyan::http {
namespace {

constexpr std::array<std::string_view, 4> kOwnFields{"Content-Length", "Transfer-Encoding", "Connection", "Date"};

bool is_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_own(std::string_view name) {
  return std::ranges::any_of(kOwnFields, [&](std::string_view own) { return iequals(own, name); });
}

}  // namespace

std::string response_head(const Response& response, int request_version, bool keep_alive, std::string_view date) {
  std::string out;
  out.reserve(512);
  auto into = std::back_inserter(out);
  fmt::format_to(into, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  for (const Headers::Field& field : response.headers) {
    if (is_own(field.name) || !is_safe(field.name) || !is_safe(field.value)) continue;
    fmt::format_to(into, "{}: {}\r\n", field.name, field.value);
  }
  if (!has_no_body(response.status)) fmt::format_to(into, "Content-Length: {}\r\n", response.body.view().size());
  fmt::format_to(into, "Date: {}\r\n", date);
  if (!keep_alive) {
    out += "Connection: close\r\n";
  } else if (request_version < 11) {
    out += "Connection: keep-alive\r\n";
  }
  return out += "\r\n";
}

}  // namespace hongyan::http
