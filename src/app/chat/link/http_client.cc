#include "app/chat/link/http_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/chat/link/line.h"
#include "app/chat/link/server_frame.h"
#include "base/numbers.h"

namespace hongyan::chat {
namespace {

constexpr std::size_t kMaxHead = 32 * 1024;
constexpr std::size_t kMaxAnswer = 4 * 1024 * 1024;
constexpr std::string_view kEmptyLine = "\r\n\r\n";

std::unexpected<Error> not_http(const char* why) {
  return fail(ErrorCode::unimplemented, std::string("the answer is not HTTP: ") + why);
}

bool iequals(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of a header, nothing when absent.
std::optional<std::string_view> header_of(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && iequals(line.substr(0, colon), name)) return trim(line.substr(colon + 1));
  }
  return std::nullopt;
}

// Undoes "Transfer-Encoding: chunked"; nothing while bytes are missing.
Result<std::optional<std::string>> join_chunks(std::string_view rest) {
  std::string body;
  // Ends: every round takes at least the three bytes of a size line.
  for (;;) {
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(0, end);
    const auto size = number_from<std::size_t>(trim(line.substr(0, line.find(';'))), 16);
    if (!size || *size > kMaxAnswer) return not_http("a chunk without size");
    rest.remove_prefix(end + 2);
    // Trailers after the last chunk say nothing we need, and the connection is not used again.
    if (*size == 0) return body;
    if (rest.size() < *size + 2) return std::nullopt;
    if (rest.substr(*size, 2) != "\r\n") return not_http("a chunk that does not end");
    body.append(rest.substr(0, *size));
    rest.remove_prefix(*size + 2);
  }
}

Result<std::optional<std::string>> parse_body(std::string_view head, std::string_view rest, bool ended) {
  if (const auto encoding = header_of(head, "Transfer-Encoding")) {
    if (!iequals(*encoding, "chunked")) return not_http("an unknown transfer encoding");
    return join_chunks(rest);
  }
  if (const auto length = header_of(head, "Content-Length")) {
    const auto size = number_from<std::size_t>(*length);
    if (!size) return not_http("a content length that is no number");
    if (rest.size() < *size) return std::nullopt;
    return std::string(rest.substr(0, *size));
  }
  if (!ended) return std::nullopt;
  return std::string(rest);
}

}  // namespace

Result<std::optional<HttpAnswer>> parse_answer(std::string_view raw, bool ended) {
  if (raw.size() > kMaxAnswer) return fail(ErrorCode::unimplemented, "the answer is too large");
  const auto more = [&]() -> Result<std::optional<HttpAnswer>> {
    if (ended) return fail(ErrorCode::unavailable, "the connection ended within an answer");
    return std::nullopt;
  };
  const std::size_t head_size = raw.find(kEmptyLine);
  if (head_size == std::string_view::npos) {
    if (raw.size() > kMaxHead) return not_http("its head does not end");
    return more();
  }
  const std::string_view head = raw.substr(0, head_size);
  const auto status =
      head.starts_with("HTTP/1.") && head.size() >= 12 ? number_from<std::size_t>(head.substr(9, 3)) : std::nullopt;
  if (!status) return not_http("no status line");
  HY_TRY(auto body, parse_body(head, raw.substr(head_size + kEmptyLine.size()), ended));
  if (!body) return more();
  return HttpAnswer{static_cast<int>(*status), *std::move(body)};
}

Result<std::string> json_of(HttpAnswer answer) {
  if (answer.status == 200) return std::move(answer.body);
  if (auto error = parse_error_body(answer.body)) return fail(*std::move(error));
  // A proxy whose server is away; anything else is no server of ours.
  const bool away = answer.status >= 502 && answer.status <= 504;
  return fail(away ? ErrorCode::unavailable : ErrorCode::unimplemented,
              fmt::format("HTTP {} without an error of ours: is this a Hongyan server?", answer.status));
}

async::Task<Result<std::string>> post_json(ServerAddress address, std::string path, std::string json, std::string token,
                                           async::Deadline deadline) {
  std::string request = fmt::format(
      "POST {}{} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
      address.prefix, path, address.host_header, json.size());
  if (!token.empty()) request += fmt::format("Authorization: Bearer {}\r\n", token);
  request += "\r\n" + json;

  HY_CO_TRY(const auto line, co_await Line::open(std::move(address), deadline));
  HY_CO_TRY(co_await line->write(std::move(request)));
  std::string raw;
  for (bool ended = false;;) {
    HY_CO_TRY(auto answer, parse_answer(raw, ended));
    if (answer) co_return json_of(*std::move(answer));
    HY_CO_TRY(const bool more, co_await line->read(raw));
    ended = !more;
  }
}

}  // namespace hongyan::chat
