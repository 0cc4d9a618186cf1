#include "domain/conversation/sql_store.h"

#include <tuple>

namespace hongyan::conversation {
namespace {

using MemberRow = std::tuple<ConversationId, UserId, Type, State, std::optional<UserId>, std::optional<UserId>>;

Membership to_membership(const MemberRow& row) {
  const auto& [conversation, user, type, state, low, high] = row;
  Membership membership{conversation, user, type, state, std::nullopt};
  if (low && high) membership.peer = *low == user ? *high : *low;
  return membership;
}

Result<std::optional<ConversationId>> select_direct(sql::Session& session, const Pair& pair) {
  HY_TRY(const auto row, session.query_one<ConversationId>(
                             "SELECT conversation_id FROM direct_pairs WHERE low_user = :low AND high_user = :high",
                             pair.low, pair.high));
  if (!row) return std::optional<ConversationId>();
  return std::optional(std::get<0>(*row));
}

Result<ConversationId> insert_direct(sql::Transaction& transaction, const Pair& pair, ConversationId fresh,
                                     TimeMs now) {
  const Type type = pair.low == pair.high ? Type::self : Type::direct;
  HY_TRY(transaction.execute(
      "INSERT INTO conversations (conversation_id, type, state, created_ms) VALUES (:id, :type, :state, :now)", fresh,
      type, State::normal, now));
  HY_TRY(
      transaction.execute("INSERT INTO direct_pairs (low_user, high_user, conversation_id) VALUES (:low, :high, :id)",
                          pair.low, pair.high, fresh));
  std::vector<std::vector<sql::Value>> members{sql::values(fresh, pair.low, now)};
  if (pair.low != pair.high) members.push_back(sql::values(fresh, pair.high, now));
  HY_TRY(transaction.insert_rows("members", {"conversation_id", "user_id", "joined_ms"}, members));
  return fresh;
}

}  // namespace

async::Task<Result<std::optional<ConversationId>>> SqlStore::find_direct(Pair pair, async::Deadline deadline) {
  return database_.read(deadline, [pair](sql::Session& session) { return select_direct(session, pair); });
}

async::Task<Result<ConversationId>> SqlStore::create_direct(Pair pair, ConversationId fresh, TimeMs now,
                                                            async::Deadline deadline) {
  return database_.write(deadline, [=](sql::Transaction& transaction) -> Result<ConversationId> {
    // One writer: whoever comes second sees what the first has committed.
    HY_TRY(const auto existing, select_direct(transaction, pair));
    if (existing) return *existing;
    return insert_direct(transaction, pair, fresh, now);
  });
}

async::Task<Result<std::optional<Membership>>> SqlStore::membership(ConversationId conversation, UserId user,
                                                                    async::Deadline deadline) {
  return database_.read(deadline, [=](sql::Session& session) -> Result<std::optional<Membership>> {
    HY_TRY(const auto row,
           (session.query_one<ConversationId, UserId, Type, State, std::optional<UserId>, std::optional<UserId>>(
               "SELECT m.conversation_id, m.user_id, c.type, c.state, p.low_user, p.high_user"
               " FROM members m JOIN conversations c ON c.conversation_id = m.conversation_id"
               " LEFT JOIN direct_pairs p ON p.conversation_id = m.conversation_id"
               " WHERE m.conversation_id = :conversation AND m.user_id = :user",
               conversation, user)));
    if (!row) return std::optional<Membership>();
    return std::optional(to_membership(*row));
  });
}

async::Task<Result<std::vector<Membership>>> SqlStore::memberships_of(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [=](sql::Session& session) -> Result<std::vector<Membership>> {
    HY_TRY(const auto rows,
           (session.query<ConversationId, UserId, Type, State, std::optional<UserId>, std::optional<UserId>>(
               "SELECT m.conversation_id, m.user_id, c.type, c.state, p.low_user, p.high_user"
               " FROM members m JOIN conversations c ON c.conversation_id = m.conversation_id"
               " LEFT JOIN direct_pairs p ON p.conversation_id = m.conversation_id"
               " WHERE m.user_id = :user ORDER BY m.conversation_id LIMIT :most",
               user, kMaxConversations)));
    std::vector<Membership> memberships;
    memberships.reserve(rows.size());
    for (const auto& row : rows) memberships.push_back(to_membership(row));
    return memberships;
  });
}

}  // namespace hongyan::conversation
