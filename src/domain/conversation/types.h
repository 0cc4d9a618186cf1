// What the conversation slice knows of a conversation and its members.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace hongyan::conversation {

enum class Type : std::uint8_t { direct = 1, group = 2, self = 3, system = 4, channel = 5 };
enum class State : std::uint8_t { normal = 1, disabled = 2, dissolved = 3 };

// What a member may do in a group; a higher one may do all a lower one may. In a 1:1 everybody is a member.
enum class Role : std::uint8_t { member = 1, admin = 2, owner = 3 };

// How people come into a group by themselves.
enum class JoinMode : std::uint8_t { open = 1, approval = 2, invite = 3 };

// Whether somebody who came into a conversation is still in it.
enum class MemberState : std::uint8_t { present = 1, former = 2 };

// Members whose pictures stand for a group.
inline constexpr std::size_t kMaxFaces = 9;

// One user's place in one conversation. Value type.
struct Membership {
  bool operator==(const Membership&) const = default;
  ConversationId conversation;
  UserId user;
  Type type = Type::direct;
  State state = State::normal;
  // Of a 1:1 the other person; oneself in the file helper.
  std::optional<UserId> peer;
  Role role = Role::member;
  // They left the group or were removed: they read up to their left_seq and may do nothing any more.
  bool former = false;
  // Of a group: until when they may not send, 0 when they may; and whether only its owner and admins may.
  TimeMs muted_until = {};
  bool mute_all = false;
  // Of a group.
  std::string name = {};
  std::string avatar = {};
  std::int64_t group_version = 0;
  std::int64_t member_count = 0;
  // The first members, at most kMaxFaces.
  std::vector<UserId> faces = {};
};

// What two people are to each other, as far as it decides who may send in their 1:1.
struct Relation {
  // Each has the other on the list of contacts, or that is not asked for.
  bool friends = true;
  // One of them blocks the other.
  bool blocked = false;
};

// The people of a 1:1; a small copy without memory of its own.
using Recipients = boost::container::small_vector<UserId, 2>;

// Whether one user may send to one conversation now, and whom a message reaches. Loaded by the sequencer, kept until the
// conversation or one of `depends_on` is bumped.
struct SendGuard {
  Type type = Type::direct;
  Role role = Role::member;
  // The reason the sender may not send: not_found for strangers, not_member, account_disabled, ...
  std::optional<Error> refusal;
  // Users whose bump makes this guard stale.
  std::vector<UserId> depends_on;
  // Users whose topics get the message of a 1:1 (the sender included); empty for groups, which have a topic of their own.
  Recipients recipients;
  // From then on the guard says nothing any more and is loaded again: a mute ends by itself. 0: it holds until a bump.
  TimeMs valid_until;
  // Lines of the conversation wait in the outbox. They come before anything sent under this guard: a message must not get
  // a seq below the joined_seq of somebody who was a member before it.
  bool lines_waiting = false;
};

// Number of a line in the outbox; they rise in the order in which their transactions were committed.
using OutboxId = Strong<struct OutboxIdTag, std::int64_t>;

// A group as everybody in it sees it.
struct Group {
  ConversationId id;
  State state = State::normal;
  std::string name;
  std::string avatar;
  UserId owner;
  std::int64_t member_count = 0;
  bool mute_all = false;
  // Rises with every change of the group or of its members.
  std::int64_t version = 0;
  JoinMode join_mode = JoinMode::invite;
  // The first members by rank, at most kMaxFaces: whose pictures stand for a group that has none.
  std::vector<UserId> faces = {};
  bool operator==(const Group&) const = default;
};

// A group as somebody finds it.
struct FoundGroup {
  Group group;
  // They are in it.
  bool joined = false;
  bool operator==(const FoundGroup&) const = default;
};

// Somebody who is in a group.
struct Member {
  UserId user;
  Role role = Role::member;
  // 0 when they may send.
  TimeMs muted_until;
  TimeMs joined;
  // None for who made the group, and who came by themselves.
  std::optional<UserId> invited_by;
  // What they call themselves there.
  std::string nickname = {};
  bool operator==(const Member&) const = default;
};

// Where a member stands in the list: the owner, the admins, the members, each by when they joined.
struct MemberPosition {
  Role role = Role::owner;
  TimeMs joined;
  UserId user;
  bool operator==(const MemberPosition&) const = default;
};

// Which members: at most `limit` after a position, in the order of MemberPosition, only those called like `text` unless it is
// empty.
struct MemberQuery {
  std::optional<MemberPosition> after = {};
  std::size_t limit = 0;
  std::string text = {};
};

// A change of a group; absent fields stay.
struct GroupEdit {
  std::optional<std::string> name = {};
  std::optional<JoinMode> join_mode = {};
  std::optional<bool> mute_all = {};
};

// A change of a member; absent fields stay.
struct MemberEdit {
  // 0 lets them send.
  std::optional<TimeMs> muted_until = {};
  std::optional<std::string> nickname = {};
};

// What a user has set for a conversation, for themselves alone. Value type.
struct Settings {
  bool pinned = false;
  bool muted = false;
  bool marked_unread = false;
  // Not listed until there is a message above this one.
  std::optional<Seq> hidden_up_to = {};
  std::string draft = {};
  bool operator==(const Settings&) const = default;
};

// Absent fields stay.
struct SettingsChange {
  std::optional<bool> pinned = {};
  std::optional<bool> muted = {};
  std::optional<bool> marked_unread = {};
  std::optional<Seq> hidden_up_to = {};
  std::optional<std::string> draft = {};
};

// Somebody who was not added, and why: not_found, already_exists (is in it), group_full, or what stopped the work.
struct NotAdded {
  UserId user;
  ErrorCode code = ErrorCode::internal;
  bool operator==(const NotAdded&) const = default;
};

// What a change of a group has done.
struct GroupChange {
  // After the change.
  Group group;
  std::vector<NotAdded> failed;
  // The last line that tells of it; none when nothing had to change.
  OutboxId line;
};

}  // namespace hongyan::conversation
