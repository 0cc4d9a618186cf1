#include "infra/config/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

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

}  // namespace

Result<void> Values::read_file(const std::string& path) {
  try {
    const toml::table root = toml::parse_file(path);
    for (const auto& [section, node] : root) {
      const toml::table* table = node.as_table();
      if (table == nullptr)
        return fail(ErrorCode::invalid_argument,
                    path + ": " + std::string(section.str()) + " stands outside a [section]");
      for (const auto& [key, value] : *table) {
        const toml::array* list = value.as_array();
        auto text = list == nullptr ? plain_text(value) : list_text(*list);
        if (!text)
          return fail(ErrorCode::invalid_argument, path + ": " + std::string(section.str()) + "." +
                                                       std::string(key.str()) + " " + text.error().detail);
        set(std::string(section.str()), std::string(key.str()), std::move(*text), path, list != nullptr);
      }
    }
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << path << ":" << error.source().begin.line << ": " << error.description();
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

const Setting* Binder::find(std::string_view key, std::string_view) {
  known_.emplace(key);
  if (given_ == nullptr) return nullptr;
  const auto found = given_->find(std::string(key));
  return found == given_->end() ? nullptr : &found->second;
}

const Setting* Binder::find_one(std::string_view key, std::string_view doc) {
  const Setting* given = find(key, doc);
  if (given == nullptr || !given->is_list) return given;
  refuse(key, *given, "one value, not a list");
  return nullptr;
}

void Binder::refuse(std::string_view key, const Setting& setting, std::string_view wanted) {
  problems_.push_back(section_ + "." + std::string(key) + " (" + setting.origin + ") must be " + std::string(wanted));
}

void Binder::field(std::string_view key, std::string& value, std::string_view doc) {
  if (const Setting* given = find_one(key, doc)) value = given->text;
}

void Binder::field(std::string_view key, std::int64_t& value, std::string_view doc) {
  const Setting* given = find_one(key, doc);
  if (given == nullptr) return;
  const char* end = given->text.data() + given->text.size();
  const auto [stopped, problem] = std::from_chars(given->text.data(), end, value);
  if (problem != std::errc() || stopped != end || given->text.empty()) refuse(key, *given, "an integer");
}

void Binder::field(std::string_view key, bool& value, std::string_view doc) {
  const Setting* given = find_one(key, doc);
  if (given == nullptr) return;
  if (given->text != "true" && given->text != "false") return refuse(key, *given, "true or false");
  value = given->text == "true";
}

void Binder::field(std::string_view key, std::chrono::milliseconds& value, std::string_view doc) {
  std::int64_t count = value.count();
  field(key, count, doc);
  value = std::chrono::milliseconds(count);
}

void Binder::field(std::string_view key, std::vector<std::string>& value, std::string_view doc) {
  const Setting* given = find(key, doc);
  if (given == nullptr) return;
  value.clear();
  std::istringstream items(given->text);
  for (std::string item; std::getline(items >> std::ws, item, ',');) {
    item.erase(item.find_last_not_of(' ') + 1);
    value.push_back(std::move(item));
  }
}

std::vector<std::string> Binder::problems() const {
  std::vector<std::string> all = problems_;
  if (given_ == nullptr) return all;
  for (const auto& [key, setting] : *given_) {
    if (!known_.contains(key)) all.push_back(section_ + "." + key + " (" + setting.origin + ") is no known key");
  }
  return all;
}

}  // namespace hongyan::config
