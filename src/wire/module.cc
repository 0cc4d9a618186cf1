#include "wire/module.h"

#include "infra/crypto/module.h"
#include "infra/discovery/module.h"

namespace hongyan::wire {

Module::Module(Registry& registry)
    : cursors_(registry.need<crypto::Module>().secrets().cursor, registry.need<discovery::Module>().clock()) {}

}  // namespace hongyan::wire
