// How people come into groups, and what groups announce.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "domain/group/config.h"
#include "domain/group/store.h"
#include "infra/crypto/random.h"
#include "infra/text/words.h"
#include "wire/cursor.h"

namespace hongyan::group {

// What the service works with; all must outlive it.
struct DoorPorts {
  Store& store;
  conversation::Directs& directs;
  conversation::Outbox& outbox;
  account::Api& accounts;
  IdGenerator& ids;
  crypto::RandomSource& random;
  const Clock& clock;
  const wire::CursorSigner& cursors;
  // What neither a notice nor a wish to join may hold.
  const text::Words& words;
};

// One page of a list, and the people who stand in it. next_cursor is absent on the last page.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::optional<std::string> next_cursor;
  std::vector<account::UserCard> users;
};

// A page that somebody asks for.
struct PageWish {
  ConversationId group;
  UserId reader;
  std::size_t limit = 0;
  std::string cursor;
};

// A new invite and what makes it good; told once.
struct FreshInvite {
  Invite invite;
  std::string token;
};

// What somebody sees of an invite, and who has made it.
struct KnownInvite {
  InvitePreview preview;
  account::UserCard by;
};

// Thread-safe. Owned by Module. Success of a change means that it is durable, that no sequencer acts on what was true before,
// and as a rule that its line is in the history. Errors beside those named: not_found for strangers, not_member for former
// members, group_disabled, group_dissolved, permission_denied, unavailable, timeout.
class DoorService {
 public:
  static constexpr std::chrono::milliseconds kLinePatience{2000};
  static constexpr std::chrono::milliseconds kDefaultLife = std::chrono::hours(7 * 24);
  static constexpr std::chrono::milliseconds kShortestLife = std::chrono::minutes(1);
  static constexpr std::chrono::milliseconds kLongestLife = std::chrono::hours(30 * 24);

  DoorService(const DoorPorts& ports, const Config& config) : ports_(ports), max_members_(config.max_members) {}

  // Comes in, or asks. A repeat is harmless. Errors: invalid_argument naming `message`, group_full, request_expired,
  // quota_exceeded.
  async::Task<Result<Joined>> join(ConversationId group, UserId user, std::string token, std::string message,
                                   async::Deadline deadline);
  // Errors: group_full, not_found when they have not asked.
  async::Task<Result<conversation::Group>> accept(ConversationId group, UserId by, UserId user,
                                                  async::Deadline deadline);
  async::Task<Result<void>> reject(ConversationId group, UserId by, UserId user, async::Deadline deadline);
  // Errors: invalid_argument for a cursor that is not this list's or too old.
  async::Task<Result<Page<JoinRequest>>> requests(PageWish wish, async::Deadline deadline);

  // Not safe to repeat: makes another one. Errors: invalid_argument naming the field, quota_exceeded.
  async::Task<Result<FreshInvite>> create_invite(ConversationId group, UserId by,
                                                 std::optional<std::chrono::milliseconds> life, std::int64_t max_uses,
                                                 async::Deadline deadline);
  async::Task<Result<Page<Invite>>> invites(PageWish wish, async::Deadline deadline);
  async::Task<Result<void>> revoke_invite(ConversationId group, UserId by, InviteId invite, async::Deadline deadline);
  // Errors: not_found, request_expired.
  async::Task<Result<KnownInvite>> preview(std::string token, UserId reader, async::Deadline deadline);

  // Not safe to repeat: announces again. Errors: invalid_argument naming `text`.
  async::Task<Result<Notice>> announce(ConversationId group, UserId by, std::string text, bool notify_all,
                                       async::Deadline deadline);
  async::Task<Result<Page<Notice>>> notices(PageWish wish, async::Deadline deadline);
  // The newest notice, nothing when there is none or it was taken down.
  async::Task<Result<std::optional<Notice>>> notice(ConversationId group, UserId reader, async::Deadline deadline);

 private:
  template <class Item>
  async::Task<Result<Page<Item>>> page(PageWish wish, std::string list,
                                       async::Task<Result<std::vector<Item>>> (DoorService::*read)(PageOf,
                                                                                                   std::uint64_t,
                                                                                                   async::Deadline),
                                       async::Deadline deadline);
  async::Task<Result<std::vector<JoinRequest>>> read_requests(PageOf page, std::uint64_t after,
                                                              async::Deadline deadline);
  async::Task<Result<std::vector<Invite>>> read_invites(PageOf page, std::uint64_t after, async::Deadline deadline);
  async::Task<Result<std::vector<Notice>>> read_notices(PageOf page, std::uint64_t after, async::Deadline deadline);
  AfterCommit hook_for(ConversationId group, std::move_only_function<void()> announce);
  async::Task<void> await_line(conversation::OutboxId line, async::Deadline deadline);

  const DoorPorts ports_;
  const std::int64_t max_members_;
};

}  // namespace hongyan::group
