#include "domain/account/access/session_opener.h"

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {

Result<SessionOpener::Plan> SessionOpener::plan(const DeviceInfo& device, std::string ip) const {
  Plan plan;
  HY_TRY(plan.session.device_name, check_line(device.name, 0, kMaxDeviceName, "device.name"));
  HY_TRY(const std::uint64_t id, ids_.next());
  plan.refresh_token = tokens_.new_refresh();
  HY_TRY(plan.session.refresh_hash, Tokens::refresh_hash(plan.refresh_token));
  plan.session.fresh_device = DeviceId(id);
  plan.session.wanted_device = device.device;
  plan.session.platform = device.platform;
  plan.session.ip = std::move(ip);
  plan.session.now = tokens_.now();
  plan.session.expires = TimeMs(plan.session.now.value + tokens_.session_lifetime().count());
  plan.session.max_devices = max_devices_;
  plan.session.policy = policy_;
  return plan;
}

AfterCommit<const OpenedSession&> SessionOpener::after_commit(UserId user) const {
  return [&ender = ender_, user](const OpenedSession& opened) {
    ender.changed(user);
    for (const DeviceId device : opened.evicted) {
      ender.ended({.user = user, .device = device, .except = {}}, v1::KICK_REASON_REPLACED);
    }
  };
}

Session SessionOpener::finish(User user, const OpenedSession& opened, Plan plan) const {
  Session session;
  session.device = opened.device;
  session.access_token =
      tokens_.issue_access({user.card.user_id, opened.device, user.token_version, opened.generation});
  session.refresh_token = std::move(plan.refresh_token);
  session.expires_in = tokens_.access_lifetime();
  session.user = std::move(user);
  return session;
}

}  // namespace hongyan::account
