#include "domain/contact/module.h"

#include "domain/account/module.h"
#include "domain/contact/rpc.h"
#include "domain/conversation/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "infra/text/module.h"
#include "wire/module.h"

namespace hongyan::contact {

Module::Module(Registry& registry)
    : store_(registry.need<sql::Module>().database(), registry.need<account::Module>().events(),
             registry.need<conversation::Module>().directs(), registry.need<text::Module>().sort_keys(),
             registry.need<config::Module>().section<Config>()),
      service_({.store = store_,
                .accounts = registry.need<account::Module>().api(),
                .privacy = registry.need<account::Module>().privacy(),
                .directs = registry.need<conversation::Module>().directs(),
                .outbox = registry.need<conversation::Module>().outbox(),
                .ids = registry.need<discovery::Module>().ids(),
                .clock = registry.need<discovery::Module>().clock(),
                .cursors = registry.need<wire::Module>().cursors(),
                .words = registry.need<text::Module>().words()},
               registry.need<config::Module>().section<Config>()),
      directory_(store_, registry.need<account::Module>().api(), registry.need<account::Module>().privacy(),
                 registry.need<config::Module>().section<DirectoryConfig>()),
      departure_(registry.need<sql::Module>().database(), registry.need<account::Module>().events(),
                 registry.need<discovery::Module>().clock()),
      export_source_(store_, registry.need<discovery::Module>().clock()) {
  registry.need<conversation::Module>().directs().set_relations(service_);
  registry.need<account::Module>().deletions().add(departure_);
  registry.need<account::Module>().exports().add(export_source_);
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_, directory_);
}

}  // namespace hongyan::contact
