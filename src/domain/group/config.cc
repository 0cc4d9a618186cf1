#include "domain/group/config.h"

namespace hongyan::group {

void Config::bind(config::Binder& binder) { binder.field("max_members", max_members, "People a group can have."); }

void Config::validate(config::Rules& rules) const { rules.between("max_members", max_members, 1, 100'000); }

}  // namespace hongyan::group
