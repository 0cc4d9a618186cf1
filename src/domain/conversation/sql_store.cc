#include "domain/conversation/sql_store.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "domain/conversation/rules.h"

namespace hongyan::conversation {
namespace {

// What is selected of a membership, and how.
constexpr std::string_view kMembership =
    "SELECT m.conversation_id, m.user_id, c.type, c.state, p.low_user, p.high_user, m.role, m.state,"
    " m.muted_until_ms, c.mute_all, c.name, c.avatar, c.group_version, c.member_count, c.faces"
    " FROM members m JOIN conversations c ON c.conversation_id = m.conversation_id"
    " LEFT JOIN direct_pairs p ON p.conversation_id = m.conversation_id WHERE ";

Result<std::vector<Membership>> select_memberships_with(sql::Session& session, std::string_view where,
                                                        std::span<const sql::Value> parameters) {
  HY_TRY(
      const auto rows,
      (session.query_with<ConversationId, UserId, Type, State, std::optional<UserId>, std::optional<UserId>, Role,
                          MemberState, TimeMs, bool, std::string, std::string, std::int64_t, std::int64_t, std::string>(
          fmt::format("{}{}", kMembership, where), parameters)));
  std::vector<Membership> memberships;
  memberships.reserve(rows.size());
  for (const auto& [conversation, user, type, state, low, high, role, present, muted, mute_all, name, avatar, version,
                    members, faces] : rows) {
    Membership& place = memberships.emplace_back(Membership{conversation, user, type, state, std::nullopt, role,
                                                            present != MemberState::present, muted, mute_all, name,
                                                            avatar, version, members, split_users(faces)});
    if (low && high) place.peer = *low == user ? *high : *low;
  }
  return memberships;
}

template <class... Args>
Result<std::vector<Membership>> select_memberships(sql::Session& session, std::string_view where, Args... args) {
  return select_memberships_with(session, where, sql::values(args...));
}

}  // namespace

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

Result<std::optional<Membership>> select_membership(sql::Session& session, ConversationId conversation, UserId user) {
  HY_TRY(auto found,
         select_memberships(session, "m.conversation_id = :conversation AND m.user_id = :user", conversation, user));
  if (found.empty()) return std::optional<Membership>();
  return std::optional(std::move(found.front()));
}

async::Task<Result<std::optional<Membership>>> SqlStore::membership(ConversationId conversation, UserId user,
                                                                    async::Deadline deadline) {
  return database_.read(deadline,
                        [=](sql::Session& session) { return select_membership(session, conversation, user); });
}

async::Task<Result<GuardFacts>> SqlStore::guard_facts(ConversationId conversation, UserId user,
                                                      async::Deadline deadline) {
  return database_.read(deadline, [=, this](sql::Session& session) -> Result<GuardFacts> {
    GuardFacts facts;
    HY_TRY(facts.membership, select_membership(session, conversation, user));
    const bool direct = facts.membership && facts.membership->type == Type::direct && facts.membership->peer;
    if (direct && relations_ != nullptr) {
      HY_TRY(facts.relation, relations_->relation_in(session, user, *facts.membership->peer));
    }
    HY_TRY(const auto line, session.query_one<OutboxId>("SELECT outbox_id FROM outbox WHERE conversation_id = :id"
                                                        " AND dead_reason IS NULL LIMIT 1",
                                                        conversation));
    facts.lines_waiting = line.has_value();
    return facts;
  });
}

async::Task<Result<std::vector<UserId>>> SqlStore::member_ids(ConversationId conversation, async::Deadline deadline) {
  return database_.read(deadline, [conversation](sql::Session& session) -> Result<std::vector<UserId>> {
    HY_TRY(const auto rows,
           session.query<UserId>("SELECT user_id FROM members m WHERE conversation_id = :id AND state = :state"
                                 " AND NOT EXISTS (SELECT 1 FROM users u WHERE u.user_id = m.user_id AND u.bot = 1)"
                                 " ORDER BY user_id LIMIT :most",
                                 conversation, MemberState::present, kMaxMembers));
    std::vector<UserId> members;
    members.reserve(rows.size());
    for (const auto& [user] : rows) members.push_back(user);
    return members;
  });
}

async::Task<Result<std::vector<Membership>>> SqlStore::memberships_of(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) {
    return select_memberships(session, "m.user_id = :user ORDER BY m.conversation_id LIMIT :most", user,
                              kMaxConversations);
  });
}

async::Task<Result<PlaceIds>> SqlStore::place_ids(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [this, user](sql::Session& session) -> Result<PlaceIds> {
    HY_TRY(const auto rows,
           session.query<ConversationId>("SELECT conversation_id FROM members WHERE user_id = :user AND state = :state"
                                         " ORDER BY conversation_id LIMIT :most",
                                         user, MemberState::present, kMaxConversations));
    PlaceIds places;
    places.conversations.reserve(rows.size());
    for (const auto& [conversation] : rows) places.conversations.push_back(conversation);
    HY_TRY(places.version, events_.version_in(session, user));
    return places;
  });
}

async::Task<Result<Places>> SqlStore::places_in(UserId user, std::vector<ConversationId> conversations,
                                                async::Deadline deadline) {
  return database_.read(deadline, [this, user, conversations](sql::Session& session) -> Result<Places> {
    Places places;
    if (!conversations.empty()) {
      std::vector<sql::Value> parameters = sql::values(user);
      for (const ConversationId one : conversations) parameters.push_back(sql::ValueOf<ConversationId>::bind(one));
      const std::string where = fmt::format("m.user_id IN {} AND m.conversation_id IN {} ORDER BY m.conversation_id",
                                            sql::placeholders(1), sql::placeholders(conversations.size()));
      HY_TRY(places.memberships, select_memberships_with(session, where, parameters));
    }
    HY_TRY(places.version, events_.version_in(session, user));
    return places;
  });
}

async::Task<Result<std::vector<UserId>>> SqlStore::acquainted(UserId user, std::vector<UserId> others,
                                                              async::Deadline deadline) {
  if (others.empty()) co_return std::vector<UserId>();
  co_return co_await database_.read(
      deadline, [user, others = std::move(others)](sql::Session& session) -> Result<std::vector<UserId>> {
        std::vector<sql::Value> parameters = sql::values(user, MemberState::present, MemberState::present);
        for (const UserId other : others) parameters.push_back(sql::ValueOf<UserId>::bind(other));
        const std::string one = sql::placeholders(1);
        HY_TRY(const auto rows, (session.query_with<UserId>(
                                    fmt::format("SELECT DISTINCT theirs.user_id FROM members mine"
                                                " JOIN members theirs ON theirs.conversation_id = mine.conversation_id"
                                                " WHERE mine.user_id IN {} AND mine.state IN {} AND theirs.state IN {}"
                                                " AND theirs.user_id IN {}",
                                                one, one, one, sql::placeholders(others.size())),
                                    parameters)));
        std::vector<UserId> known;
        for (const auto& [other] : rows) known.push_back(other);
        return known;
      });
}

}  // namespace hongyan::conversation
