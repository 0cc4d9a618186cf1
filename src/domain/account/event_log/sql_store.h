// User events in the relational database.
#pragma once

#include "domain/account/events.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Tables user_versions, user_events. Thread-safe. Owned by Module; the database must outlive it.
class SqlUserEvents final : public UserEvents {
 public:
  explicit SqlUserEvents(sql::Database& database) : database_(database) {}

  void set_listener(UserEventListener& listener) override { listener_ = &listener; }
  Result<void> append(sql::Transaction& transaction, std::vector<UserEvent> events) override;
  async::Task<Result<void>> record(std::vector<UserEvent> events, async::Deadline deadline) override;
  Result<UserVersion> version_in(sql::Session& session, UserId user) override;
  async::Task<Result<UserEventPage>> since(UserId user, UserVersion since, async::Deadline deadline) override;

  // All that is kept of the user, by version after this one; at most `limit`.
  async::Task<Result<std::vector<VersionedEvent>>> page(UserId user, UserVersion after, std::size_t limit,
                                                        async::Deadline deadline);

 private:
  void announce(sql::Transaction& transaction, std::vector<VersionedEvent> events) const;

  sql::Database& database_;
  UserEventListener* listener_ = nullptr;
};

}  // namespace hongyan::account
