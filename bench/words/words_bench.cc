// What it costs to look 50,000 words up in a message of 1,000 characters, and to take them into use. Half of the words are
// Chinese, of 2 to 6 of the 3,000 first ideographs; half are English, of 3 to 12 letters. The argument says what the message is:
// 0 Chinese, 1 English, 2 both in full-width and mixed case. None holds a word, so each is read to its end.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "infra/text/word_matcher.h"

namespace hongyan::text {
namespace {

constexpr std::size_t kWords = 50'000;
constexpr std::size_t kCharacters = 1000;

using Random = std::mt19937_64;

std::string utf8(char32_t code) {
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
          static_cast<char>(0x80 | (code & 0x3F))};
}

// As in a language, a few are used far more often than most.
std::uint64_t often_low(Random& random, std::uint64_t end) {
  const double share = std::uniform_real_distribution<double>()(random);
  return static_cast<std::uint64_t>(share * share * share * static_cast<double>(end));
}

std::string ideograph(Random& random) { return utf8(static_cast<char32_t>(0x4E00 + often_low(random, 3000))); }
char letter(Random& random) { return "etaoinshrdlcumwfgypbvkjxqz"[often_low(random, 26)]; }

std::string english(Random& random, std::size_t least, std::size_t most) {
  std::string word;
  for (auto left = least + random() % (most - least + 1); left > 0; --left) word += letter(random);
  return word;
}

std::vector<Word> words_of(Random& random) {
  std::vector<Word> words;
  while (words.size() < kWords / 2) {
    std::string word;
    for (auto left = 2 + random() % 5; left > 0; --left) word += ideograph(random);
    words.push_back({std::move(word), WordAction::block});
  }
  while (words.size() < kWords) words.push_back({english(random, 3, 12), WordAction::block});
  return words;
}

std::string full_width(std::string_view ascii, Random& random) {
  std::string text;
  for (char c : ascii) {
    if (random() % 2 == 0) c = static_cast<char>(std::toupper(c));
    text += c == ' ' ? utf8(0x3000) : utf8(static_cast<char32_t>(0xFEE0 + c));
  }
  return text;
}

// One more piece of a message that holds none of the words.
std::string piece(std::int64_t kind, Random& random) {
  const bool chinese = kind == 0 || (kind == 2 && random() % 2 == 0);
  if (chinese) return random() % 12 == 0 ? "，" : ideograph(random);
  const std::string word = english(random, 2, 8) + " ";
  return kind == 1 ? word : full_width(word, random);
}

std::string message_of(std::int64_t kind, const WordMatcher& matcher, Random& random) {
  std::string message;
  std::size_t characters = 0;
  while (characters < kCharacters) {
    std::string longer = message + piece(kind, random);
    if (matcher.finds_any(longer)) continue;
    message = std::move(longer);
    characters = 0;
    for (const char byte : message) characters += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }
  return message;
}

void look_up(benchmark::State& state) {
  Random random(1);
  const WordMatcher matcher(words_of(random));
  // More than one, so that not all of it is in the nearest cache.
  std::vector<std::string> messages;
  for (int i = 0; i < 32; ++i) messages.push_back(message_of(state.range(0), matcher, random));
  std::size_t next = 0;
  for (auto _ : state) {
    std::string& message = messages[next++ % messages.size()];
    const WordFinding finding = matcher.censor(message);
    if (!finding.nothing()) std::abort();
    benchmark::DoNotOptimize(message);
  }
  state.counters["words"] = static_cast<double>(matcher.size());
}
BENCHMARK(look_up)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);

void take_into_use(benchmark::State& state) {
  Random random(1);
  const std::vector<Word> words = words_of(random);
  std::size_t bytes = 0;
  for (auto _ : state) {
    const WordMatcher matcher(words);
    bytes = matcher.bytes();
  }
  state.counters["MiB"] = static_cast<double>(bytes) / (1 << 20);
}
BENCHMARK(take_into_use)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hongyan::text
