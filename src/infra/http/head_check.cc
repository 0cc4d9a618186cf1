#include "infra/http/head_check.h"

#include <algorithm>

#include "infra/http/query.h"

namespace hongyan::http {
namespace {

RequestError bad(std::string_view why) { return {.status = 400, .code = ErrorCode::invalid_argument, .why = why}; }

RequestError too_large(std::string_view why) { return {.status = 431, .code = ErrorCode::too_large, .why = why}; }

bool is_token_char(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

// No segment may mean "here" or "up" in any spelling, and none may hide a separator or a control character: whoever
// compares or splits the path later reads what the client wrote.
std::optional<RequestError> check_path(std::string_view path) {
  std::string_view rest = path.substr(1);
  while (true) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const auto segment = percent_decode(rest.substr(0, end));
    if (!segment) return bad("broken percent-encoding in the path");
    if (*segment == "." || *segment == "..") return bad("dot segment in the path");
    const bool hidden = std::ranges::any_of(
        *segment, [](char c) { return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (hidden) return bad("separator or control character in a path segment");
    if (end == rest.size()) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
}

// What stands after scheme and authority, "/" when nothing does. Nothing when `target` is no absolute form.
std::optional<std::string> without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!iequals(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (end == 0) return std::nullopt;
    const std::string_view path = rest.substr(end);
    return path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::optional<std::size_t>, RequestError> HeadScanner::feed(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (const auto error = step(static_cast<unsigned char>(bytes[i]))) return std::unexpected(*error);
    if (complete_) return i + 1;
  }
  return std::nullopt;
}

std::optional<RequestError> HeadScanner::step(unsigned char byte) {
  if (++bytes_ > limits_.max_header_bytes) return too_large("head too large");
  if (after_cr_) {
    if (byte != '\n') return bad("carriage return inside a line");
    after_cr_ = false;
    // An empty line ends the head; the first line is the request's.
    if (line_bytes_ == 0) {
      if (lines_ == 0) return bad("empty request line");
      complete_ = true;
    } else if (++lines_ > limits_.max_headers + 1) {
      return too_large("too many headers");
    }
    line_bytes_ = 0;
    return std::nullopt;
  }
  if (byte == '\r') {
    after_cr_ = true;
    return std::nullopt;
  }
  if (byte == '\n') return bad("line feed without carriage return");
  if ((byte < 0x20 && byte != '\t') || byte == 0x7F) return bad("control character in the head");
  // A name begins every line; white space there would continue the line before it (RFC 9112 section 5.2).
  if (line_bytes_++ == 0 && !is_token_char(byte)) return bad("line does not begin with a token");
  return std::nullopt;
}

std::expected<Target, RequestError> parse_target(std::string_view target, Method method) {
  if (target == "*" && method == Method::options) return Target{.path = "*", .query = {}};
  const bool visible =
      std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#' && c != '\\'; });
  if (!visible) return std::unexpected(bad("character not allowed in the target"));
  std::string origin(target);
  if (!target.starts_with('/')) {
    auto stripped = without_authority(target);
    if (!stripped) return std::unexpected(bad("target is neither a path nor a URL"));
    origin = std::move(*stripped);
  }
  const std::size_t question = std::min(origin.find('?'), origin.size());
  Target out{.path = origin.substr(0, question), .query = origin.substr(std::min(question + 1, origin.size()))};
  if (const auto error = check_path(out.path)) return std::unexpected(*error);
  return out;
}

std::optional<RequestError> check_fields(const Request& request) {
  const Headers& headers = request.headers;
  const std::size_t hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && request.version >= 11)) return bad("exactly one Host is needed");

  // Repeating the same length would be legal, but nothing honest does it.
  const std::size_t lengths = headers.count("Content-Length");
  if (lengths > 1) return bad("repeated Content-Length");
  if (lengths == 1 && headers.get("Content-Length").find(',') != std::string_view::npos) return bad("list of lengths");

  const std::size_t encodings = headers.count("Transfer-Encoding");
  if (encodings > 0) {
    if (lengths > 0) return bad("Content-Length with Transfer-Encoding");
    if (encodings > 1 || request.version < 11) return bad("Transfer-Encoding not allowed here");
    if (!iequals(headers.get("Transfer-Encoding"), "chunked")) {
      return RequestError{.status = 501, .code = ErrorCode::unimplemented, .why = "transfer coding not known"};
    }
  }
  const auto expect = headers.find("Expect");
  if (expect && !iequals(*expect, "100-continue")) {
    return RequestError{.status = 417, .code = ErrorCode::invalid_argument, .why = "expectation not known"};
  }
  return std::nullopt;
}

}  // namespace hongyan::http
