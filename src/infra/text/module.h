// Wires what is known of scripts, names and words.
#pragma once

#include "base/registry.h"
#include "infra/text/sort_key.h"
#include "infra/text/words.h"

namespace hongyan::text {

// Owns the keys by which names are sorted, and the words that are looked for; thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry&) {}

  const SortKeys& sort_keys() const { return sort_keys_; }
  // Whoever keeps the words says here which.
  Words& words() { return words_; }

 private:
  SortKeys sort_keys_;
  Words words_;
};

}  // namespace hongyan::text
