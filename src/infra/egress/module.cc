#include "infra/egress/module.h"

#include "infra/metrics/module.h"

namespace hongyan::egress {

Module::Module(Registry& registry)
    : client_(registry.need<config::Module>().section<Config>(), resolver_,
              registry.need<metrics::Module>().metrics()) {}

}  // namespace hongyan::egress
