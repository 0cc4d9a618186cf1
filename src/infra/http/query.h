// Percent-decoding and query strings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hongyan::http {

// `text` with each %XX replaced. Nothing when a "%" is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

// The parameters of a query string, decoded ("+" is a space). Names may repeat.
class Query {
 public:
  // Nothing when the encoding is broken or there are more than 100 parameters. "a&b=" gives two empty values.
  static std::optional<Query> parse(std::string_view raw);

  // The first value of `name`.
  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;

  std::size_t size() const { return items_.size(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

}  // namespace hongyan::http
