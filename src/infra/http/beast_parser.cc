// RequestParser on Boost.Beast's basic_parser. The only file that includes Beast, which costs more than ten seconds a
// translation unit.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <utility>

#include "infra/http/head_check.h"
#include "infra/http/request_parser.h"

namespace hongyan::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

// Room for the line of a chunk's size, or for the trailer, while it is incomplete.
constexpr std::size_t kMaxChunkLine = 4096;
// Bodies grow with what arrives; this much is taken at once when the length is announced.
constexpr std::size_t kMaxReserved = 64 * 1024;
constexpr std::string_view kEmptyLine = "\r\n";
// The shortest end of a chunked body. Beast is never shown less: it asserts, wrongly, that four bytes of it cannot be.
constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string_view to_std(string_view text) { return {text.data(), text.size()}; }

// Collects the parts of one request. Trailers are read and dropped: a field after the body must not change what was
// decided before it.
class BeastParser final : public beast_http::basic_parser<true> {
 public:
  Request request;
  std::string target;
  bool head_complete = false;

 private:
  void on_request_impl(beast_http::verb, string_view method, string_view request_target, int version,
                       error_code&) override {
    request.method = method_of(to_std(method));
    if (request.method == Method::other) request.method_text = to_std(method);
    target = to_std(request_target);
    request.version = version;
  }
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code&) override {
    if (!head_complete) request.headers.add(std::string(to_std(name)), std::string(to_std(value)));
  }
  void on_header_impl(error_code&) override { head_complete = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min<std::uint64_t>(*length, kMaxReserved));
  }
  std::size_t on_body_impl(string_view body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
};

RequestError to_error(const error_code& error) {
  if (error == beast_http::error::body_limit) {
    return {.status = 413, .code = ErrorCode::too_large, .why = "body too large"};
  }
  if (error == beast_http::error::header_limit) {
    return {.status = 431, .code = ErrorCode::too_large, .why = "head too large"};
  }
  return {.status = 400, .code = ErrorCode::invalid_argument, .why = "malformed request"};
}

// Whether the first line asks for another version of HTTP, for example 2.0, and is no mere garbage.
bool asks_for_other_version(std::string_view head) {
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::size_t at = line.rfind(" HTTP/");
  return at != std::string_view::npos && line.size() - at == 9 && line[at + 7] == '.';
}

}  // namespace

class RequestParser::Impl {
 public:
  explicit Impl(const RequestLimits& limits) : scanner_(limits) {
    parser_.eager(true);
    // The scanner counts the head; Beast must not be stricter.
    parser_.header_limit(static_cast<std::uint32_t>(limits.max_header_bytes + 1));
    parser_.body_limit(limits.max_body_bytes);
  }

  std::expected<std::size_t, RequestError> feed(std::string_view bytes) {
    std::size_t taken = 0;
    // RFC 9112 section 2.2: an empty line before the request line is ignored.
    while (!parser_.head_complete && head_.empty() && skipped_ < kEmptyLine.size() && taken < bytes.size() &&
           bytes[taken] == kEmptyLine[skipped_]) {
      ++skipped_;
      ++taken;
    }
    if (skipped_ == 1 && taken < bytes.size() && !parser_.head_complete) return std::unexpected(to_error({}));
    if (!parser_.head_complete) {
      const auto of_head = feed_head(bytes.substr(taken));
      if (!of_head) return of_head;
      taken += *of_head;
    }
    if (!parser_.head_complete || complete() || taken == bytes.size()) return taken;
    const auto of_body = feed_body(bytes.substr(taken));
    if (!of_body) return of_body;
    return taken + *of_body;
  }

  bool complete() const { return parser_.head_complete && parser_.is_done(); }

  bool take_expects_continue() { return std::exchange(expects_continue_, false) && !complete(); }

  Request take() { return std::move(parser_.request); }

 private:
  std::expected<std::size_t, RequestError> feed_head(std::string_view bytes) {
    const auto end = scanner_.feed(bytes);
    if (!end) return std::unexpected(end.error());
    const std::size_t taken = end->value_or(bytes.size());
    head_.append(bytes.substr(0, taken));
    if (!*end) return taken;
    if (const auto error = parse_head()) return std::unexpected(*error);
    head_ = std::string();
    return taken;
  }

  std::optional<RequestError> parse_head() {
    error_code error;
    parser_.put(boost::asio::buffer(head_), error);
    if (error == beast_http::error::bad_version && asks_for_other_version(head_)) {
      return RequestError{.status = 505, .code = ErrorCode::invalid_argument, .why = "only HTTP/1.1 is spoken"};
    }
    // Fields first: their errors say more than the parser's, which stops at the first field it cannot accept.
    const bool body_too_large = error == beast_http::error::body_limit;
    if (error && error != beast_http::error::need_more && !body_too_large) return to_error(error);
    Request& request = parser_.request;
    if (const auto wrong = check_fields(request)) return wrong;
    if (body_too_large) return to_error(error);
    auto target = parse_target(parser_.target, request.method);
    if (!target) return target.error();
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.keep_alive = parser_.keep_alive();
    expects_continue_ = request.version >= 11 && request.headers.find("Expect").has_value();
    return std::nullopt;
  }

  std::expected<std::size_t, RequestError> feed_body(std::string_view bytes) {
    // Beast wants the line of a chunk whole, so its beginning is kept and shown again.
    const bool joined = !pending_.empty();
    if (joined) pending_ += bytes;
    const std::string_view input = joined ? std::string_view(pending_) : bytes;
    if (parser_.chunked() && input.size() < kLastChunk.size()) {
      if (!joined) pending_ = bytes;
      return bytes.size();
    }
    error_code error;
    const std::size_t used = parser_.put(boost::asio::buffer(input.data(), input.size()), error);
    if (error && error != beast_http::error::need_more) return std::unexpected(to_error(error));
    const std::string_view rest = input.substr(used);
    if (complete()) return bytes.size() - rest.size();
    if (rest.size() > kMaxChunkLine) {
      return std::unexpected(
          RequestError{.status = 400, .code = ErrorCode::invalid_argument, .why = "chunk header or trailer too long"});
    }
    pending_ = std::string(rest);
    return bytes.size();
  }

  HeadScanner scanner_;
  BeastParser parser_;
  std::size_t skipped_ = 0;
  // The head as far as it has arrived; a part of a chunk's line.
  std::string head_;
  std::string pending_;
  bool expects_continue_ = false;
};

RequestParser::RequestParser(const RequestLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

std::expected<std::size_t, RequestError> RequestParser::feed(std::string_view bytes) { return impl_->feed(bytes); }
bool RequestParser::complete() const { return impl_->complete(); }
bool RequestParser::take_expects_continue() { return impl_->take_expects_continue(); }
Request RequestParser::take() { return impl_->take(); }

}  // namespace hongyan::http
