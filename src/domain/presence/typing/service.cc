#include "domain/presence/typing/service.h"

#include "hongyan/v1/frame.pb.h"

namespace hongyan::presence {

async::Task<Result<void>> TypingService::set(UserId user, ConversationId conversation, bool typing,
                                             async::Deadline deadline) {
  const TimeMs now = ports_.clock.now();
  // Who types fast costs no look at the database: they were told of lately, so they may write here.
  if (typing && !throttle_.would_tell(user, conversation, typing, now)) co_return Result<void>();
  HY_CO_TRY(const auto guard, co_await ports_.conversations.send_guard(conversation, user, deadline));
  if (guard.refusal) co_return fail(*guard.refusal);
  if (!throttle_.tell(user, conversation, typing, now)) co_return Result<void>();
  HY_CO_TRY(const auto told, co_await others(user, conversation, guard, deadline));
  v1::TypingPush data;
  data.set_conversation_id(conversation.value);
  data.set_user_id(user.value);
  data.set_until_ms(typing ? now.value + config_.typing.count() : now.value);
  const auto push = wire::make_push("typing", std::move(data));
  std::vector<wire::Publication> publications;
  for (const UserId other : told) publications.push_back({wire::Topic::user(other), push});
  if (!publications.empty()) ports_.topics.publish(std::move(publications));
  co_return Result<void>();
}

// To whom it is told. Of a group, as its rows are now: who was just removed gets nothing, even before the line that says so.
async::Task<Result<std::vector<UserId>>> TypingService::others(UserId user, ConversationId conversation,
                                                               const conversation::SendGuard& guard,
                                                               async::Deadline deadline) {
  std::vector<UserId> others(guard.recipients.begin(), guard.recipients.end());
  if (guard.type == conversation::Type::group) {
    const auto most = static_cast<std::size_t>(config_.typing_members);
    HY_CO_TRY(const auto members, co_await ports_.groups.members(conversation, user, {.limit = most + 1}, deadline));
    if (members.size() > most) co_return std::vector<UserId>();
    for (const conversation::Member& member : members) others.push_back(member.user);
  }
  std::erase(others, user);
  co_return others;
}

}  // namespace hongyan::presence
