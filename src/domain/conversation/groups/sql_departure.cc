#include "domain/conversation/groups/sql_departure.h"

#include <fmt/format.h>

namespace hongyan::conversation {
namespace {

using sql::Transaction;

// Of one step. Each group is a transaction of its own.
constexpr std::int64_t kGroupsAtOnce = 10;
constexpr std::int64_t kDirectsAtOnce = 100;
constexpr std::int64_t kRowsAtOnce = 500;

using DirectRow = std::tuple<ConversationId, UserId, UserId>;

// Runs `statement` for the user and these conversations; it has a place for each of both.
Result<void> execute_in(Transaction& transaction, std::string_view statement, UserId user,
                        std::span<const std::tuple<ConversationId>> conversations) {
  std::vector<sql::Value> parameters = sql::values(user);
  for (const auto& [one] : conversations) parameters.push_back(sql::ValueOf<ConversationId>::bind(one));
  HY_TRY(transaction.execute_with(
      fmt::format(fmt::runtime(statement), sql::placeholders(1), sql::placeholders(conversations.size())), parameters));
  return {};
}

}  // namespace

async::Task<Result<bool>> SqlDeparture::forget(UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto groups, co_await some_groups(user, deadline));
  for (const ConversationId group : groups) {
    const auto left = co_await groups_.leave(group, user, deadline);
    // Somebody may have removed them meanwhile.
    if (!left && left.error().code != ErrorCode::not_member) co_return std::unexpected(left.error());
  }
  if (!groups.empty()) co_return false;
  co_return co_await database_.write(deadline, [this, user](Transaction& transaction) -> Result<bool> {
    HY_TRY(const bool closed, close_directs(transaction, user));
    HY_TRY(const bool dropped, drop_own(transaction, user));
    return closed && dropped;
  });
}

async::Task<Result<std::vector<ConversationId>>> SqlDeparture::some_groups(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) -> Result<std::vector<ConversationId>> {
    HY_TRY(const auto rows,
           session.query<ConversationId>(
               "SELECT m.conversation_id FROM members m JOIN conversations c"
               " ON c.conversation_id = m.conversation_id WHERE m.user_id = :user AND m.state = :present"
               " AND c.type = :group ORDER BY m.conversation_id LIMIT :most",
               user, MemberState::present, Type::group, kGroupsAtOnce));
    std::vector<ConversationId> groups;
    for (const auto& [group] : rows) groups.push_back(group);
    return groups;
  });
}

// Some of the 1:1s and the file helper; true when none is left.
Result<bool> SqlDeparture::close_directs(Transaction& transaction, UserId user) {
  HY_TRY(const std::vector<DirectRow> rows,
         (transaction.query<ConversationId, UserId, UserId>(
             "SELECT p.conversation_id, p.low_user, p.high_user FROM members m"
             " JOIN direct_pairs p ON p.conversation_id = m.conversation_id"
             " JOIN conversations c ON c.conversation_id = m.conversation_id"
             " WHERE m.user_id = :user AND c.state = :normal ORDER BY p.conversation_id LIMIT :most",
             user, State::normal, kDirectsAtOnce)));
  if (rows.empty()) return true;
  HY_TRY(const auto cards, accounts_.users_in(transaction, std::span(&user, 1)));
  if (cards.empty()) return fail(ErrorCode::internal, "a user who never was");
  const std::string state = account::to_proto(cards.front()).SerializeAsString();
  std::vector<account::UserEvent> events;
  for (const auto& [conversation, low, high] : rows) {
    HY_TRY(
        transaction.execute("UPDATE conversations SET state = :state, permission_version = permission_version + 1"
                            " WHERE conversation_id = :id",
                            State::disabled, conversation));
    const UserId peer = low == user ? high : low;
    if (peer != user) events.push_back({peer, "user", std::to_string(user.value), state});
    transaction.after_commit([this, conversation] { closed_(conversation); });
  }
  HY_TRY(events_.append(transaction, std::move(events)));
  return std::ssize(rows) < kDirectsAtOnce;
}

// Some of what they have set for conversations, and of what they were called in groups, also in those they have left; true
// when nothing is left.
Result<bool> SqlDeparture::drop_own(Transaction& transaction, UserId user) {
  HY_TRY(const auto settings,
         transaction.query<ConversationId>(
             "SELECT conversation_id FROM conversation_settings WHERE user_id = :user LIMIT :most", user, kRowsAtOnce));
  if (!settings.empty()) {
    HY_TRY(execute_in(transaction, "DELETE FROM conversation_settings WHERE user_id IN {} AND conversation_id IN {}",
                      user, settings));
  }
  HY_TRY(const auto named,
         transaction.query<ConversationId>(
             "SELECT conversation_id FROM members WHERE user_id = :user AND nickname <> '' LIMIT :most", user,
             kRowsAtOnce));
  if (!named.empty()) {
    HY_TRY(execute_in(transaction, "UPDATE members SET nickname = '' WHERE user_id IN {} AND conversation_id IN {}",
                      user, named));
  }
  return std::ssize(settings) < kRowsAtOnce && std::ssize(named) < kRowsAtOnce;
}

}  // namespace hongyan::conversation
