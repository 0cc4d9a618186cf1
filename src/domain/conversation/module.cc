#include "domain/conversation/module.h"

#include "domain/account/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"

namespace hongyan::conversation {

Module::Module(Registry& registry)
    : store_(registry.need<sql::Module>().database()),
      service_(store_, registry.need<account::Module>().api(), registry.need<discovery::Module>().ids(),
               registry.need<discovery::Module>().clock()) {}

}  // namespace hongyan::conversation
