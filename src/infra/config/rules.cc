#include "infra/config/rules.h"

namespace hongyan::config {

void Rules::between(std::string_view key, std::int64_t value, std::int64_t low, std::int64_t high) {
  must_be(std::to_string(low) + " to " + std::to_string(high), key, value >= low && value <= high);
}

void Rules::between(std::string_view key, std::chrono::milliseconds value, std::chrono::milliseconds low,
                    std::chrono::milliseconds high) {
  between(key, value.count(), low.count(), high.count());
}

void Rules::at_least(std::string_view key, std::int64_t value, std::int64_t low) {
  must_be("at least " + std::to_string(low), key, value >= low);
}

void Rules::must_be(std::string_view what, std::string_view key, bool is_so) {
  if (!is_so) refuse(name_of(key) + " must be " + std::string(what));
}

void Rules::refuse(std::string problem) { problems_.push_back(std::move(problem)); }

std::string Rules::name_of(std::string_view key) const { return section_ + "." + std::string(key); }

}  // namespace hongyan::config
