// Configuration: one struct a module with defaults and validate(), filled from TOML, environment and command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/registry.h"
#include "base/result.h"
#include "infra/config/rules.h"

namespace hongyan::config {

// One value as text, and where it came from ("hongyan.toml", "HONGYAN_HTTP_PORT", "--http-port", "default").
struct Setting {
  std::string text;
  std::string origin;
  // Several values, joined by commas, as the environment and the command line write them.
  bool is_list = false;
};

// All values that were given, later origins over earlier ones. Value type.
class Values {
 public:
  // Reads a TOML file of sections with plain values and lists of strings. Errors: invalid_argument with file, line and reason.
  Result<void> read_file(const std::string& path);
  // The same from text; `origin` is what errors name.
  Result<void> read_toml(std::string_view text, const std::string& origin);
  // Takes HONGYAN_SECTION_KEY for every section of `sections`.
  void read_environment(const std::set<std::string>& sections);
  // One value from the command line.
  void set(const std::string& section, const std::string& key, std::string text, std::string origin,
           bool is_list = false);

  const std::map<std::string, std::map<std::string, Setting>>& sections() const { return sections_; }

 private:
  std::map<std::string, std::map<std::string, Setting>> sections_;
};

// One key of a section as it stands after a load.
struct Field {
  std::string key;
  // As TOML writes it: 8080, true, "text".
  std::string value;
  std::string default_value;
  // Where the value came from, "default" when it was not given.
  std::string origin;
  std::string doc;
};

// Fills the fields of one section and notes which keys exist. Lives during one load.
class Binder {
 public:
  Binder(std::string section, const std::map<std::string, Setting>* given)
      : section_(std::move(section)), given_(given) {}

  // Each leaves the default when the key was not given, and notes a problem when its text does not fit.
  void field(std::string_view key, std::string& value, std::string_view doc);
  void field(std::string_view key, std::int64_t& value, std::string_view doc);
  void field(std::string_view key, bool& value, std::string_view doc);
  // Written as integer milliseconds; the key ends with _ms.
  void field(std::string_view key, std::chrono::milliseconds& value, std::string_view doc);

  // A TOML list of strings, elsewhere values with commas between them; none may hold a comma.
  void field(std::string_view key, std::vector<std::string>& value, std::string_view doc);

  // Keys that were given but do not exist, and texts that do not fit, one line each.
  std::vector<std::string> problems() const;
  // All keys in the order of bind().
  const std::vector<Field>& fields() const { return fields_; }

 private:
  template <class T>
  void take(std::string_view key, T& value, std::string_view doc);

  std::string section_;
  const std::map<std::string, Setting>* given_;
  std::vector<std::string> problems_;
  std::vector<Field> fields_;
};

// A section: `static constexpr std::string_view kSection`, `void bind(Binder&)`, `void validate(Rules&) const`.
template <class S>
concept Section = requires(S section, const S& filled, Binder& binder, Rules& rules) {
  { S::kSection } -> std::convertible_to<std::string_view>;
  section.bind(binder);
  filled.validate(rules);
};

// What is wrong with the values of `section`.
template <Section S>
std::vector<std::string> problems_of(const S& section) {
  Rules rules{std::string(S::kSection)};
  section.validate(rules);
  return rules.problems();
}

// Fills S from `values`, appending what is wrong to `problems`.
template <Section S>
S load(const Values& values, std::vector<std::string>& problems) {
  S section;
  const auto given = values.sections().find(std::string(S::kSection));
  Binder binder{std::string(S::kSection), given == values.sections().end() ? nullptr : &given->second};
  section.bind(binder);
  auto found = binder.problems();
  // Rules over values that could not even be read would only repeat the complaint.
  if (found.empty()) found = problems_of(section);
  problems.insert(problems.end(), found.begin(), found.end());
  return section;
}

// Every key of S with what it is set to by `values`, which must be free of problems.
template <Section S>
std::vector<Field> describe(const Values& values) {
  S section;
  const auto given = values.sections().find(std::string(S::kSection));
  Binder binder{std::string(S::kSection), given == values.sections().end() ? nullptr : &given->second};
  section.bind(binder);
  return binder.fields();
}

// The configuration in the registry. Every section has been checked before modules are built, so section<S>() cannot fail.
class Module final : public hongyan::Module {
 public:
  explicit Module(Values values) : values_(std::move(values)) {}

  template <Section S>
  S section() const {
    std::vector<std::string> problems;
    S loaded = load<S>(values_, problems);
    if (!problems.empty()) throw std::runtime_error(problems.front());
    return loaded;
  }

 private:
  Values values_;
};

}  // namespace hongyan::config
