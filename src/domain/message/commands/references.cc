#include "domain/message/commands/references.h"

#include <algorithm>

#include "domain/message/reading/history.h"

namespace hongyan::message::commands {
namespace {

Error no_member() { return Error::invalid("mentions.user_ids", "no member of the conversation"); }

}  // namespace

bool References::needs_check(const sequencing::SendAction& action) {
  const bool names_people = action.mentions && action.mentions->user_ids_size() > 0;
  return action.quote || names_people || needs_check(action.content);
}

bool References::needs_check(const v1::Content& content) { return content.has_card() || names_file(content); }

async::Task<Result<std::optional<SendAck>>> References::sent_before(MessageKey key, ContentHash hash,
                                                                    async::Deadline deadline) const {
  HY_CO_TRY(const auto found,
            co_await ports_.store_pool.run(deadline, [&messages = ports_.stores.messages, key = std::move(key)] {
              return messages.find_keys(std::span(&key, 1));
            }));
  if (!found.front()) co_return std::optional<SendAck>();
  if (found.front()->hash != hash) {
    co_return fail(ErrorCode::conflict, "client_msg_id was used for another message");
  }
  co_return found.front()->ack;
}

async::Task<Result<void>> References::check(UserPlace sender, const sequencing::SendAction& action,
                                            async::Deadline deadline) const {
  HY_CO_TRY(const auto membership,
            co_await ports_.conversations.membership(sender.conversation, sender.user, deadline));
  // No file has been uploaded yet.
  if (names_file(action.content)) co_return fail(ErrorCode::not_found, "no such file");
  if (action.content.has_card()) {
    std::vector<UserId> person{UserId(action.content.card().user_id())};
    HY_CO_TRY(const auto cards, co_await ports_.accounts.users(std::move(person), deadline));
    if (cards.empty()) co_return fail(ErrorCode::not_found, "no such person");
  }
  if (action.mentions) HY_CO_TRY(co_await check_members(membership, *action.mentions, deadline));
  if (!action.quote) co_return Result<void>();
  auto quoted = co_await ports_.store_pool.run(deadline, [&stores = ports_.stores, membership, seq = *action.quote] {
    return reading::read_message(stores, membership, seq);
  });
  if (!quoted) co_return std::unexpected(std::move(quoted).error());
  co_return Result<void>();
}

// In a group by the lines committed so far, so that whoever is named can see that they are.
async::Task<Result<void>> References::check_members(const conversation::Membership& membership,
                                                    const v1::Mentions& mentions, async::Deadline deadline) const {
  std::vector<UserPlace> places;
  for (const std::uint64_t user : mentions.user_ids()) places.push_back({UserId(user), membership.conversation});
  if (places.empty()) co_return Result<void>();
  if (membership.type != conversation::Type::group) {
    const auto is_in = [&](const UserPlace& place) {
      return place.user == membership.user || place.user == membership.peer;
    };
    if (!std::ranges::all_of(places, is_in)) co_return fail(no_member());
    co_return Result<void>();
  }
  HY_CO_TRY(const auto bounds,
            co_await ports_.store_pool.run(deadline, [&messages = ports_.stores.messages, places = std::move(places)] {
              return messages.bounds(places);
            }));
  const auto is_in = [](const std::optional<Bound>& bound) { return bound && !bound->left; };
  if (!std::ranges::all_of(bounds, is_in)) co_return fail(no_member());
  co_return Result<void>();
}

}  // namespace hongyan::message::commands
