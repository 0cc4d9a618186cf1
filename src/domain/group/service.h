// The use cases of groups as people ask for them.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "domain/group/config.h"
#include "wire/cursor.h"

namespace hongyan::group {

// A page of members, by rank and then by when they joined. next_cursor is absent on the last page.
struct MemberPage {
  std::vector<conversation::Member> items;
  std::optional<std::string> next_cursor;
};

// Checks what people typed, asks conversations, and waits a moment for the line that tells of a change, so that whoever asked
// finds it in the history. Thread-safe. Owned by Module; its collaborators outlive it. Errors beside those named:
// not_found for strangers, not_member for former members, unavailable, timeout.
class Service {
 public:
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 200;
  // A change is durable before its line is: after this it is answered all the same.
  static constexpr std::chrono::milliseconds kLinePatience{2000};

  Service(conversation::Groups& groups, conversation::Outbox& outbox, const wire::CursorSigner& cursors,
          const Config& config)
      : groups_(groups), outbox_(outbox), cursors_(cursors), max_members_(config.max_members) {}

  std::int64_t max_members() const { return max_members_; }

  // Errors: invalid_argument naming `name`.
  async::Task<Result<conversation::GroupChange>> create(UserId owner, std::string name, std::vector<UserId> members,
                                                        async::Deadline deadline);
  async::Task<Result<conversation::Group>> get(ConversationId group, UserId user, async::Deadline deadline);
  // Errors: invalid_argument for a cursor that is not this list's or too old.
  async::Task<Result<MemberPage>> members(ConversationId group, UserId user, std::size_t limit, std::string cursor,
                                          async::Deadline deadline);
  // Errors: invalid_argument for nobody, group_disabled, group_dissolved.
  async::Task<Result<conversation::GroupChange>> add(ConversationId group, UserId by, std::vector<UserId> users,
                                                     async::Deadline deadline);
  // Errors: permission_denied, group_disabled, group_dissolved, not_found also for who never was a member.
  async::Task<Result<void>> remove(ConversationId group, UserId by, UserId user, async::Deadline deadline);
  // Answers the member afterwards; without a role nothing changes. Errors: as remove, and not_found for former members.
  async::Task<Result<conversation::Member>> update(ConversationId group, UserId by, UserId user,
                                                   std::optional<conversation::Role> wanted, async::Deadline deadline);
  async::Task<Result<void>> leave(ConversationId group, UserId user, async::Deadline deadline);

 private:
  async::Task<void> await_line(conversation::OutboxId line, async::Deadline deadline);

  conversation::Groups& groups_;
  conversation::Outbox& outbox_;
  const wire::CursorSigner& cursors_;
  const std::int64_t max_members_;
};

}  // namespace hongyan::group
