// The words that are looked for in what people write.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/result.h"
#include "infra/text/word_matcher.h"

namespace hongyan::text {

// Holds the matcher in use. None in the beginning. Thread-safe; owned by Module.
class Words {
 public:
  // Texts that are looked at from now on are looked at with this one; who holds the one before keeps it. Null: no words.
  void use(std::shared_ptr<const WordMatcher> matcher);

  // Null while there are no words.
  std::shared_ptr<const WordMatcher> matcher() const;

 private:
  // So that nobody without words takes the lock.
  std::atomic<bool> any_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<const WordMatcher> matcher_;
};

// For what others read beside messages: names, notices, lines that come with a request. Nobody reviews them and none is changed
// in passing, so a word to mask is refused as well. Errors: content_rejected naming the field.
Result<void> refuse_words(const Words& words, std::string_view text, std::string_view field);

}  // namespace hongyan::text
