#include "domain/conversation/module.h"

#include "domain/account/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "wire/module.h"

namespace hongyan::conversation {

Module::Module(Registry& registry)
    : store_(registry.need<sql::Module>().database(), registry.need<account::Module>().events()),
      group_store_(registry.need<sql::Module>().database(), registry.need<account::Module>().events()),
      settings_(registry.need<sql::Module>().database(), registry.need<account::Module>().events()),
      outbox_(registry.need<sql::Module>().database()),
      directs_(store_, outbox_, registry.need<wire::Module>().permissions()),
      service_(store_, registry.need<account::Module>().api(), registry.need<discovery::Module>().ids(),
               registry.need<discovery::Module>().clock()),
      group_service_({.store = group_store_,
                      .accounts = registry.need<account::Module>().api(),
                      .ids = registry.need<discovery::Module>().ids(),
                      .clock = registry.need<discovery::Module>().clock(),
                      .permissions = registry.need<wire::Module>().permissions(),
                      .committed = [this](ConversationId group) { outbox_.announce(group); }}) {}

}  // namespace hongyan::conversation
