#include "domain/conversation/directs/sql_store.h"

namespace hongyan::conversation {

Result<std::optional<ConversationId>> SqlDirects::raise_in(sql::Transaction& transaction, UserId user, UserId peer) {
  HY_TRY(const auto found, select_direct(transaction, Pair(user, peer)));
  if (!found) return found;
  HY_TRY(transaction.execute(
      "UPDATE conversations SET permission_version = permission_version + 1 WHERE conversation_id = :id", *found));
  return found;
}

Result<ToldDirect> SqlDirects::tell_in(sql::Transaction& transaction, UserId user, UserId peer, ConversationId fresh,
                                       SystemLine line, TimeMs now) {
  HY_TRY(const auto found, raise_in(transaction, user, peer));
  ToldDirect told{found.value_or(fresh), {}};
  if (!found) HY_TRY(insert_direct(transaction, Pair(user, peer), fresh, now));
  line.recipients = {user, peer};
  HY_TRY(told.line, SqlOutbox::append(transaction, told.conversation, line, now));
  return told;
}

void SqlDirects::committed(ConversationId conversation, std::move_only_function<void()> done) {
  permissions_.bump_conversation(conversation, std::move(done));
  outbox_.announce(conversation);
}

}  // namespace hongyan::conversation
