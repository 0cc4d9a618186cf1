#include "infra/config/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ranges>
#include <sstream>
#include <utility>

#include "base/numbers.h"

extern char** environ;

namespace hongyan::config {
namespace {

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return out;
}

Result<std::string> plain_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* boolean = node.as_boolean()) return std::string(boolean->get() ? "true" : "false");
  return fail(ErrorCode::invalid_argument, "must be a string, an integer, a boolean or a list of strings");
}

Result<std::string> list_text(const toml::array& list) {
  std::string joined;
  for (const toml::node& node : list) {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().contains(',')) {
      return fail(ErrorCode::invalid_argument, "must be a list of strings without commas");
    }
    if (!joined.empty()) joined.push_back(',');
    joined += text->get();
  }
  return joined;
}

// A line that opens a section: `[name]`, and nothing after it but a remark.
bool is_section_line(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t end = line.find(']');
  if (end == 1 || end == std::string_view::npos) return false;
  const bool plain = std::ranges::all_of(line.substr(1, end - 1), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  const std::size_t rest = line.find_first_not_of(kBlank, end + 1);
  return plain && (rest == std::string_view::npos || line[rest] == '#');
}

// Whether there is anything but ASCII before the remark and outside of quotes, a brace, or quotes where no text can begin:
// to toml++ those are part of a word that goes on.
bool misleads_toml(std::string_view line) {
  constexpr std::string_view kBeforeText = "=,[";
  constexpr char kWord = 'w';
  char quote = 0;
  char before = '=';  // what is not blank; a line may begin with text
  bool assigned = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
      continue;
    }
    if (c == '#') return false;
    if (static_cast<unsigned char>(c) >= 0x80 || c == '{' || c == '}') return true;
    if (c == ' ' || c == '\t') continue;
    const bool text_may_begin = kBeforeText.contains(before);
    const bool begins_text = c == '"' || c == '\'';
    if (begins_text && !text_may_begin) return true;
    if (begins_text) quote = c;
    const bool in_word = (c == '=' && std::exchange(assigned, true)) || (c == '[' && !text_may_begin);
    before = in_word ? kWord : c;
  }
  return false;
}

// What is wrong with the line, empty for nothing. Looked for beforehand because of what is undefined behaviour in toml++ 3.3:
// it takes it for granted that a name follows "[" (marzer/tomlplusplus#294) and that no value of a list begins with "}", and
// its test for Unicode blanks has no answer for most letters, which it is asked about outside of quotes.
std::string_view problem_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.starts_with('[') && !is_section_line(line)) return "a line that begins with a bracket must be a [section]";
  // Without them a line tells by itself what is in quotes.
  for (const std::string_view quotes : {"\"\"\"", "'''"}) {
    if (line.contains(quotes)) return "text of several lines is not supported";
  }
  return misleads_toml(line) ? "text must be in quotes" : "";
}

// Each reads `text` into `value` and answers what it should have been, or nothing when it fits.
std::string_view read(const std::string& text, std::string& value) {
  value = text;
  return {};
}

std::string_view read(const std::string& text, std::int64_t& value) {
  const auto number = number_from<std::int64_t>(text);
  if (number) value = *number;
  return number ? "" : "an integer";
}

std::string_view read(const std::string& text, bool& value) {
  if (text != "true" && text != "false") return "true or false";
  value = text == "true";
  return {};
}

std::string_view read(const std::string& text, std::chrono::milliseconds& value) {
  std::int64_t count = 0;
  const std::string_view wanted = read(text, count);
  if (wanted.empty()) value = std::chrono::milliseconds(count);
  return wanted;
}

std::string_view read(const std::string& text, std::vector<std::string>& value) {
  value.clear();
  std::istringstream items(text);
  for (std::string item; std::getline(items >> std::ws, item, ',');) {
    item.erase(item.find_last_not_of(' ') + 1);
    value.push_back(std::move(item));
  }
  return {};
}

std::string toml_text(const std::string& value) {
  std::ostringstream out;
  // Without literal strings: one form of quotes for all.
  out << toml::toml_formatter(toml::value<std::string>(value), toml::format_flags::allow_unicode_strings);
  return std::move(out).str();
}

std::string toml_text(std::int64_t value) { return std::to_string(value); }
std::string toml_text(bool value) { return value ? "true" : "false"; }
std::string toml_text(std::chrono::milliseconds value) { return std::to_string(value.count()); }

std::string toml_text(const std::vector<std::string>& value) {
  std::string text;
  for (const std::string& item : value) text += (text.empty() ? "" : ", ") + toml_text(item);
  return "[" + text + "]";
}

}  // namespace

Result<void> Values::read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return fail(ErrorCode::invalid_argument, path + ": cannot be read");
  return read_toml(text, path);
}

Result<void> Values::read_toml(std::string_view text, const std::string& origin) {
  std::size_t number = 0;
  for (const auto part : std::views::split(text, '\n')) {
    ++number;
    if (const auto problem = problem_of(std::string_view(part)); !problem.empty()) {
      return fail(ErrorCode::invalid_argument, fmt::format("{}:{}: {}", origin, number, problem));
    }
  }
  try {
    const toml::table root = toml::parse(text, origin);
    for (const auto& [section, node] : root) {
      const toml::table* table = node.as_table();
      if (table == nullptr)
        return fail(ErrorCode::invalid_argument,
                    origin + ": " + std::string(section.str()) + " stands outside a [section]");
      for (const auto& [key, value] : *table) {
        const toml::array* list = value.as_array();
        auto given = list == nullptr ? plain_text(value) : list_text(*list);
        if (!given)
          return fail(ErrorCode::invalid_argument, origin + ": " + std::string(section.str()) + "." +
                                                       std::string(key.str()) + " " + given.error().detail);
        set(std::string(section.str()), std::string(key.str()), std::move(*given), origin, list != nullptr);
      }
    }
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << origin << ":" << error.source().begin.line << ": " << error.description();
    return fail(ErrorCode::invalid_argument, std::move(where).str());
  }
  return {};
}

void Values::read_environment(const std::set<std::string>& sections) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view pair(*entry);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    for (const std::string& section : sections) {
      const std::string prefix = "HONGYAN_" + upper(section) + "_";
      if (!name.starts_with(prefix)) continue;
      set(section, lower(name.substr(prefix.size())), std::string(pair.substr(equals + 1)), std::string(name));
    }
  }
}

void Values::set(const std::string& section, const std::string& key, std::string text, std::string origin,
                 bool is_list) {
  sections_[section][key] = Setting{.text = std::move(text), .origin = std::move(origin), .is_list = is_list};
}

template <class T>
void Binder::take(std::string_view key, T& value, std::string_view doc) {
  Field field{std::string(key), {}, toml_text(value), "default", std::string(doc)};
  if (given_ != nullptr && given_->contains(field.key)) {
    const Setting& given = given_->at(field.key);
    field.origin = given.origin;
    const bool is_list = std::is_same_v<T, std::vector<std::string>>;
    const std::string_view wanted = given.is_list && !is_list ? "one value, not a list" : read(given.text, value);
    if (!wanted.empty()) {
      problems_.push_back(section_ + "." + field.key + " (" + field.origin + ") must be " + std::string(wanted));
    }
  }
  field.value = toml_text(value);
  fields_.push_back(std::move(field));
}

void Binder::field(std::string_view key, std::string& value, std::string_view doc) { take(key, value, doc); }

void Binder::field(std::string_view key, std::int64_t& value, std::string_view doc) { take(key, value, doc); }

void Binder::field(std::string_view key, bool& value, std::string_view doc) { take(key, value, doc); }

void Binder::field(std::string_view key, std::chrono::milliseconds& value, std::string_view doc) {
  take(key, value, doc);
}

void Binder::field(std::string_view key, std::vector<std::string>& value, std::string_view doc) {
  take(key, value, doc);
}

std::vector<std::string> Binder::problems() const {
  std::vector<std::string> all = problems_;
  if (given_ == nullptr) return all;
  for (const auto& [key, setting] : *given_) {
    if (std::ranges::find(fields_, key, &Field::key) == fields_.end())
      all.push_back(section_ + "." + key + " (" + setting.origin + ") is no known key");
  }
  return all;
}

}  // namespace hongyan::config
