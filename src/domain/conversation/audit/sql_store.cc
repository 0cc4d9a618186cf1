#include "domain/conversation/audit/sql_store.h"

namespace hongyan::conversation {

using sql::Session;

Result<std::vector<ConversationItem>> SqlInventory::conversations(ConversationId after, std::size_t limit) {
  return database_.read_now([=](Session& session) -> Result<std::vector<ConversationItem>> {
    HY_TRY(const auto rows,
           (session.query<ConversationId, Type, State, std::optional<UserId>, std::int64_t, std::optional<UserId>,
                          std::optional<UserId>>(
               "SELECT c.conversation_id, c.type, c.state, c.owner_id, c.member_count, p.low_user, p.high_user"
               " FROM conversations c LEFT JOIN direct_pairs p ON p.conversation_id = c.conversation_id"
               " WHERE c.conversation_id > :after ORDER BY c.conversation_id LIMIT :limit",
               after, limit)));
    std::vector<ConversationItem> items;
    for (const auto& [id, type, state, owner, count, low, high] : rows) {
      items.push_back({id, type, state, owner, count, low, high});
    }
    return items;
  });
}

Result<std::vector<MemberItem>> SqlInventory::members(ConversationId conversation, UserId after, std::size_t limit) {
  return database_.read_now([=](Session& session) -> Result<std::vector<MemberItem>> {
    HY_TRY(const auto rows,
           (session.query<UserId, Role, MemberState, std::optional<UserId>>(
               "SELECT m.user_id, m.role, m.state, u.user_id FROM members m LEFT JOIN users u ON u.user_id = m.user_id"
               " WHERE m.conversation_id = :conversation AND m.user_id > :after ORDER BY m.user_id LIMIT :limit",
               conversation, after, limit)));
    std::vector<MemberItem> items;
    for (const auto& [user, role, state, account] : rows) items.push_back({user, role, state, account.has_value()});
    return items;
  });
}

Result<std::vector<OutboxItem>> SqlInventory::outbox(OutboxId after, std::size_t limit) {
  return database_.read_now([=](Session& session) -> Result<std::vector<OutboxItem>> {
    HY_TRY(const auto rows, (session.query<OutboxId, ConversationId>(
                                "SELECT outbox_id, conversation_id FROM outbox WHERE outbox_id > :after"
                                " ORDER BY outbox_id LIMIT :limit",
                                after, limit)));
    std::vector<OutboxItem> items;
    for (const auto& [id, conversation] : rows) items.push_back({id, conversation});
    return items;
  });
}

Result<OutboxId> SqlInventory::last_line() {
  return database_.read_now([](Session& session) -> Result<OutboxId> {
    HY_TRY(const std::int64_t last, session.last_number("outbox"));
    return OutboxId(last);
  });
}

Result<std::vector<ConversationId>> SqlInventory::orphaned_members(std::size_t limit) {
  return database_.read_now([=](Session& session) -> Result<std::vector<ConversationId>> {
    HY_TRY(const auto rows,
           session.query<ConversationId>(
               "SELECT DISTINCT m.conversation_id FROM members m LEFT JOIN conversations c"
               " ON c.conversation_id = m.conversation_id WHERE c.conversation_id IS NULL LIMIT :limit",
               limit));
    std::vector<ConversationId> found;
    for (const auto& [conversation] : rows) found.push_back(conversation);
    return found;
  });
}

}  // namespace hongyan::conversation
