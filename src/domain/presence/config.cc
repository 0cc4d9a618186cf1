#include "domain/presence/config.h"

namespace hongyan::presence {

void Config::bind(config::Binder& binder) {
  binder.field("grace_ms", grace, "Who has lost their last socket counts as online for this long.");
  binder.field("close_grace_ms", close_grace,
               "The same for who has closed it: long enough for a page that is loaded again.");
  binder.field("interval_ms", interval, "Who follows people hears of them at most once in this time.");
  binder.field("recheck_ms", recheck,
               "Whether people still share a conversation with who follows them is looked at again after this.");
  binder.field("typing_ms", typing, "How long \"is typing\" is shown unless it is renewed.");
  binder.field("typing_interval_ms", typing_interval,
               "Others are told of somebody's typing in a conversation at most once in this time.");
  binder.field("typing_members", typing_members, "Typing is told in groups of at most so many people.");
}

void Config::validate(config::Rules& rules) const {
  using std::chrono::milliseconds;
  rules.between("grace_ms", grace, milliseconds(100), milliseconds(3'600'000));
  rules.between("close_grace_ms", close_grace, milliseconds(0), grace);
  rules.between("interval_ms", interval, milliseconds(10), milliseconds(60'000));
  rules.between("recheck_ms", recheck, milliseconds(0), milliseconds(3'600'000));
  rules.between("typing_ms", typing, milliseconds(1'000), milliseconds(60'000));
  rules.between("typing_interval_ms", typing_interval, milliseconds(0), typing);
  rules.between("typing_members", typing_members, 1, 500);
}

}  // namespace hongyan::presence
