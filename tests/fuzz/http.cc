// The HTTP edge: request parser, query strings and percent-encoding. Cuts must not change what is read.
#include <string>

#include "infra/http/query.h"
#include "infra/http/request_parser.h"
#include "input.h"

namespace hongyan {
namespace {

// What came of the first request, as text to compare.
std::string parse(std::string_view bytes, std::size_t piece) {
  http::RequestParser parser({.max_headers = 20, .max_header_bytes = 2048, .max_body_bytes = 4096});
  std::size_t used = 0;
  while (used < bytes.size() && !parser.complete()) {
    const auto taken = parser.feed(bytes.substr(used, piece));
    if (!taken) return "refused " + std::to_string(taken.error().status);
    fuzz::require(*taken <= piece, "not more is taken than was given");
    used += *taken;
    parser.take_expects_continue();
    if (*taken == 0 && !parser.complete()) return "refused to go on";
  }
  if (!parser.complete()) return "incomplete";
  const http::Request request = parser.take();
  fuzz::require(request.body.size() <= 4096, "a body is within its limit");
  fuzz::require(request.path == "*" || request.path.starts_with("/"), "a path begins with a slash");
  fuzz::require(request.path.find("/../") == std::string::npos, "no path climbs");
  std::string text = std::to_string(used) + " " + request.method_text + " " + request.path + "?" + request.query;
  for (const auto& field : request.headers) text += "\n" + field.name + ": " + field.value;
  return text + "\n\n" + request.body;
}

}  // namespace
}  // namespace hongyan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  fuzz::Input input(data, size);
  const std::size_t piece = 1 + input.byte() % 64;
  const std::string_view bytes = input.rest();
  const std::string whole = parse(bytes, bytes.size() + 1);
  const std::string cut = parse(bytes, piece);
  // Either way may notice what is wrong earlier; what is accepted must be the same, and accepted by both.
  const auto accepted = [](std::string_view outcome) {
    return outcome != "incomplete" && !outcome.starts_with("refused");
  };
  fuzz::require(accepted(whole) == accepted(cut), "cuts refuse nothing and admit nothing");
  if (accepted(whole)) fuzz::require(whole == cut, "cuts change nothing");
  (void)http::Query::parse(bytes);
  if (const auto decoded = http::percent_decode(bytes)) {
    fuzz::require(decoded->size() <= bytes.size(), "decoding never grows");
  }
  return 0;
}
