#include "domain/integration/module.h"

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/group/module.h"
#include "domain/integration/rpc.h"
#include "domain/message/module.h"
#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "wire/module.h"

namespace hongyan::integration {
namespace {

std::vector<std::string> scopes_in(const wire::Dispatcher& dispatcher) {
  std::vector<std::string> scopes;
  for (const auto& [name, rpc] : dispatcher.all()) {
    if (rpc.for_keys) scopes.push_back(name);
  }
  return scopes;
}

}  // namespace

Module::Module(Registry& registry)
    : store_(registry.need<sql::Module>().database(), registry.need<account::Module>().bots(),
             registry.need<conversation::Module>().groups_inside()),
      ports_{.store = store_,
             .accounts = registry.need<account::Module>().api(),
             .directs = registry.need<conversation::Module>().directs(),
             .groups = registry.need<conversation::Module>().groups(),
             .outbox = registry.need<conversation::Module>().outbox(),
             .messages = registry.need<message::Module>().api(),
             .ids = registry.need<discovery::Module>().ids(),
             .random = registry.need<crypto::Module>().random(),
             .clock = registry.need<discovery::Module>().clock(),
             .scopes = scopes_in(registry.need<wire::Module>().dispatcher()),
             .max_members = registry.need<config::Module>().section<group::Config>().max_members},
      service_(ports_),
      admin_(ports_) {
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_);
}

}  // namespace hongyan::integration
