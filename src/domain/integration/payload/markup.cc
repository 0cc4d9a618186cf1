#include "domain/integration/payload/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hongyan::integration::payload {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 3> kEntities{{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kMail = "mailto:";
constexpr std::string_view kPhone = "tel:";

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// Whether it begins like "https://" or "mailto:"; what merely stands between < and >, a host and its port for instance, does not.
bool is_address(std::string_view text) {
  if (text.starts_with(kMail) || text.starts_with(kPhone)) return true;
  const std::size_t colon = text.find("://");
  return colon != std::string_view::npos && colon > 0 &&
         std::ranges::all_of(text.substr(0, colon), is_scheme_character);
}

// What stands between < and > when it is no link: "@U123", "#C123|general", "!here", "!date^...|fallback".
std::string mention(std::string_view target, std::string_view label) {
  const char kind = target.front();
  target.remove_prefix(1);
  if (kind == '!') {
    if (!label.empty()) return decoded(label);
    return "@" + decoded(target.substr(0, target.find('^')));
  }
  const std::string name = decoded(label.empty() ? target : label);
  return name.starts_with(kind) ? name : kind + name;
}

// The text of one <...>; empty when it is none, and stands there for itself.
std::string reference(std::string_view inside) {
  const std::size_t bar = std::min(inside.find('|'), inside.size());
  const std::string_view target = inside.substr(0, bar);
  const std::string_view label = inside.substr(std::min(bar + 1, inside.size()));
  if (target.size() > 1 && std::string_view("@#!").contains(target.front())) return mention(target, label);
  if (is_address(target)) return link(decoded(label), decoded(target));
  return {};
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

}  // namespace

std::string decoded(std::string_view text) {
  std::string plain_text;
  while (!text.empty()) {
    const auto* const entity =
        std::ranges::find_if(kEntities, [text](const auto& one) { return text.starts_with(one.first); });
    if (entity == kEntities.end()) {
      plain_text += text.front();
      text.remove_prefix(1);
    } else {
      plain_text += entity->second;
      text.remove_prefix(entity->first.size());
    }
  }
  return plain_text;
}

std::string plain(std::string_view marked) {
  std::string text;
  while (!marked.empty()) {
    const std::size_t open = std::min(marked.find('<'), marked.size());
    text += decoded(marked.substr(0, open));
    marked.remove_prefix(open);
    if (marked.empty()) break;
    // A reference ends before the next one begins.
    const std::size_t end = marked.find_first_of("<>\n", 1);
    const bool closed = end != std::string_view::npos && marked[end] == '>';
    const std::string found = closed ? reference(marked.substr(1, end - 1)) : std::string();
    if (found.empty())
      text += '<';
    else
      text += found;
    marked.remove_prefix(found.empty() ? 1 : end + 1);
  }
  return text;
}

std::string link(std::string_view text, std::string_view url) {
  if (url.empty() || text == url) return std::string(text);
  if (url.starts_with(kMail) && (text.empty() || text == url.substr(kMail.size()))) {
    return std::string(url.substr(kMail.size()));
  }
  return text.empty() ? std::string(url) : fmt::format("{} ({})", text, url);
}

std::string cleaned(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    if (!control) clean += c;
  }
  clean.erase(clean.begin(), std::ranges::find_if_not(clean, is_blank));
  while (!clean.empty() && is_blank(clean.back())) clean.pop_back();
  return clean;
}

std::string cut(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes < kEllipsis.size() ? 0 : max_bytes - kEllipsis.size();
  // Not inside a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return max_bytes < kEllipsis.size() ? text : text.append(kEllipsis);
}

}  // namespace hongyan::integration::payload
