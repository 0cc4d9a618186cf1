// The form of a text in which words are looked up: what looks the same to people is the same in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hongyan::text {

enum class FormKind : std::uint8_t {
  // Not seen: left out of every form.
  hidden,
  // Blanks, punctuation and symbols, which people put into a word to disguise it.
  separator,
  // Ends a line or a sentence, and so every word.
  stop,
  // A letter or digit of a script that puts blanks between words.
  letter,
  // A character of one that does not: Chinese, kana, hangul.
  ideograph,
};

// A character of a form, and the bytes of the text for which it stands. Value type.
struct FormCharacter {
  char32_t code = 0;
  FormKind kind = FormKind::hidden;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Reads the form of a text, character by character. Full-width and half-width, upper and lower case are the same, and so are
// blanks of every kind and number; characters nobody sees and accents that stand by themselves are left out, and so are
// separators between two ideographs: 鸿·雁 is 鸿雁. Any bytes will do: one that is not UTF-8 is U+FFFD. The text must outlive it
// and have less than 2 GiB.
class FormReader {
 public:
  explicit FormReader(std::string_view text) : text_(text) {}

  // The next character; false at the end.
  bool next(FormCharacter& character);

 private:
  FormCharacter read_at(std::uint32_t begin) const;
  // Whether it is part of the form; goes on behind those that are not.
  bool is_kept(const FormCharacter& separator);
  // Where the separators that begin here end, and whether an ideograph comes then.
  bool joins_ideographs(std::uint32_t begin, std::uint32_t& end) const;

  std::string_view text_;
  std::uint32_t at_ = 0;
  // Separators before this are known to be part of the form.
  std::uint32_t kept_up_to_ = 0;
  FormKind last_kind_ = FormKind::stop;
  char32_t last_code_ = 0;
};

// The whole form.
std::u32string form_of(std::string_view text);

// What kind of character this is in a form.
FormKind kind_of(char32_t code);

}  // namespace hongyan::text
