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
                      .committed = [this](ConversationId group) { outbox_.announce(group); }}),
      departure_(registry.need<sql::Module>().database(), registry.need<account::Module>().api(),
                 registry.need<account::Module>().events(), group_service_,
                 [this](ConversationId direct) { directs_.committed(direct, [] {}); }),
      export_source_(service_, settings_) {
  registry.need<account::Module>().deletions().add(departure_);
  registry.need<account::Module>().exports().add(export_source_);
}

}  // namespace hongyan::conversation
