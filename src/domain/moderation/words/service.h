// The words that are looked for, as administrators change them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "domain/moderation/store.h"
#include "infra/text/words.h"

namespace hongyan::moderation {

// Keeps the words in use the same as those in the store. The use cases are described in api.h. Thread-safe. Owned by Module;
// its collaborators outlive it.
class WordService {
 public:
  WordService(WordStore& store, text::Words& in_use, const Clock& clock)
      : store_(store), in_use_(in_use), clock_(clock) {}

  // Takes what is stored into use, before the first request. Blocks. Errors: those of the store.
  Result<void> load_now();

  async::Task<Result<std::int64_t>> change(WordChange change, async::Deadline deadline);
  async::Task<Result<std::vector<text::Word>>> words(std::optional<text::WordAction> action, async::Deadline deadline) {
    return store_.words(action, deadline);
  }
  async::Task<Result<std::int64_t>> count(async::Deadline deadline) { return store_.count(deadline); }

 private:
  WordStore& store_;
  text::Words& in_use_;
  const Clock& clock_;
};

}  // namespace hongyan::moderation
