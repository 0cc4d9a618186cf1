// Finds many words in a text at once (A. V. Aho, M. J. Corasick: Efficient String Matching, CACM 18, 1975).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/text/word_form.h"

namespace hongyan::text {

// What becomes of a text that holds a word. The numbers are stored.
enum class WordAction : std::uint8_t {
  // It stays as it is, and somebody is told.
  review = 0,
  // The word is made unreadable.
  mask = 1,
  // The text is refused.
  block = 2,
};
inline constexpr std::size_t kWordActions = 3;

struct Word {
  std::string text;
  WordAction action = WordAction::block;
};

// The form in which the word is looked for. Errors: invalid_argument naming `word` for one without a letter or ideograph and
// one of more than WordMatcher::kMaxCharacters.
Result<std::u32string> check_word(std::string_view word);

// A word in a text: its bytes, with whatever was put into it. Value type.
struct WordMatch {
  std::size_t begin = 0;
  std::size_t end = 0;
  WordAction action = WordAction::block;
  bool operator==(const WordMatch&) const = default;
};

// What was found in a text, or in several.
struct WordFinding {
  bool review = false;
  bool mask = false;
  bool block = false;

  bool nothing() const { return !review && !mask && !block; }
  WordFinding& operator|=(const WordFinding& other) {
    review |= other.review;
    mask |= other.mask;
    block |= other.block;
    return *this;
  }
};

// Words are compared in their form (word_form.h). One that begins or ends with a letter or digit is found only where no other
// letter or digit comes before or after: `ass` is not in `class`, nor `64` in `1964`. Ideographs know no such borders. Immutable,
// so several threads may use one.
class WordMatcher {
 public:
  // Characters of a word at most.
  static constexpr std::size_t kMaxCharacters = 64;

  // Leaves out what check_word refuses; of words with the same form the sternest counts. Takes some 100 ms for 50,000.
  explicit WordMatcher(std::span<const Word> words);

  // Words with different forms.
  std::size_t size() const { return size_; }
  // Of memory.
  std::size_t bytes() const;

  // For each place where words end, the longest of each action, in the order of their ends. For tests and tools: a text may
  // hold three for each of its characters.
  std::vector<WordMatch> matches(std::string_view text) const;

  bool finds_any(std::string_view text) const;

  // What is in the text. What is to be masked becomes one `*` for each of its characters, unless it is to be blocked.
  WordFinding censor(std::string& text) const;

 private:
  using StateId = std::uint32_t;
  static constexpr StateId kRoot = 0;
  static constexpr StateId kNone = UINT32_MAX;

  struct State {
    // Where to go on when nothing leads on from here: the longest end of what led here that begins a word, and may.
    StateId shorter = kRoot;
    // Length of the longest word of each action that ends here; 0: none does.
    std::array<std::uint8_t, kWordActions> longest{};
    bool ends_words() const { return longest[0] != 0 || longest[1] != 0 || longest[2] != 0; }
  };
  // A character that leads on from a state.
  struct Edge {
    StateId from = kNone;
    char32_t code = 0;
    StateId to = kNone;
  };
  struct Form {
    std::u32string characters;
    WordAction action;
  };
  // The words that go on from a state.
  struct Branch {
    StateId state;
    std::size_t depth;
    // By which it is entered.
    char32_t code;
    std::span<const Form> forms;
  };

  void build(std::span<const Form> forms);
  void add_children(const Branch& parent, std::deque<Branch>& branches);
  void add_edge(const Edge& edge);
  static std::uint64_t hash(StateId from, char32_t code);

  StateId child(StateId state, char32_t code) const;
  // Where a character leads from a state, or from a shorter one; `inside` says that no word may begin with it here.
  StateId step(StateId state, char32_t code, bool inside) const;
  // Calls `found(match)` until it answers false.
  template <class Found>
  void run(std::string_view text, Found found) const;

  std::size_t size_ = 0;
  std::vector<State> states_;
  // The edges by their hashes, at most every second place taken.
  std::vector<Edge> edges_;
  // A bit for each edge, by some more of its hash: nearly all of what leads nowhere is known without looking at the edges.
  std::vector<std::uint64_t> filter_;
  // How far a hash is shifted to be a place in `edges_`.
  int shift_ = 0;
  // Where characters below 0x10000 lead from the root.
  std::vector<StateId> first_states_;
};

}  // namespace hongyan::text
