// Takes those whose account ends off all lists of contacts.
#pragma once

#include "base/clock.h"
#include "domain/account/api.h"
#include "domain/account/events.h"
#include "domain/contact/sql_rows.h"
#include "infra/sql/database.h"

namespace hongyan::contact {

// Both sides of what they have with others goes, with what the others call them: contacts, requests, blocks. The others' devices
// are told. Tables contacts, contact_requests, blocks. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlDeparture final : public account::DeletionStep {
 public:
  SqlDeparture(sql::Database& database, account::UserEvents& events, const Clock& clock)
      : database_(database), events_(events), clock_(clock) {}

  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::UserEvents& events_;
  const Clock& clock_;
};

}  // namespace hongyan::contact
