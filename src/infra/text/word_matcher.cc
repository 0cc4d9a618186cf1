#include "infra/text/word_matcher.h"

#include <algorithm>
#include <bit>

namespace hongyan::text {
namespace {

constexpr char32_t kFirstBeyondIndex = 0x10000;

// The filter has so many bits for each place of an edge.
constexpr int kFilterShift = 2;

// Whether both are part of one run of letters.
bool in_one_run(FormKind before, FormKind here) { return before == FormKind::letter && here == FormKind::letter; }

bool has_meaning(char32_t code) {
  const FormKind kind = kind_of(code);
  return kind == FormKind::letter || kind == FormKind::ideograph;
}

// Blanks around a word mean nothing.
std::u32string trimmed(std::u32string form) {
  while (!form.empty() && form.back() == U' ') form.pop_back();
  form.erase(0, std::min(form.find_first_not_of(U' '), form.size()));
  return form;
}

using Range = std::pair<std::size_t, std::size_t>;

// Adds a range that ends behind all others, or where the last one does.
void join(std::vector<Range>& ranges, Range range) {
  while (!ranges.empty() && ranges.back().second > range.first) {
    range.first = std::min(range.first, ranges.back().first);
    range.second = std::max(range.second, ranges.back().second);
    ranges.pop_back();
  }
  ranges.push_back(range);
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::string masked(std::string_view text, const std::vector<Range>& ranges) {
  std::string result;
  result.reserve(text.size());
  std::size_t done = 0;
  for (const auto& [begin, end] : ranges) {
    result += text.substr(done, begin - done);
    result.append(static_cast<std::size_t>(std::ranges::count_if(text.substr(begin, end - begin), begins_character)),
                  '*');
    done = end;
  }
  return result += text.substr(done);
}

}  // namespace

Result<std::u32string> check_word(std::string_view word) {
  // What nobody sees counts as well, or it would have no end.
  constexpr std::size_t kMaxBytes = WordMatcher::kMaxCharacters * 16;
  if (word.size() > kMaxBytes) return fail(Error::invalid("word", "too long"));
  std::u32string form = trimmed(form_of(word));
  if (form.size() > WordMatcher::kMaxCharacters) return fail(Error::invalid("word", "too long"));
  if (!std::ranges::any_of(form, has_meaning)) return fail(Error::invalid("word", "neither letter nor ideograph"));
  return form;
}

WordMatcher::WordMatcher(std::span<const Word> words) {
  std::vector<Form> forms;
  forms.reserve(words.size());
  for (const Word& word : words) {
    if (auto form = check_word(word.text)) forms.push_back({std::move(*form), word.action});
  }
  // The sternest first, which is the one that stays.
  std::ranges::sort(forms, [](const Form& a, const Form& b) {
    return a.characters != b.characters ? a.characters < b.characters : a.action > b.action;
  });
  const auto same = std::ranges::unique(forms, {}, &Form::characters);
  forms.erase(same.begin(), same.end());
  size_ = forms.size();
  build(forms);
}

void WordMatcher::build(std::span<const Form> forms) {
  std::size_t most_edges = 1;
  for (const Form& form : forms) most_edges += form.characters.size();
  const auto bits = std::max(4, static_cast<int>(std::bit_width(most_edges)) + 1);
  shift_ = 64 - bits;
  edges_.resize(std::size_t{1} << bits);
  filter_.resize((std::size_t{1} << (bits + kFilterShift)) / 64);
  first_states_.assign(kFirstBeyondIndex, kRoot);
  states_.emplace_back();
  std::deque<Branch> branches{{kRoot, 0, 0, forms}};
  // Level by level: what a state falls back to is shorter, and so is there before it.
  while (!branches.empty()) {
    const Branch branch = branches.front();
    branches.pop_front();
    add_children(branch, branches);
  }
  states_.shrink_to_fit();
}

void WordMatcher::add_children(const Branch& parent, std::deque<Branch>& branches) {
  const FormKind kind_before = parent.depth == 0 ? FormKind::stop : kind_of(parent.code);
  const std::size_t depth = parent.depth + 1;
  for (std::span<const Form> forms = parent.forms; !forms.empty();) {
    const char32_t code = forms.front().characters[parent.depth];
    const auto end =
        std::ranges::find_if(forms, [&](const Form& form) { return form.characters[parent.depth] != code; });
    auto onward = forms.first(static_cast<std::size_t>(end - forms.begin()));
    forms = forms.subspan(onward.size());
    State added;
    if (parent.state != kRoot) {
      added.shorter = step(states_[parent.state].shorter, code, in_one_run(kind_before, kind_of(code)));
      added.longest = states_[added.shorter].longest;
    }
    // In order, so a word comes before those that it begins.
    if (onward.front().characters.size() == depth) {
      added.longest[static_cast<std::size_t>(onward.front().action)] = static_cast<std::uint8_t>(depth);
      onward = onward.subspan(1);
    }
    const auto state = static_cast<StateId>(states_.size());
    states_.push_back(added);
    add_edge({parent.state, code, state});
    if (!onward.empty()) branches.push_back({state, depth, code, onward});
  }
}

std::uint64_t WordMatcher::hash(StateId from, char32_t code) {
  return (std::uint64_t{from} << 21 | code) * 0x9E3779B97F4A7C15U;
}

void WordMatcher::add_edge(const Edge& edge) {
  if (edge.from == kRoot && edge.code < kFirstBeyondIndex) {
    first_states_[edge.code] = edge.to;
    return;
  }
  const std::uint64_t hashed = hash(edge.from, edge.code);
  const std::uint64_t bit = hashed >> (shift_ - kFilterShift);
  filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  std::size_t place = hashed >> shift_;
  while (edges_[place].from != kNone) place = (place + 1) & (edges_.size() - 1);
  edges_[place] = edge;
}

WordMatcher::StateId WordMatcher::child(StateId state, char32_t code) const {
  const std::uint64_t hashed = hash(state, code);
  const std::uint64_t bit = hashed >> (shift_ - kFilterShift);
  if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) return kNone;
  for (std::size_t place = hashed >> shift_;; place = (place + 1) & (edges_.size() - 1)) {
    const Edge& edge = edges_[place];
    if (edge.from == state && edge.code == code) return edge.to;
    if (edge.from == kNone) return kNone;
  }
}

WordMatcher::StateId WordMatcher::step(StateId state, char32_t code, bool inside) const {
  while (state != kRoot) {
    const StateId next = child(state, code);
    if (next != kNone) return next;
    state = states_[state].shorter;
  }
  if (inside) return kRoot;
  if (code < first_states_.size()) return first_states_[code];
  const StateId next = child(kRoot, code);
  return next == kNone ? kRoot : next;
}

template <class Found>
void WordMatcher::run(std::string_view text, Found found) const {
  // Where the last characters begin, by their number.
  std::array<std::uint32_t, kMaxCharacters> begins;
  std::size_t read = 0;
  StateId state = kRoot;
  FormCharacter before{.kind = FormKind::stop};
  // What ends with `before`: only a letter that follows can undo it.
  const auto report = [&] {
    const State& here = states_[state];
    for (std::size_t action = 0; action < kWordActions; ++action) {
      if (here.longest[action] == 0) continue;
      const std::uint32_t begin = begins[(read - here.longest[action]) % kMaxCharacters];
      if (!found(WordMatch{begin, before.end, static_cast<WordAction>(action)})) return false;
    }
    return true;
  };
  FormReader reader(text);
  for (FormCharacter here; reader.next(here); before = here) {
    const bool inside = in_one_run(before.kind, here.kind);
    if (!inside && states_[state].ends_words() && !report()) return;
    state = step(state, here.code, inside);
    begins[read++ % kMaxCharacters] = here.begin;
  }
  if (states_[state].ends_words()) report();
}

std::size_t WordMatcher::bytes() const {
  return states_.capacity() * sizeof(State) + edges_.capacity() * sizeof(Edge) + filter_.capacity() * 8 +
         first_states_.capacity() * sizeof(StateId);
}

std::vector<WordMatch> WordMatcher::matches(std::string_view text) const {
  std::vector<WordMatch> all;
  run(text, [&all](const WordMatch& match) {
    all.push_back(match);
    return true;
  });
  return all;
}

bool WordMatcher::finds_any(std::string_view text) const {
  bool any = false;
  run(text, [&any](const WordMatch&) { return !(any = true); });
  return any;
}

WordFinding WordMatcher::censor(std::string& text) const {
  WordFinding finding;
  std::vector<Range> to_mask;
  run(text, [&](const WordMatch& match) {
    switch (match.action) {
      case WordAction::review: finding.review = true; break;
      case WordAction::mask: join(to_mask, {match.begin, match.end}); break;
      case WordAction::block: finding.block = true; break;
    }
    return !finding.block;
  });
  if (finding.block) return {.block = true};
  finding.mask = !to_mask.empty();
  if (finding.mask) text = masked(text, to_mask);
  return finding;
}

}  // namespace hongyan::text
