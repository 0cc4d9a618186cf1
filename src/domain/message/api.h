// What later slices may ask of messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/conversation/types.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/types.h"
#include "hongyan/v1/message.pb.h"
#include "infra/async/task.h"

namespace hongyan::message {

// What one user sees of one conversation's history without reading it. Value type.
struct Summary {
  ConversationId conversation;
  // Seq of the newest message, 0 when empty.
  Seq head;
  ChangeNo change;
  // The lowest kept seq; 1 for a new conversation.
  Seq floor;
  // When the newest message was accepted; 0 when empty.
  TimeMs time;
  std::optional<v1::Message> last_message;
  // Up to where the user has read.
  Seq read;
  // Messages of others above `read`.
  std::int64_t unread = 0;
  // The newest unread message of somebody else that names the user, or everybody.
  std::optional<Seq> mentioned;
  // Of a 1:1 with somebody else: up to where they have read, unless one of the two keeps that to themselves.
  std::optional<Seq> peer_read;
  // And up to where messages have reached one of their devices.
  std::optional<Seq> peer_delivered;
};

// How far people have got in one conversation, as one of them may know it. Value type.
struct Marks {
  Cursor own;
  // Of a 1:1 with somebody else; what they have read unless one of the two keeps that to themselves.
  std::optional<Seq> peer_read;
  std::optional<Seq> peer_delivered;
};

// Numbers that only rise: what happens later to a user's conversations has a higher one of either. Value type.
struct Stamp {
  // Of commits of messages, changes and members.
  CommitNo commit;
  // Of marks that concern the user.
  CursorNo cursor;
  bool operator==(const Stamp&) const = default;
};

// Where a conversation stands for a user.
struct Standing {
  ConversationId conversation;
  // The newest seq they may see.
  Seq head;
  ChangeNo change;
  Seq read;
  // As in Summary.
  std::optional<Seq> peer_read = {};
  std::optional<Seq> peer_delivered = {};
  // When something moved here last.
  Stamp moved;
};

// A message to send.
struct SendRequest {
  ConversationId conversation;
  std::string client_msg_id;
  v1::Content content;
  // Moves the sender's read mark as well, after the message is durable.
  std::optional<Seq> read = {};
  // The message it answers.
  std::optional<Seq> quote = {};
  std::optional<v1::Mentions> mentions = {};
};

// A line of the server's own: who came in, who went out, what was renamed, who are contacts now.
struct SystemLine {
  ConversationId conversation;
  // Names the line for good: a repeat under the same name is the same line.
  std::string client_msg_id;
  v1::Content content;
  // Whose view of the group begins or ends with it.
  std::vector<UserId> join;
  std::vector<UserId> leave;
  // The two of a 1:1, to whom it is pushed; empty for a group.
  std::vector<UserId> recipients = {};
};

// Hears of messages that hold a word which moderators want to know of. Thread-safe; outlives all requests.
class Reviewer {
 public:
  virtual ~Reviewer() = default;
  // The message as it was stored, or as it is after an edit. Whoever has sent it is answered only after success. A repeat of
  // the same message is harmless. Errors: unavailable, timeout.
  virtual async::Task<Result<void>> review(v1::Message message, async::Deadline deadline) = 0;
};

// Reads single messages for other slices. Thread-safe; lives as long as the process's modules.
class Reader {
 public:
  virtual ~Reader() = default;
  // The message as this user sees it. Errors: not_found for strangers and for what they may not see, unavailable, timeout.
  virtual async::Task<Result<v1::Message>> read(UserId user, Place place, async::Deadline deadline) const = 0;
};

// Thread-safe; lives as long as the process's modules.
class Api {
 public:
  virtual ~Api() = default;

  // One summary for each membership, in the same order; each must be the user's own. Errors: unavailable, timeout.
  virtual async::Task<Result<std::vector<Summary>>> summaries(UserId user,
                                                              std::vector<conversation::Membership> memberships,
                                                              async::Deadline deadline) = 0;

  // Moves the user's mark up to `seq`, clamped to the head; it never falls. Answers the mark as it is stored, once it is
  // durable. Errors: invalid_argument for a negative seq, unavailable, timeout. A repeat is harmless.
  virtual async::Task<Result<Seq>> mark(MarkKind kind, UserId user, conversation::Membership membership, Seq seq,
                                        async::Deadline deadline) = 0;

  // The highest numbers so far. What is asked for later, memberships as well, holds everything up to there. Errors:
  // unavailable, timeout.
  virtual async::Task<Result<Stamp>> stamp(UserId user, async::Deadline deadline) = 0;

  // One standing for each membership, in the same order; each must be the user's own. Errors: unavailable, timeout.
  virtual async::Task<Result<std::vector<Standing>>> standings(UserId user,
                                                               std::vector<conversation::Membership> memberships,
                                                               async::Deadline deadline) = 0;

  // How far the user has got and, in a 1:1, the other person; the membership must be the user's own. Errors: unavailable,
  // timeout.
  virtual async::Task<Result<Marks>> marks(conversation::Membership membership, async::Deadline deadline) = 0;

  // Success means the message is durable. Commands of one caller for one conversation reach the sequencer in the order of
  // the calls, whatever has to be checked before. A repeat of the same request is harmless and gives the first answer.
  // Errors: invalid_argument, too_large, not_found for strangers and for what the message refers to, message_recalled for
  // the quoted one, permission_denied for naming all, the other refusals of the conversation, content_rejected for a word,
  // conflict for another content under the same client_msg_id, unavailable and timeout (outcome unknown).
  virtual async::Task<Result<SendAck>> send(UserId sender, SendRequest request, async::Deadline deadline) = 0;

  // Appends a system line; nobody's permission is asked. Its commit writes the bounds of those who join or leave, and its
  // push reaches the group and all of them. Success means it is durable. A repeat under the same client_msg_id gives the
  // first answer. Errors: conflict for another line under that name, unavailable and timeout (outcome unknown).
  virtual async::Task<Result<SendAck>> append_system_line(SystemLine line, async::Deadline deadline) = 0;

  // What each user may see of each conversation by the system lines committed so far, in order; nothing for who never was
  // in a group. The two of a 1:1 have none and need none. Errors: unavailable, timeout.
  virtual async::Task<Result<std::vector<std::optional<Bound>>>> bounds(std::vector<UserPlace> places,
                                                                        async::Deadline deadline) = 0;

  // The same of every group one user is or was in, by the group's id.
  virtual async::Task<Result<std::vector<GroupBound>>> bounds_of(UserId user, async::Deadline deadline) = 0;

  // Whether messages can be accepted now; false while the store is being re-opened.
  virtual bool ready() const = 0;

  // Largest content of a message, in bytes.
  virtual std::size_t max_content_bytes() const = 0;

  // Names this history: a client that knew another one drops what it holds.
  virtual std::string epoch() const = 0;
};

}  // namespace hongyan::message
