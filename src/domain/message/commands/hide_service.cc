#include "domain/message/commands/hide_service.h"

#include <fmt/format.h>

#include "domain/message/reading/history.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::message::commands {

async::Task<Result<void>> HideService::delete_for_me(UserId user, Place place, async::Deadline deadline) {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(place.conversation, user, deadline));
  HY_CO_TRY(
      co_await ports_.store_pool.run(deadline, [this, membership, place] { return hide(membership, place.seq); }));
  v1::DeletedEvent state;
  state.set_conversation_id(place.conversation.value);
  state.set_seq(place.seq.value);
  const std::string key = fmt::format("{}/{}", place.conversation.value, place.seq.value);
  co_return co_await events_.record({{user, "deleted", key, state.SerializeAsString()}}, deadline);
}

async::Task<Result<Seq>> HideService::clear(UserPlace place, Seq up_to, async::Deadline deadline) {
  if (up_to < Seq(0)) co_return fail(Error::invalid("up_to_seq", "negative"));
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(place.conversation, place.user, deadline));
  Seq cleared;
  Seq recorded;
  do {
    HY_CO_TRY(cleared, co_await ports_.store_pool.run(
                           deadline, [this, membership, up_to] { return hide_up_to(membership, up_to); }));
    v1::ClearedEvent state;
    state.set_conversation_id(place.conversation.value);
    state.set_up_to_seq(cleared.value);
    HY_CO_TRY(co_await events_.record(
        {{place.user, "cleared", std::to_string(place.conversation.value), state.SerializeAsString()}}, deadline));
    recorded = cleared;
    // Of two at once the one that hides less may be recorded last, and would stand for both.
    HY_CO_TRY(cleared, co_await ports_.store_pool.run(deadline, [this, place] { return hidden_up_to(place); }));
  } while (recorded < cleared);
  co_return cleared;
}

Result<void> HideService::hide(const conversation::Membership& membership, Seq seq) {
  const UserSeq message{{membership.user, membership.conversation}, seq};
  const auto found = reading::read_message(ports_.stores, membership, seq);
  if (found) return told(ports_.stores.hidden.hide(message));
  if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
  // What is hidden already is not found either, and shall be.
  HY_TRY(const auto hidden, ports_.stores.hidden.hidden(std::span(&message, 1)));
  if (!hidden.front()) return fail(ErrorCode::not_found, "no message that they may see");
  return {};
}

Result<Seq> HideService::hide_up_to(const conversation::Membership& membership, Seq up_to) {
  const UserPlace place{membership.user, membership.conversation};
  const std::lock_guard lock(clearing_);
  HY_TRY(const Seq before, hidden_up_to(place));
  HY_TRY(const auto heads, ports_.stores.messages.heads(std::span(&place.conversation, 1)));
  HY_TRY(const auto sights, reading::read_sights(ports_.stores, place.user, std::span(&membership, 1), heads));
  const Seq target = std::min(up_to, sights.front().seqs.to);
  if (target <= before) return before;
  HY_TRY(told(ports_.stores.hidden.clear({place, target})));
  return target;
}

Result<Seq> HideService::hidden_up_to(const UserPlace& place) {
  HY_TRY(const auto cleared, ports_.stores.hidden.cleared(std::span(&place, 1)));
  return cleared.front();
}

Result<void> HideService::told(Result<void> written) {
  if (!written) ports_.on_store_failure(written.error());
  return written;
}

}  // namespace hongyan::message::commands
