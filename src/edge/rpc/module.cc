#include "edge/rpc/module.h"

#include "domain/account/module.h"
#include "domain/integration/module.h"
#include "infra/metrics/module.h"
#include "wire/module.h"

namespace hongyan::edge {

RpcModule::RpcModule(Registry& registry)
    : limits_(registry.need<config::Module>().section<Limits>()),
      limiter_(limits_, registry.need<metrics::Module>().metrics()),
      runner_(registry.need<wire::Module>().dispatcher(), registry.need<account::Module>().api(),
              registry.need<integration::Module>().api(), limiter_, registry.need<metrics::Module>().metrics()) {}

}  // namespace hongyan::edge
