// The use cases of contacts.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/contact/api.h"
#include "domain/contact/config.h"
#include "domain/contact/store.h"
#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "infra/text/words.h"
#include "wire/cursor.h"

namespace hongyan::contact {

// What the service works with; all must outlive it.
struct Ports {
  Store& store;
  account::Api& accounts;
  account::Privacy& privacy;
  conversation::Directs& directs;
  conversation::Outbox& outbox;
  IdGenerator& ids;
  const Clock& clock;
  const wire::CursorSigner& cursors;
  // What no request may hold.
  const text::Words& words;
};

// One page of a list, and the people who stand in it. next_cursor is absent on the last page.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::optional<std::string> next_cursor;
  std::vector<account::UserCard> users;
};

// What somebody types when they ask.
struct RequestForm {
  UserId to;
  std::string message;
  Source source = v1::CONTACT_SOURCE_UNSPECIFIED;
  std::string remark;
};

// A page of a list of this user.
struct PageOf {
  UserId user;
  std::size_t limit = 0;
  std::string cursor;
};

// Thread-safe. Owned by Module. Success of a change means that it is durable and that no sequencer acts on what was true before.
// Errors beside those named: unavailable, timeout.
class Service final : public Api, public conversation::Relations {
 public:
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 200;
  // New friends are durable before the line that tells of them: after this they are answered all the same.
  static constexpr std::chrono::milliseconds kLinePatience{2000};

  Service(const Ports& ports, const Config& config) : ports_(ports), request_life_(config.request_life) {}

  // Asks somebody, or makes friends at once. A repeat replaces what was written. Errors: invalid_argument naming the field,
  // content_rejected, not_found, already_exists, blocked, permission_denied, quota_exceeded.
  async::Task<Result<Asked>> ask(UserId user, RequestForm form, async::Deadline deadline);
  // A repeat changes nothing. Errors: invalid_argument, not_found, conflict, request_expired, blocked, quota_exceeded.
  async::Task<Result<Friendship>> accept(UserId user, RequestId request, std::string remark, async::Deadline deadline);
  // With `block` who has asked is blocked as well. A repeat changes nothing. Errors: not_found, conflict, request_expired.
  async::Task<Result<Request>> reject(UserId user, RequestId request, bool block, async::Deadline deadline);

  // The contact afterwards. Errors: invalid_argument naming the field, not_found.
  async::Task<Result<Contact>> update(UserId user, UserId contact, ContactChange change, async::Deadline deadline);
  // One-sided. A repeat changes nothing.
  async::Task<Result<void>> remove(UserId user, UserId contact, async::Deadline deadline);
  // Blocks, or undoes it. A repeat changes nothing. Errors: invalid_argument for oneself, not_found.
  async::Task<Result<void>> set_blocked(UserId user, UserId other, bool blocked, async::Deadline deadline);

  // Lists of the user. Errors: invalid_argument for a cursor that is not this list's or too old.
  async::Task<Result<Page<Contact>>> list(PageOf page, async::Deadline deadline);
  async::Task<Result<Page<Request>>> requests(PageOf page, Direction direction, async::Deadline deadline);
  async::Task<Result<Page<Blocked>>> blocked(PageOf page, async::Deadline deadline);

  TimeMs now() const { return ports_.clock.now(); }

  async::Task<Result<std::vector<Standing>>> standings(UserId user, std::vector<UserId> others,
                                                       async::Deadline deadline) override {
    return ports_.store.standings(user, std::move(others), deadline);
  }
  async::Task<Result<void>> befriend(UserId user, UserId other, async::Deadline deadline) override;
  Result<conversation::Relation> relation_in(sql::Session& session, UserId user, UserId peer) override {
    return ports_.store.relation_in(session, user, peer);
  }

 private:
  AfterCommit hook_for(std::move_only_function<void()> announce);
  async::Task<Result<void>> require_person(UserId user, UserId other, async::Deadline deadline);
  async::Task<void> await_line(conversation::OutboxId line, async::Deadline deadline);
  template <class Item, class Position>
  async::Task<Result<Page<Item>>> finish(std::vector<Item> items, PageOf page, std::string query,
                                         UserId (*person)(const Item&, UserId), Position (*position)(const Item&),
                                         async::Deadline deadline);

  const Ports ports_;
  const std::chrono::milliseconds request_life_;
};

}  // namespace hongyan::contact
