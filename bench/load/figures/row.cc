#include "bench/load/figures/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hongyan::bench::load {
namespace {

double milliseconds(sockets::Nanos time) {
  return static_cast<double>(time) / static_cast<double>(sockets::kMillisecond);
}

}  // namespace

void Row::add(std::string_view name, std::string_view text, std::string_view json) {
  text_ += fmt::format("{}{}={}", text_.empty() ? "" : "  ", name, text);
  json_ += fmt::format("{}\"{}\":{}", json_.empty() ? "" : ",", name, json);
}

void Row::word(std::string_view name, std::string_view value) {
  // Some words are what a server has sent.
  std::string plain(value);
  std::ranges::replace_if(plain, [](char letter) { return letter == '"' || letter == '\\' || letter < ' '; }, '?');
  add(name, plain, fmt::format("\"{}\"", plain));
}

void Row::count(std::string_view name, std::uint64_t value) {
  const std::string digits = fmt::format("{}", value);
  add(name, digits, digits);
}

void Row::number(std::string_view name, double value, int digits) {
  const std::string text = fmt::format("{:.{}f}", value, digits);
  // JSON has no infinity.
  add(name, text, std::isfinite(value) ? text : "null");
}

void Row::latency(std::string_view name, const Percentiles& percentiles) {
  const auto [count, p50, p90, p99, p999, max] = percentiles;
  add(name,
      fmt::format("{:.3f}/{:.3f}/{:.3f}/{:.3f}/{:.3f}", milliseconds(p50), milliseconds(p90), milliseconds(p99),
                  milliseconds(p999), milliseconds(max)),
      fmt::format(R"({{"count":{},"p50":{:.4f},"p90":{:.4f},"p99":{:.4f},"p99.9":{:.4f},"max":{:.4f}}})", count,
                  milliseconds(p50), milliseconds(p90), milliseconds(p99), milliseconds(p999), milliseconds(max)));
}

}  // namespace hongyan::bench::load
