#include "domain/message/commands/change_service.h"

#include "domain/message/commands/words.h"
#include "domain/message/reading/history.h"

namespace hongyan::message::commands {

using sequencing::Changed;

async::Task<Result<Changed>> ChangeService::recall(UserId user, Place place, async::Deadline deadline) const {
  auto turn = ports_.order.enter({user, place.conversation});
  HY_CO_TRY(const auto message, co_await find(user, place, deadline));
  sequencing::RecallAction action{.seq = place.seq, .sender_role = conversation::Role::member};
  if (message.sender && message.sender != user) {
    const auto sender = co_await ports_.conversations.membership(place.conversation, message.sender, deadline);
    if (!sender && sender.error().code != ErrorCode::not_found) co_return std::unexpected(sender.error());
    // Who is no longer in it outranks nobody.
    if (sender && !sender->former) action.sender_role = sender->role;
  }
  HY_CO_TRY(co_await turn.come(deadline));
  HY_CO_TRY(auto outcome, co_await submit(ports_.sink, {place.conversation, user, action, deadline}, &turn));
  co_return std::move(*outcome.changed);
}

async::Task<Result<Changed>> ChangeService::edit(UserId user, Place place, v1::Content content,
                                                 async::Deadline deadline) const {
  HY_CO_TRY(check_content(content, options_.content));
  if (!content.has_text()) co_return fail(Error::invalid("content", "only text can be edited"));
  const text::WordFinding words = censor(ports_.words, content);
  if (words.block) {
    HY_CO_TRY(co_await find(user, place, deadline));
    co_return fail(ErrorCode::content_rejected, "a word");
  }
  HY_CO_TRY(auto changed, co_await change({user, place.conversation},
                                          sequencing::EditAction{place.seq, std::move(content)}, deadline));
  if (words.review) HY_CO_TRY(co_await ports_.review(changed.message, deadline));
  co_return changed;
}

async::Task<Result<Changed>> ChangeService::react(UserId user, Place place, std::string emoji, bool add,
                                                  async::Deadline deadline) const {
  HY_CO_TRY(check_emoji(emoji));
  co_return co_await change({user, place.conversation}, sequencing::ReactAction{place.seq, std::move(emoji), add},
                            deadline);
}

async::Task<Result<Changed>> ChangeService::pin(UserId user, Place place, bool on, async::Deadline deadline) const {
  return change({user, place.conversation}, sequencing::PinAction{place.seq, on}, deadline);
}

async::Task<Result<Changed>> ChangeService::change(UserPlace actor, sequencing::Action action,
                                                   async::Deadline deadline) const {
  auto turn = ports_.order.enter(actor);
  sequencing::Command command{actor.conversation, actor.user, std::move(action), deadline};
  HY_CO_TRY(co_await find(actor.user, *target_of(command), deadline));
  HY_CO_TRY(co_await turn.come(deadline));
  HY_CO_TRY(auto outcome, co_await submit(ports_.sink, std::move(command), &turn));
  co_return std::move(*outcome.changed);
}

async::Task<Result<StoredMessage>> ChangeService::find(UserId user, Place place, async::Deadline deadline) const {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(place.conversation, user, deadline));
  if (membership.former) co_return fail(ErrorCode::not_member, "they have left");
  co_return co_await ports_.store_pool.run(deadline, [&stores = ports_.stores, membership, seq = place.seq] {
    return reading::read_message(stores, membership, seq);
  });
}

}  // namespace hongyan::message::commands
