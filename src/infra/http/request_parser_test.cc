#include "infra/http/request_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace hongyan::http {
namespace {

using namespace std::string_literals;

// Feeds `bytes`, which may hold several requests, in pieces of the given sizes, and writes down what comes out.
std::vector<std::string> parse(std::string_view bytes, const std::vector<std::size_t>& sizes = {},
                               const RequestLimits& limits = {}) {
  std::vector<std::string> out;
  RequestParser parser(limits);
  bool fresh = true;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t size = std::min(bytes.size(), i < sizes.size() ? sizes[i] : bytes.size());
    std::string_view piece = bytes.substr(0, size);
    bytes.remove_prefix(size);
    while (!piece.empty()) {
      const auto taken = parser.feed(piece);
      if (!taken) {
        out.push_back(fmt::format("{} {}", taken.error().status, taken.error().why));
        return out;
      }
      piece.remove_prefix(*taken);
      fresh = false;
      if (!parser.complete()) continue;
      const Request request = parser.take();
      out.push_back(fmt::format("{} {}?{} [{}]{}", method_name(request.method), request.path, request.query,
                                request.body, request.keep_alive ? "" : " close"));
      parser = RequestParser(limits);
      fresh = true;
    }
  }
  if (!fresh) out.emplace_back("unfinished");
  return out;
}

std::vector<std::string> parse_bytewise(std::string_view bytes) {
  return parse(bytes, std::vector<std::size_t>(bytes.size(), 1));
}

std::string get_request(std::string_view target, std::string_view fields = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n", target, fields);
}

std::string post(std::string_view fields, std::string_view body) {
  return fmt::format("POST /p HTTP/1.1\r\nHost: a\r\n{}\r\n{}", fields, body);
}

struct Case {
  std::string bytes;
  std::string expected;
};

std::vector<Case> good_cases() {
  return {
      {get_request("/"), "GET /? []"},
      {get_request("/a/b?c=d&e=%20"), "GET /a/b?c=d&e=%20 []"},
      {"\r\n" + get_request("/"), "GET /? []"},
      {get_request("http://a.example/x?y=1"), "GET /x?y=1 []"},
      {get_request("HTTPS://a.example"), "GET /? []"},
      {get_request("http://a.example?q"), "GET /?q []"},
      {get_request("/a..b/..c/.d/e."), "GET /a..b/..c/.d/e.? []"},
      {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS *? []"},
      {"GET / HTTP/1.0\r\n\r\n", "GET /? [] close"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /? []"},
      {get_request("/", "Connection: close\r\n"), "GET /? [] close"},
      {"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "OTHER /pot? []"},
      {post("Content-Length: 5\r\n", "hello"), "POST /p? [hello]"},
      {post("Content-Length: 0\r\n", ""), "POST /p? []"},
      {post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n6;ext=\"v\"\r\n world\r\n0\r\n\r\n"),
       "POST /p? [hello world]"},
      {post("transfer-encoding: Chunked\r\n", "1\r\na\r\n0\r\nTrailer: x\r\nContent-Type: y\r\n\r\n"), "POST /p? [a]"},
      {post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), "POST /p? []"},
  };
}

std::vector<Case> bad_heads() {
  return {
      {"\x16\x03\x01\x02", "400 control character in the head"},
      {"\r\r\n", "400 malformed request"},
      {"\r\n\r\n", "400 empty request line"},
      {"{\"json\":1}\r\n\r\n", "400 line does not begin with a token"},
      {"GET\r\n\r\n", "400 malformed request"},
      {"GET / FOO/1.1\r\nHost: a\r\n\r\n", "400 malformed request"},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 only HTTP/1.1 is spoken"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 only HTTP/1.1 is spoken"},
      {"GET / HTTP/1.1\r\n\r\n", "400 exactly one Host is needed"},
      {get_request("/", "Host: b\r\n"), "400 exactly one Host is needed"},
      {get_request("/", "No colon\r\n"), "400 malformed request"},
      {get_request("/", "Space : before colon\r\n"), "400 malformed request"},
      {get_request("/", "X: a\r\n folded\r\n"), "400 line does not begin with a token"},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400 line does not begin with a token"},
      {get_request("/", "X: a\rb\r\n"), "400 carriage return inside a line"},
      {"GET / HTTP/1.1\nHost: a\n\n", "400 line feed without carriage return"},
      {get_request("/", "X: a\0b\r\n"s), "400 control character in the head"},
      {get_request("/", "X: a\x7F\r\n"), "400 control character in the head"},
      {get_request("a/b"), "400 target is neither a path nor a URL"},
      {get_request("*"), "400 target is neither a path nor a URL"},
      {get_request("http://"), "400 target is neither a path nor a URL"},
      {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "400 target is neither a path nor a URL"},
      {get_request("/a#b"), "400 character not allowed in the target"},
      {get_request("/a\\b"), "400 character not allowed in the target"},
      {get_request("/\xE9\x9B\x81"), "400 character not allowed in the target"},
      {get_request("/a/../b"), "400 dot segment in the path"},
      {get_request("/.."), "400 dot segment in the path"},
      {get_request("/a/%2e%2E/b"), "400 dot segment in the path"},
      {get_request("/a/./b"), "400 dot segment in the path"},
      {get_request("http://a/../etc"), "400 dot segment in the path"},
      {get_request("/a%2fb"), "400 separator or control character in a path segment"},
      {get_request("/a%5cb"), "400 separator or control character in a path segment"},
      {get_request("/a%00"), "400 separator or control character in a path segment"},
      {get_request("/a%0d%0ab"), "400 separator or control character in a path segment"},
      {get_request("/%zz"), "400 broken percent-encoding in the path"},
      {get_request("/" + std::string(17'000, 'a')), "431 head too large"},
      {get_request("/", "X: " + std::string(17'000, 'a') + "\r\n"), "431 head too large"},
  };
}

std::vector<Case> bad_bodies() {
  return {
      {post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), "400 malformed request"},
      {post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), "400 repeated Content-Length"},
      {post("Content-Length: 5, 5\r\n", "hello"), "400 list of lengths"},
      {post("Content-Length: -1\r\n", ""), "400 malformed request"},
      {post("Content-Length: 0x5\r\n", "hello"), "400 malformed request"},
      {post("Content-Length: 99999999999999999999\r\n", ""), "400 malformed request"},
      {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400 malformed request"},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), "400 malformed request"},
      {post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", ""), "400 Content-Length with Transfer-Encoding"},
      {post("Transfer-Encoding: gzip, chunked\r\n", ""), "501 transfer coding not known"},
      {post("Transfer-Encoding: xchunked\r\n", ""), "501 transfer coding not known"},
      {post("Transfer-Encoding: chunked, identity\r\n", ""), "501 transfer coding not known"},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""), "400 malformed request"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400 Transfer-Encoding not allowed here"},
      {post("Transfer-Encoding: chunked\r\n", "zzzz\r\n"), "400 malformed request"},
      {post("Transfer-Encoding: chunked\r\n", "5\r\nhelloXXXXX"), "400 malformed request"},
      {post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), "400 malformed request"},
      {post("Transfer-Encoding: chunked\r\n", "ffffffffff\r\n"), "413 body too large"},
      {post("Content-Length: 1048577\r\n", ""), "413 body too large"},
      {post("Expect: miracles\r\n", ""), "417 expectation not known"},
  };
}

std::vector<Case> bad_cases() {
  std::vector<Case> all = bad_heads();
  std::ranges::copy(bad_bodies(), std::back_inserter(all));
  return all;
}

TEST(RequestParser, ReadsRequests) {
  for (const Case& c : good_cases()) {
    EXPECT_EQ(parse(c.bytes), std::vector{c.expected}) << c.bytes;
    EXPECT_EQ(parse_bytewise(c.bytes), std::vector{c.expected}) << c.bytes;
  }
}

TEST(RequestParser, RefusesWhatIsMalformedOrAmbiguous) {
  for (const Case& c : bad_cases()) {
    EXPECT_EQ(parse(c.bytes), std::vector{c.expected}) << c.bytes.substr(0, 100);
    EXPECT_EQ(parse_bytewise(c.bytes), std::vector{c.expected}) << c.bytes.substr(0, 100);
  }
}

TEST(RequestParser, CountsHeaders) {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "X: y\r\n";
  EXPECT_EQ(parse(get_request("/", fields)), std::vector{"GET /? []"s}) << "with Host these are a hundred";
  EXPECT_EQ(parse(get_request("/", fields + "X: y\r\n")), std::vector{"431 too many headers"s});
}

TEST(RequestParser, TakesOneRequestAtATime) {
  std::string all;
  std::vector<std::string> expected;
  for (const Case& c : good_cases()) {
    all += c.bytes;
    expected.push_back(c.expected);
  }
  EXPECT_EQ(parse(all), expected);
}

TEST(RequestParser, BoundsTheBodyAndTheChunkLines) {
  const RequestLimits limits{.max_headers = 10, .max_header_bytes = 1000, .max_body_bytes = 10};
  EXPECT_EQ(parse(post("Content-Length: 10\r\n", "0123456789"), {}, limits), std::vector{"POST /p? [0123456789]"s});
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n5\r\n"), {}, limits),
            std::vector{"413 body too large"s});
  const std::string endless = "1;" + std::string(5000, 'x');
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", endless), {}, limits),
            std::vector{"400 chunk header or trailer too long"s});
  const std::string trailer = "0\r\nX: " + std::string(5000, 'x');
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", trailer), {}, limits),
            std::vector{"400 chunk header or trailer too long"s});
}

TEST(RequestParser, SaysOnceThatAContinueIsAwaited) {
  RequestParser parser(RequestLimits{});
  const std::string head = post("Content-Length: 2\r\nExpect: 100-Continue\r\n", "");
  ASSERT_EQ(parser.feed(head), head.size());
  EXPECT_TRUE(parser.take_expects_continue());
  EXPECT_FALSE(parser.take_expects_continue());
  ASSERT_EQ(parser.feed("hi"), 2U);
  EXPECT_TRUE(parser.complete());
}

TEST(RequestParser, KeepsHeadersAndDropsTrailers) {
  RequestParser parser(RequestLimits{});
  const std::string bytes = post("X-One:  spaced value \r\nTransfer-Encoding: chunked\r\n", "0\r\nX-Two: 2\r\n\r\n");
  ASSERT_EQ(parser.feed(bytes), bytes.size());
  const Request request = parser.take();
  EXPECT_EQ(request.headers.get("x-one"), "spaced value");
  EXPECT_FALSE(request.headers.find("X-Two").has_value());
}

// A request of the tables with a few bytes changed, removed or doubled.
rc::Gen<std::string> almost_requests() {
  std::vector<std::string> all;
  for (const Case& c : good_cases()) all.push_back(c.bytes);
  for (const Case& c : bad_cases()) {
    if (c.bytes.size() < 1000) all.push_back(c.bytes);
  }
  return rc::gen::mapcat(rc::gen::elementOf(all), [](const std::string& bytes) {
    const auto edit = rc::gen::tuple(rc::gen::inRange<std::size_t>(0, bytes.size()), rc::gen::inRange(0, 3),
                                     rc::gen::elementOf("\r\n\t :;,0159afGz%./\0\x80"s));
    return rc::gen::map(rc::gen::container<std::vector<std::tuple<std::size_t, int, char>>>(edit),
                        [bytes](const std::vector<std::tuple<std::size_t, int, char>>& edits) {
                          std::string changed = bytes;
                          for (const auto& [at, kind, byte] : edits) {
                            if (at >= changed.size()) continue;
                            if (kind == 0) changed[at] = byte;
                            if (kind == 1) changed.erase(at, 1);
                            if (kind == 2) changed.insert(at, 1, byte);
                          }
                          return changed;
                        });
  });
}

TEST(RequestParser, AnySplitOfAnyInputGivesTheSame) {
  EXPECT_TRUE(rc::check([] {
    const std::string bytes = *almost_requests();
    const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 30));
    RC_ASSERT(parse(bytes, sizes) == parse(bytes));
  }));
}

}  // namespace
}  // namespace hongyan::http
