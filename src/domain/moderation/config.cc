#include "domain/moderation/config.h"

namespace hongyan::moderation {

void Config::bind(config::Binder& binder) {
  binder.field("reports_per_day", reports_per_day, "Reports of one user within 24 hours; repeats do not count.");
}

void Config::validate(config::Rules& rules) const { rules.between("reports_per_day", reports_per_day, 0, 100'000); }

}  // namespace hongyan::moderation
