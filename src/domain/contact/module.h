// Wires the contact slice.
#pragma once

#include "base/registry.h"
#include "domain/contact/directory_service.h"
#include "domain/contact/export_source.h"
#include "domain/contact/service.h"
#include "domain/contact/sql_departure.h"
#include "domain/contact/sql_store.h"

namespace hongyan::contact {

// Owns store and services, registers their rpcs, and answers the conversation slice what people are to each other. api() is
// thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return service_; }

 private:
  SqlStore store_;
  Service service_;
  DirectoryService directory_;
  SqlDeparture departure_;
  ExportSource export_source_;
};

}  // namespace hongyan::contact
