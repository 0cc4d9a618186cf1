#include "domain/conversation/settings/sql_store.h"

#include <fmt/format.h>

#include "hongyan/v1/conversation.pb.h"

namespace hongyan::conversation {
namespace {

using sql::Session;
using sql::Transaction;

// As many as a user can have conversations.
constexpr std::int64_t kMost = 20'000;

// `where` goes on after the user.
template <class... Args>
Result<std::map<ConversationId, Settings>> select_settings(Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows, (session.query<ConversationId, bool, bool, bool, std::optional<Seq>, std::string>(
                              fmt::format("SELECT conversation_id, pinned, muted, marked_unread, hidden_up_to, draft"
                                          " FROM conversation_settings WHERE user_id = :user {}",
                                          where),
                              args...)));
  std::map<ConversationId, Settings> settings;
  for (const auto& [conversation, pinned, muted, marked, hidden, draft] : rows) {
    settings[conversation] = {pinned, muted, marked, hidden, draft};
  }
  return settings;
}

Settings changed(Settings settings, const SettingsChange& change) {
  settings.pinned = change.pinned.value_or(settings.pinned);
  settings.muted = change.muted.value_or(settings.muted);
  settings.marked_unread = change.marked_unread.value_or(settings.marked_unread);
  if (change.hidden_up_to) settings.hidden_up_to = change.hidden_up_to;
  settings.draft = change.draft.value_or(settings.draft);
  return settings;
}

std::string encode(ConversationId conversation, const Settings& settings) {
  v1::ConversationSettingsEvent state;
  state.set_conversation_id(conversation.value);
  state.set_pinned(settings.pinned);
  state.set_muted(settings.muted);
  state.set_marked_unread(settings.marked_unread);
  if (settings.hidden_up_to) state.set_hidden_up_to_seq(settings.hidden_up_to->value);
  state.set_draft(settings.draft);
  return state.SerializeAsString();
}

}  // namespace

async::Task<Result<std::map<ConversationId, Settings>>> SqlSettingsStore::all_of(UserId user,
                                                                                 async::Deadline deadline) {
  return database_.read(deadline,
                        [user](Session& session) { return select_settings(session, "LIMIT :most", user, kMost); });
}

async::Task<Result<Settings>> SqlSettingsStore::update(UserId user, ConversationId conversation, SettingsChange change,
                                                       async::Deadline deadline) {
  return database_.write(
      deadline, [this, user, conversation, change = std::move(change)](Transaction& transaction) -> Result<Settings> {
        HY_TRY(const auto found, select_settings(transaction, "AND conversation_id = :id", user, conversation));
        const Settings before = found.empty() ? Settings() : found.begin()->second;
        const Settings after = changed(before, change);
        if (after == before) return after;
        HY_TRY(transaction.execute("DELETE FROM conversation_settings WHERE user_id = :user AND conversation_id = :id",
                                   user, conversation));
        HY_TRY(transaction.insert_rows(
            "conversation_settings",
            {"user_id", "conversation_id", "pinned", "muted", "marked_unread", "hidden_up_to", "draft"},
            {sql::values(user, conversation, after.pinned, after.muted, after.marked_unread, after.hidden_up_to,
                         after.draft)}));
        HY_TRY(events_.append(
            transaction, {{user, "conversation", std::to_string(conversation.value), encode(conversation, after)}}));
        return after;
      });
}

}  // namespace hongyan::conversation
