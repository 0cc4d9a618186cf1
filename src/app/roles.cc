#include "app/roles.h"

#include <algorithm>
#include <array>

#include "domain/account/module.h"
#include "domain/contact/module.h"
#include "domain/group/module.h"
#include "domain/moderation/module.h"
#include "domain/sync/module.h"
#include "edge/gateway/module.h"
#include "edge/grpc/module.h"
#include "edge/http/module.h"
#include "infra/egress/module.h"

namespace hongyan::app {
namespace {

constexpr std::array kRoles{
    Role{"all", "everything in one process, on embedded storage",
         [](Registry& registry) {
           registry.need<egress::Module>();
           registry.need<contact::Module>();
           registry.need<group::Module>();
           registry.need<moderation::Module>();
           registry.need<sync::Module>();
           registry.need<account::BackgroundModule>();
           registry.need<gateway::Module>();
           registry.need<edge::HttpModule>();
           registry.need<edge::GrpcModule>();
         }},
};

}  // namespace

std::span<const Role> roles() { return kRoles; }

const Role* find_role(std::string_view name) {
  const auto found = std::ranges::find(kRoles, name, &Role::name);
  return found == kRoles.end() ? nullptr : &*found;
}

}  // namespace hongyan::app
