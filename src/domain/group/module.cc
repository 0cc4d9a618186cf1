#include "domain/group/module.h"

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/group/rpc.h"
#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "infra/text/module.h"
#include "wire/module.h"

namespace hongyan::group {

Module::Module(Registry& registry)
    : store_(registry.need<sql::Module>().database(), registry.need<account::Module>().events(),
             registry.need<conversation::Module>().groups_inside()),
      service_({.groups = registry.need<conversation::Module>().groups(),
                .lists = registry.need<conversation::Module>().group_lists(),
                .outbox = registry.need<conversation::Module>().outbox(),
                .accounts = registry.need<account::Module>().api(),
                .cursors = registry.need<wire::Module>().cursors(),
                .words = registry.need<text::Module>().words()},
               registry.need<config::Module>().section<Config>()),
      door_({.store = store_,
             .directs = registry.need<conversation::Module>().directs(),
             .outbox = registry.need<conversation::Module>().outbox(),
             .accounts = registry.need<account::Module>().api(),
             .ids = registry.need<discovery::Module>().ids(),
             .random = registry.need<crypto::Module>().random(),
             .clock = registry.need<discovery::Module>().clock(),
             .cursors = registry.need<wire::Module>().cursors(),
             .words = registry.need<text::Module>().words()},
            registry.need<config::Module>().section<Config>()),
      export_source_(registry.need<sql::Module>().database()) {
  registry.need<account::Module>().deletions().add(store_);
  registry.need<account::Module>().exports().add(export_source_);
  register_rpcs(registry.need<wire::Module>().dispatcher(), {service_, door_});
}

}  // namespace hongyan::group
