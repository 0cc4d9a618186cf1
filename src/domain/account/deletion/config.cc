#include "domain/account/deletion/config.h"

namespace hongyan::account {

void DeletionConfig::bind(config::Binder& binder) {
  binder.field("undo_ms", undo,
               "How long an account stays after its owner has asked for its end; until then they may undo it.");
  binder.field(
      "settle_ms", settle,
      "How long after the end of an account its traces are looked for: no request of its devices is under way any "
      "more by then.");
}

void DeletionConfig::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  rules.between("undo_ms", undo, 0s, 366 * 24h);
  rules.between("settle_ms", settle, 0s, 1h);
}

}  // namespace hongyan::account
