#include "domain/group/module.h"

#include "domain/conversation/module.h"
#include "domain/group/rpc.h"
#include "wire/module.h"

namespace hongyan::group {

Module::Module(Registry& registry)
    : service_(registry.need<conversation::Module>().groups(), registry.need<conversation::Module>().outbox(),
               registry.need<wire::Module>().cursors(), registry.need<config::Module>().section<Config>()) {
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_);
}

}  // namespace hongyan::group
