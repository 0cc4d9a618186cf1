// The configuration file: whatever it holds, it is refused with a reason or its print is read as the same.
#include <algorithm>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "input.h"

namespace {

// The printed lines without the remarks on where values come from, which differ.
std::string values_of(std::string_view printed) {
  std::string lines;
  for (std::size_t begin = 0; begin < printed.size();) {
    const std::size_t end = std::min(printed.find('\n', begin), printed.size());
    const std::string_view line = printed.substr(begin, end - begin);
    lines.append(line.substr(0, line.rfind("  # "))).push_back('\n');
    begin = end + 1;
  }
  return lines;
}

}  // namespace

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
  fuzz::require(values_of(app::to_toml(again)) == values_of(printed), "what is printed is the same");
  return 0;
}
