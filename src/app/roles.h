// What a process may be: a role is a list of modules.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/registry.h"

namespace hongyan::app {

struct Role {
  std::string_view name;
  std::string_view what;
  // Builds the role's modules, and with them what they need.
  void (*build)(Registry& registry);
};

// All roles, as `hongyan roles` prints them.
std::span<const Role> roles();

// The role of this name, null when there is none.
const Role* find_role(std::string_view name);

}  // namespace hongyan::app
