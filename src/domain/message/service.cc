#include "domain/message/service.h"

#include <algorithm>

#include "domain/message/await_answer.h"
#include "domain/message/commands/words.h"
#include "domain/message/reading/history.h"
#include "domain/message/reading/standings.h"

namespace hongyan::message {
namespace {

// Who hears of a mark besides the user's own devices.
Audience audience_of(const conversation::Membership& membership, std::int64_t max_told_members) {
  const bool group = membership.type == conversation::Type::group;
  return {.peer = other_person(membership), .senders = group && membership.member_count <= max_told_members};
}

// The same as the guard of a send knows it: those of a 1:1, nobody for a group.
Audience audience_of(UserId user, const conversation::Recipients& recipients) {
  const auto other = std::ranges::find_if(recipients, [user](UserId one) { return one != user; });
  return other == recipients.end() ? Audience{} : Audience{.peer = *other};
}

}  // namespace

Result<sequencing::SendAction> Service::action_of(SendRequest& request) const {
  HY_TRY(check_client_msg_id(request.client_msg_id));
  HY_TRY(check_content(request.content, options_.content));
  if (request.read && *request.read < Seq(0)) return fail(Error::invalid("read_seq", "negative"));
  if (request.quote && *request.quote < Seq(1)) return fail(Error::invalid("quote_seq", "below 1"));
  if (request.mentions) HY_TRY(check_mentions(*request.mentions));
  sequencing::SendAction action{.client_msg_id = std::move(request.client_msg_id),
                                .content = std::move(request.content),
                                .hash = {},
                                .quote = request.quote,
                                .mentions = std::move(request.mentions)};
  action.hash = content_hash(request.conversation, action.content, action.quote, action.mentions);
  return action;
}

bool Service::may_send_directly(const v1::SendRequest& request) const {
  const bool whole = request.conversation_id() != 0 && !request.client_msg_id().empty() && request.has_content();
  return whole && !request.has_read_seq() && !request.has_quote_seq() && !request.has_mentions() &&
         !commands::References::needs_check(request.content()) && ports_.order.empty() &&
         commands::is_clean(ports_.words, request.content(), options_.content.max_bytes);
}

void Service::send_directly(UserId sender, SendRequest request, async::Deadline deadline, sequencing::Done done) {
  auto action = action_of(request);
  if (!action) return done(std::unexpected(std::move(action).error()));
  ports_.sink.submit({request.conversation, sender, std::move(*action), deadline}, std::move(done));
}

async::Task<Result<SendAck>> Service::send(UserId sender, SendRequest request, async::Deadline deadline) {
  HY_CO_TRY(auto action, action_of(request));
  const UserPlace place{sender, request.conversation};
  auto turn = ports_.order.enter(place);
  // After the hash was taken: a repeat is one of what was sent, whatever the words have become.
  const text::WordFinding words = commands::censor(ports_.words, action.content);
  std::optional<v1::Message> found;
  if (words.review) found = commands::found_message(place, action.client_msg_id, action.content);
  if (!words.nothing() || commands::References::needs_check(action)) {
    HY_CO_TRY(const auto first,
              co_await references_.sent_before({sender, action.client_msg_id}, action.hash, deadline));
    if (first) {
      // Nobody may have been told before.
      if (found) HY_CO_TRY(co_await ports_.review(commands::with_ack(*std::move(found), *first), deadline));
      co_return *first;
    }
    if (words.block) co_return fail(ErrorCode::content_rejected, "a word");
    if (commands::References::needs_check(action)) HY_CO_TRY(co_await references_.check(place, action, deadline));
  }
  HY_CO_TRY(co_await turn.come(deadline));
  HY_CO_TRY(auto outcome,
            co_await submit(ports_.sink, {request.conversation, sender, std::move(action), deadline}, &turn));
  if (request.read) {
    co_await note_read(place, *request.read, std::move(outcome.recipients), deadline);
  }
  if (found) HY_CO_TRY(co_await ports_.review(commands::with_ack(*std::move(found), outcome.ack), deadline));
  co_return outcome.ack;
}

async::Task<Result<SendAck>> Service::append_system_line(SystemLine line, async::Deadline deadline) {
  sequencing::SystemLineAction action{.client_msg_id = std::move(line.client_msg_id),
                                      .content = std::move(line.content),
                                      .hash = {},
                                      .join = std::move(line.join),
                                      .leave = std::move(line.leave),
                                      .recipients = std::move(line.recipients)};
  action.hash = content_hash(line.conversation, action.content);
  HY_CO_TRY(const auto outcome, co_await submit(ports_.sink, {line.conversation, {}, std::move(action), deadline}));
  co_return outcome.ack;
}

// Moves the mark without waiting for it. A failure is no failure of the send: the client marks again when it reads.
async::Task<void> Service::note_read(UserPlace place, Seq seq, conversation::Recipients recipients,
                                     async::Deadline deadline) {
  Audience audience = audience_of(place.user, recipients);
  if (recipients.empty()) {
    const auto membership = co_await ports_.conversations.membership(place.conversation, place.user, deadline);
    if (!membership) co_return;
    audience = audience_of(*membership, options_.max_told_members);
  }
  ports_.merger.mark({place, MarkKind::read, seq, audience}, {});
}

async::Task<Result<std::vector<std::optional<Bound>>>> Service::bounds(std::vector<UserPlace> places,
                                                                       async::Deadline deadline) {
  co_return co_await ports_.store_pool.run(
      deadline, [&messages = ports_.stores.messages, places = std::move(places)] { return messages.bounds(places); });
}

async::Task<Result<std::vector<GroupBound>>> Service::bounds_of(UserId user, async::Deadline deadline) {
  co_return co_await ports_.store_pool.run(
      deadline, [&messages = ports_.stores.messages, user] { return messages.bounds_of(user); });
}

async::Task<Result<std::vector<Summary>>> Service::summaries(UserId user,
                                                             std::vector<conversation::Membership> memberships,
                                                             async::Deadline deadline) {
  co_return co_await ports_.store_pool.run(deadline, [&ports = ports_, user, memberships = std::move(memberships)] {
    return reading::read_summaries(ports.stores, ports.privacy, user, memberships);
  });
}

async::Task<Result<Stamp>> Service::stamp(UserId user, async::Deadline deadline) {
  co_return co_await ports_.store_pool.run(
      deadline, [&stores = ports_.stores, user] { return reading::read_stamp(stores, user); });
}

async::Task<Result<std::vector<Standing>>> Service::standings(UserId user,
                                                              std::vector<conversation::Membership> memberships,
                                                              async::Deadline deadline) {
  co_return co_await ports_.store_pool.run(deadline, [&ports = ports_, user, memberships = std::move(memberships)] {
    return reading::read_standings(ports.stores, ports.privacy, user, memberships);
  });
}

async::Task<Result<Marks>> Service::marks(conversation::Membership membership, async::Deadline deadline) {
  HY_CO_TRY(
      const auto marks, co_await ports_.store_pool.run(deadline, [&ports = ports_, membership = std::move(membership)] {
        return reading::read_marks(ports.stores.cursors, ports.privacy, membership.user, std::span(&membership, 1));
      }));
  co_return marks.front();
}

async::Task<Result<Seq>> Service::mark(MarkKind kind, UserId user, conversation::Membership membership, Seq seq,
                                       async::Deadline deadline) {
  if (seq < Seq(0)) co_return fail(Error::invalid("seq", "negative"));
  MarkRequest request{{user, membership.conversation}, kind, seq, audience_of(membership, options_.max_told_members)};
  auto submit = [&merger = ports_.merger, request](MarkDone done) { merger.mark(request, std::move(done)); };
  co_return co_await await_answer<Seq>(deadline, std::move(submit));
}

}  // namespace hongyan::message
