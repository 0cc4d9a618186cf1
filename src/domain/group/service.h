// The use cases of groups as people ask for them.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "domain/group/config.h"
#include "infra/text/words.h"
#include "wire/cursor.h"

namespace hongyan::group {

// A page of members, by rank and then by when they joined, and who they are. next_cursor is absent on the last page.
struct MemberPage {
  std::vector<conversation::Member> items;
  std::optional<std::string> next_cursor;
  std::vector<account::UserCard> users;
};

// A page of groups by id.
struct GroupPage {
  std::vector<conversation::Group> items;
  std::optional<std::string> next_cursor;
};

// What the service works with; all must outlive it.
struct Ports {
  conversation::Groups& groups;
  conversation::GroupLists& lists;
  conversation::Outbox& outbox;
  account::Api& accounts;
  const wire::CursorSigner& cursors;
  // What no name may hold.
  const text::Words& words;
};

// Checks what people typed, asks conversations, and waits a moment for the line that tells of a change, so that whoever asked
// finds it in the history. Thread-safe. Owned by Module; its collaborators outlive it. Errors beside those named:
// not_found for strangers, not_member for former members, unavailable, timeout.
class Service {
 public:
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 200;
  static constexpr std::size_t kDefaultFound = 20;
  static constexpr std::size_t kMaxFound = 50;
  // A change is durable before its line is: after this it is answered all the same.
  static constexpr std::chrono::milliseconds kLinePatience{2000};

  Service(const Ports& ports, const Config& config) : ports_(ports), max_members_(config.max_members) {}

  std::int64_t max_members() const { return max_members_; }

  // Errors: invalid_argument and content_rejected naming `name`.
  async::Task<Result<conversation::GroupChange>> create(UserId owner, std::string name, std::vector<UserId> members,
                                                        async::Deadline deadline);
  async::Task<Result<conversation::Group>> get(ConversationId group, UserId user, async::Deadline deadline);
  // Those called like `text` only, unless it is empty. Errors: invalid_argument for a cursor that is not this list's or too
  // old.
  async::Task<Result<MemberPage>> members(ConversationId group, UserId user, std::size_t limit, std::string text,
                                          std::string cursor, async::Deadline deadline);
  // The groups the user is in; with `other` those that both are in. Errors: invalid_argument for a cursor that is not this
  // list's or too old.
  async::Task<Result<GroupPage>> list(UserId user, std::optional<UserId> other, std::size_t limit, std::string cursor,
                                      async::Deadline deadline);
  // The user's groups that are called so, and the group with this id when the user may know of it, that one first. Errors:
  // invalid_argument naming `q`.
  async::Task<Result<std::vector<conversation::FoundGroup>>> search(UserId user, std::string text, std::size_t limit,
                                                                    async::Deadline deadline);
  // Errors: invalid_argument naming `name`, permission_denied, group_disabled, group_dissolved.
  async::Task<Result<conversation::Group>> edit(ConversationId group, UserId by, conversation::GroupEdit edit,
                                                async::Deadline deadline);
  // Errors: permission_denied, group_dissolved.
  async::Task<Result<void>> dissolve(ConversationId group, UserId by, async::Deadline deadline);
  // Errors: permission_denied, group_disabled, group_dissolved, not_found also for who is no member.
  async::Task<Result<conversation::Group>> transfer(ConversationId group, UserId by, UserId user,
                                                    async::Deadline deadline);
  // Errors: invalid_argument for nobody, group_disabled, group_dissolved.
  async::Task<Result<conversation::GroupChange>> add(ConversationId group, UserId by, std::vector<UserId> users,
                                                     async::Deadline deadline);
  // Errors: permission_denied, group_disabled, group_dissolved, not_found also for who never was a member.
  async::Task<Result<void>> remove(ConversationId group, UserId by, UserId user, async::Deadline deadline);
  // Answers the member afterwards; what is absent stays. Errors: as remove, invalid_argument naming the field, and not_found for
  // former members.
  async::Task<Result<conversation::Member>> update(ConversationId group, UserId by, UserId user,
                                                   std::optional<conversation::Role> wanted,
                                                   conversation::MemberEdit edit, async::Deadline deadline);
  async::Task<Result<void>> leave(ConversationId group, UserId user, async::Deadline deadline);

 private:
  async::Task<void> await_line(conversation::OutboxId line, async::Deadline deadline);

  const Ports ports_;
  const std::int64_t max_members_;
};

}  // namespace hongyan::group
