// The configuration file: whatever it holds, it is refused with a reason or its print is read as the same.
#include <string>

#include "app/settings.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  const fuzz::Input input(data, size);
  config::Values values;
  if (const auto read = values.read_toml(input.rest(), "fuzz.toml"); !read) {
    fuzz::require(!read.error().detail.empty(), "a refusal has a reason");
    return 0;
  }
  std::vector<std::string> problems;
  app::check_settings(values, problems);
  if (!problems.empty()) return 0;
  const std::string printed = app::to_toml(values);
  config::Values again;
  fuzz::require(again.read_toml(printed, "printed.toml").has_value(), "what is printed can be read");
  app::check_settings(again, problems);
  fuzz::require(problems.empty(), "what is printed is valid");
  for (const auto& [section, keys] : values.sections()) {
    for (const auto& [key, setting] : keys) {
      fuzz::require(again.sections().at(section).at(key).text == setting.text ||
                        setting.text.find_first_not_of("0123456789+-") == std::string::npos,
                    "what is printed is the same");
    }
  }
  return 0;
}
