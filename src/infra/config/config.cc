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
  return fail(ErrorCode::invalid_argument, "must be a string, an integer or a boolean");
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
        auto text = plain_text(value);
        if (!text)
          return fail(ErrorCode::invalid_argument, path + ": " + std::string(section.str()) + "." +
                                                       std::string(key.str()) + " " + text.error().detail);
        set(std::string(section.str()), std::string(key.str()), std::move(*text), path);
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

void Values::set(const std::string& section, const std::string& key, std::string text, std::string origin) {
  sections_[section][key] = Setting{std::move(text), std::move(origin)};
}

const Setting* Binder::find(std::string_view key, std::string_view) {
  known_.emplace(key);
  if (given_ == nullptr) return nullptr;
  const auto found = given_->find(std::string(key));
  return found == given_->end() ? nullptr : &found->second;
}

void Binder::refuse(std::string_view key, const Setting& setting, std::string_view wanted) {
  problems_.push_back(section_ + "." + std::string(key) + " (" + setting.origin + ") must be " + std::string(wanted));
}

void Binder::field(std::string_view key, std::string& value, std::string_view doc) {
  if (const Setting* given = find(key, doc)) value = given->text;
}

void Binder::field(std::string_view key, std::int64_t& value, std::string_view doc) {
  const Setting* given = find(key, doc);
  if (given == nullptr) return;
  const char* end = given->text.data() + given->text.size();
  const auto [stopped, problem] = std::from_chars(given->text.data(), end, value);
  if (problem != std::errc() || stopped != end || given->text.empty()) refuse(key, *given, "an integer");
}

void Binder::field(std::string_view key, bool& value, std::string_view doc) {
  const Setting* given = find(key, doc);
  if (given == nullptr) return;
  if (given->text != "true" && given->text != "false") return refuse(key, *given, "true or false");
  value = given->text == "true";
}

void Binder::field(std::string_view key, std::chrono::milliseconds& value, std::string_view doc) {
  std::int64_t count = value.count();
  field(key, count, doc);
  value = std::chrono::milliseconds(count);
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
