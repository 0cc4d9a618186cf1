#include "infra/sql/mysql/statements.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hongyan::sql::mysql {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The end of the quoted text that begins at `begin`, behind its quote. A quote within is doubled, which is two texts in a row.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const std::size_t end = text.find(text[begin], begin + 1);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// The end of the comment that begins at `begin`, nothing when none does.
std::size_t end_of_comment(std::string_view text, std::size_t begin) {
  const std::string_view rest = text.substr(begin);
  if (rest.starts_with("--")) return std::min(text.find('\n', begin), text.size());
  if (rest.starts_with("/*")) {
    const std::size_t end = text.find("*/", begin + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  return begin;
}

bool is_quote(char c) { return c == '\'' || c == '"' || c == '`'; }

// The first word of `text`, which is taken off it.
std::string_view take_word(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  const auto end = std::ranges::find_if(text, [](char c) { return is_space(c) || c == '('; });
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::string with_names(std::string_view statement) {
  std::string named;
  named.reserve(statement.size() * 3 / 2);
  for (std::size_t i = 0; i < statement.size();) {
    const std::size_t end = is_quote(statement[i]) ? end_of_quoted(statement, i) : i + 1;
    if (statement[i] == '?') {
      named += ":p";
    } else {
      named += statement.substr(i, end - i);
    }
    i = end;
  }
  return named;
}

std::vector<std::string> split_script(std::string_view script) {
  std::vector<std::string> statements;
  std::string statement;
  const auto take = [&] {
    while (!statement.empty() && is_space(statement.back())) statement.pop_back();
    if (!statement.empty()) statements.push_back(statement);
    statement.clear();
  };
  for (std::size_t i = 0; i < script.size();) {
    if (const std::size_t end = end_of_comment(script, i); end != i) {
      i = end;
    } else if (script[i] == ';') {
      take();
      ++i;
    } else {
      const std::size_t behind = is_quote(script[i]) ? end_of_quoted(script, i) : i + 1;
      if (!statement.empty() || !is_space(script[i])) statement += script.substr(i, behind - i);
      i = behind;
    }
  }
  take();
  return statements;
}

bool commits_by_itself(std::string_view statement) {
  constexpr std::array<std::string_view, 5> kWords{"CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"};
  return std::ranges::find(kWords, take_word(statement)) != kWords.end();
}

std::string_view written_table(std::string_view statement) {
  const std::string_view first = take_word(statement);
  if (first == "UPDATE") return take_word(statement);
  for (std::string_view word = first; !word.empty(); word = take_word(statement)) {
    if (word == "INTO") return take_word(statement);
  }
  return {};
}

}  // namespace hongyan::sql::mysql
