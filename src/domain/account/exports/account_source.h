// What the account slice itself keeps about people.
#pragma once

#include "base/clock.h"
#include "domain/account/api.h"
#include "domain/account/event_log/sql_store.h"
#include "domain/account/store.h"

namespace hongyan::account {

// The profile, which is the first line, the settings, the devices, and what devices follow. Thread-safe. Owned by Module; its
// collaborators must outlive it.
class AccountSource final : public ExportSource {
 public:
  AccountSource(UserStore& users, SettingsStore& settings, DeviceStore& devices, SqlUserEvents& events,
                const Clock& clock)
      : users_(users), settings_(settings), devices_(devices), events_(events), clock_(clock) {}

  async::Task<Result<ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  async::Task<Result<ExportPart>> account(UserId user, async::Deadline deadline);

  UserStore& users_;
  SettingsStore& settings_;
  DeviceStore& devices_;
  SqlUserEvents& events_;
  const Clock& clock_;
};

}  // namespace hongyan::account
