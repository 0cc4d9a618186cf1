#include "domain/sync/module.h"

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/message/module.h"
#include "domain/sync/rpc.h"
#include "wire/module.h"

namespace hongyan::sync {

Module::Module(Registry& registry)
    : service_({.conversations = registry.need<conversation::Module>().api(),
                .settings = registry.need<conversation::Module>().settings(),
                .messages = registry.need<message::Module>().api(),
                .accounts = registry.need<account::Module>().api(),
                .cursors = registry.need<wire::Module>().cursors()}),
      pulls_({registry.need<account::Module>().api(), registry.need<account::Module>().events(),
              registry.need<conversation::Module>().api(), registry.need<conversation::Module>().settings(),
              registry.need<message::Module>().api(), registry.need<wire::Module>().cursors()}),
      digests_(registry.need<conversation::Module>().api(), registry.need<message::Module>().api()),
      pusher_(registry.need<wire::Module>().hub()) {
  registry.need<account::Module>().events().set_listener(pusher_);
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_, pulls_);
}

}  // namespace hongyan::sync
