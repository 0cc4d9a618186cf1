// Contacts in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/contact/config.h"
#include "domain/contact/sql_rows.h"
#include "domain/contact/store.h"
#include "domain/conversation/api.h"
#include "infra/sql/database.h"
#include "infra/text/sort_key.h"

namespace hongyan::contact {

// Tables contacts, contact_requests, blocks; reads users; through account the user events, through conversation the 1:1s.
// Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlStore final : public Store {
 public:
  SqlStore(sql::Database& database, account::UserEvents& events, conversation::Directs& directs,
           const text::SortKeys& sort_keys, const Config& config)
      : database_(database),
        events_(events),
        directs_(directs),
        sort_keys_(sort_keys),
        limits_{.contacts = config.max_contacts, .pending = config.max_pending},
        required_(config.required) {}

  async::Task<Result<Asked>> ask(NewRequest request, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<Friendship>> accept(Answer answer, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<Request>> reject(Answer answer, bool block, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<conversation::OutboxId>> befriend(Pairing pairing, AfterCommit hook,
                                                       async::Deadline deadline) override;
  async::Task<Result<Contact>> update(UserId user, UserId contact, ContactChange change,
                                      async::Deadline deadline) override;
  async::Task<Result<void>> remove(UserId user, UserId contact, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<void>> set_blocked(UserId user, UserId other, bool blocked, TimeMs now, AfterCommit hook,
                                        async::Deadline deadline) override;
  async::Task<Result<std::vector<Contact>>> contacts(UserId user, std::string text,
                                                     std::optional<ContactPosition> after, std::size_t limit,
                                                     async::Deadline deadline) override;
  async::Task<Result<std::vector<Request>>> requests(UserId user, Direction direction,
                                                     std::optional<RequestPosition> after, std::size_t limit,
                                                     async::Deadline deadline) override;
  async::Task<Result<std::vector<Blocked>>> blocked(UserId user, UserId after, std::size_t limit,
                                                    async::Deadline deadline) override;
  async::Task<Result<std::vector<Standing>>> standings(UserId user, std::vector<UserId> others,
                                                       async::Deadline deadline) override;
  Result<conversation::Relation> relation_in(sql::Session& session, UserId user, UserId peer) override;

 private:
  Result<Friendship> pair(sql::Transaction& transaction, const Pairing& pairing, UserId viewer, Events& events);
  Result<void> put_on_list(sql::Transaction& transaction, UserId user, UserId contact, const std::string& remark,
                           TimeMs now);
  Result<Request> write_request(sql::Transaction& transaction, const NewRequest& request,
                                const std::optional<Request>& before);
  Result<void> block_in(sql::Transaction& transaction, UserId user, UserId other, TimeMs now, Events& events);
  Result<void> remark_in(sql::Transaction& transaction, UserId user, UserId contact, const std::string& remark);

  sql::Database& database_;
  account::UserEvents& events_;
  conversation::Directs& directs_;
  const text::SortKeys& sort_keys_;
  const Limits limits_;
  const bool required_;
};

}  // namespace hongyan::contact
