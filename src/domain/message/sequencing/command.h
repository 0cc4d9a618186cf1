// What is asked of the sequencer, and the port it is asked through.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "domain/conversation/types.h"
#include "domain/message/types.h"
#include "infra/async/task.h"

namespace hongyan::message::sequencing {

// A checked message to append.
struct SendAction {
  std::string client_msg_id;
  v1::Content content;
  // Of what the client supplied.
  ContentHash hash{};
  // The message it answers; its snapshot is taken at the commit.
  std::optional<Seq> quote;
  std::optional<v1::Mentions> mentions;
};

// A line of the server's own; see SystemLine.
struct SystemLineAction {
  std::string client_msg_id;
  v1::Content content;
  ContentHash hash{};
  std::vector<UserId> join;
  std::vector<UserId> leave;
  std::vector<UserId> recipients = {};
};

struct RecallAction {
  Seq seq;
  // The role of the message's sender now.
  conversation::Role sender_role = conversation::Role::member;
};

struct EditAction {
  Seq seq;
  // A text.
  v1::Content content;
};

struct ReactAction {
  Seq seq;
  std::string emoji;
  // Added, or taken back.
  bool add = true;
};

struct PinAction {
  Seq seq;
  // Pinned, or unpinned.
  bool on = true;
};

using Action = std::variant<SendAction, SystemLineAction, RecallAction, EditAction, ReactAction, PinAction>;

// A request to change a conversation. Value type without references, so that it can travel.
struct Command {
  ConversationId conversation;
  // Who asks; none (0) for system lines.
  UserId actor;
  Action action;
  // Refused with `timeout` when it is older than this before it was numbered.
  async::Deadline deadline;
};

// The name under which a repeat of the command is recognised; nothing for changes, whose repeats change nothing.
std::optional<MessageKey> key_of(const Command& command);
// Of what the client supplied; meaningful with a key.
ContentHash hash_of(const Command& command);
// About how much memory the command's content takes.
std::size_t bytes_of(const Command& command);
// Whether it makes others read something new, which who is muted may not.
bool adds_content(const Command& command);
// The message that the command changes or quotes.
std::optional<Place> target_of(const Command& command);

// A message after a change that was asked for.
struct Changed {
  // The change that was made, or the message's last one when nothing was to be changed.
  ChangeNo change;
  // Without `mine`.
  v1::Message message;
  // The emojis with which the actor has reacted.
  std::vector<std::string> mine;
};

// What became of a command.
struct Outcome {
  // Of a message or system line.
  SendAck ack;
  // Whose topics got the message of a 1:1; empty for a repeat and for groups.
  conversation::Recipients recipients;
  // Of a change; null for what was sent. Apart, because it is large and seldom.
  std::unique_ptr<Changed> changed;
};

// The answer for what cannot be done now: come back in a second.
inline Error unavailable(std::string detail) { return Error::later(ErrorCode::unavailable, 1000, std::move(detail)); }

// Called exactly once, from any thread; must not block.
using Done = std::move_only_function<void(Result<Outcome>)>;

// The way to the sequencer of a conversation.
class CommandSink {
 public:
  virtual ~CommandSink() = default;

  // Hands the command on; commands of one conversation are taken in the order of the calls. Thread-safe, never blocks.
  // Success means that what was asked is durable. A repeat of (sender, client_msg_id) gives the first outcome again, a
  // repeat of a change that has been made changes nothing. Errors: the guard's refusal; not_found for a message that is not
  // there; message_recalled, permission_denied, recall_window_passed, edit_window_passed, quota_exceeded and
  // invalid_argument as the rules of the action say; conflict for another content under the same id; unavailable and
  // timeout, after which the outcome is unknown and the same command may be repeated.
  virtual void submit(Command command, Done done) = 0;

  // Whether commands can be accepted now. Thread-safe.
  virtual bool ready() const = 0;
};

}  // namespace hongyan::message::sequencing
