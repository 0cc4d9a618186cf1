#include "domain/account/exports/config.h"

namespace hongyan::account {

void ExportConfig::bind(config::Binder& binder) {
  binder.field("daily", daily, "Exports of everything that is kept about a user, which they may ask for in a day.");
  binder.field("keep_ms", keep, "How long a finished export can be read.");
}

void ExportConfig::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  rules.between("daily", daily, 1, 1000);
  rules.between("keep_ms", keep, 1s, 366 * 24h);
}

}  // namespace hongyan::account
