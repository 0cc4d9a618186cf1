// Who this process is among others: its node number, and the ids it issues with it.
#pragma once

#include "base/clock.h"
#include "base/id_generator.h"
#include "base/registry.h"
#include "infra/config/data_folder.h"

namespace hongyan::discovery {

// A process alone is node 0; the ceiling of its ids lies in its data folder. Owns clock and generator.
class Module final : public hongyan::Module {
 public:
  // Throws when the stored ceiling cannot be read or raised.
  explicit Module(Registry& registry);

  const Clock& clock() const { return clock_; }
  IdGenerator& ids() { return ids_; }

 private:
  SystemClock clock_;
  config::FileCeiling ceiling_;
  IdGenerator ids_;
};

}  // namespace hongyan::discovery
