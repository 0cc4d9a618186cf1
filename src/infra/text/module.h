// Wires what is known of scripts and names.
#pragma once

#include "base/registry.h"
#include "infra/text/sort_key.h"

namespace hongyan::text {

// Owns the keys by which names are sorted; thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry&) {}

  const SortKeys& sort_keys() const { return sort_keys_; }

 private:
  SortKeys sort_keys_;
};

}  // namespace hongyan::text
