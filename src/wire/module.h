// Wires what every slice registers with and publishes through.
#pragma once

#include "base/registry.h"
#include "wire/cursor.h"
#include "wire/dispatcher.h"
#include "wire/hub.h"
#include "wire/permission_hub.h"

namespace hongyan::wire {

// Owns the table of rpcs, the permission hub, and the late-bound way to the sockets. Main thread only; what it hands out
// is thread-safe once start-up is over.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Dispatcher& dispatcher() { return dispatcher_; }
  PermissionHub& permissions() { return permissions_; }
  Hub& hub() { return hub_; }
  const CursorSigner& cursors() const { return cursors_; }

 private:
  Dispatcher dispatcher_;
  PermissionHub permissions_;
  Hub hub_;
  CursorSigner cursors_;
};

}  // namespace hongyan::wire
