#include "wire/module.h"

#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "wire/proto_codec.h"

namespace hongyan::wire {

Module::Module(Registry& registry)
    : cursors_(registry.need<crypto::Module>().secrets().cursor, registry.need<discovery::Module>().clock()) {
  quiet_protobuf_log();
}

}  // namespace hongyan::wire
