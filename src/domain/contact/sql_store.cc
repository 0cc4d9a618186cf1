#include "domain/contact/sql_store.h"

#include <fmt/format.h>

#include <limits>
#include <set>

namespace hongyan::contact {
namespace {

using sql::Session;
using sql::Transaction;

// Sorts behind everything that begins with a key: the last character there is.
constexpr std::string_view kBeyond = "\U0010ffff";

void after_commit(Transaction& transaction, AfterCommit hook, std::optional<ConversationId> direct) {
  transaction.after_commit([hook = std::move(hook), direct]() mutable { hook(direct); });
}

}  // namespace

async::Task<Result<Asked>> SqlStore::ask(NewRequest request, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, request = std::move(request), hook = std::move(hook)](Transaction& transaction) mutable -> Result<Asked> {
        const auto [from, to, now] = std::tuple(request.from, request.to, request.now);
        HY_TRY(const Sides blocks, select_blocks(transaction, from, to));
        if (blocks.first || blocks.second) return fail(ErrorCode::blocked, "one of the two blocks the other");
        HY_TRY(const Sides lists, select_lists(transaction, from, to));
        if (lists.first && lists.second) return fail(ErrorCode::already_exists, "they are friends");
        HY_TRY(auto before, select_request(transaction, from, to));
        HY_TRY(auto crossing, select_request(transaction, to, from));
        Asked asked;
        Events events;
        if (lists.second || is_open(crossing, now)) {
          // Who was asked is the one whose request came second.
          Pairing pairing{to, {}, from, request.remark, {}, now, request.ids.conversation};
          if (is_open(crossing, now)) {
            pairing.from_remark = crossing->second;
            pairing.message = crossing->first.message;
          }
          HY_TRY(asked.friendship, pair(transaction, pairing, from, events));
        } else {
          if (request.closed) return fail(ErrorCode::permission_denied, "they do not let everybody ask");
          if (!is_open(before, now)) before.reset();
          HY_TRY(asked.request,
                 write_request(transaction, request, before ? std::optional(before->first) : std::nullopt));
          tell(*asked.request, now, events);
        }
        HY_TRY(events_.append(transaction, std::move(events)));
        after_commit(transaction, std::move(hook),
                     asked.friendship ? std::optional(asked.friendship->conversation) : std::nullopt);
        return asked;
      });
}

// `before`: the request that waits already; it keeps its id.
Result<Request> SqlStore::write_request(Transaction& transaction, const NewRequest& request,
                                        const std::optional<Request>& before) {
  if (!before) {
    HY_TRY(const std::int64_t waiting,
           count(transaction,
                 "SELECT COUNT(*) FROM contact_requests WHERE from_user = :user AND state = 1 AND expires_ms > :now",
                 request.from, request.now));
    if (waiting >= limits_.pending) return fail(ErrorCode::quota_exceeded, "too many requests wait");
  }
  const Request written{
      before ? before->id : request.ids.request, request.from, request.to,     request.message, request.source,
      v1::CONTACT_REQUEST_STATE_PENDING,         request.now,  request.expires};
  HY_TRY(transaction.execute("DELETE FROM contact_requests WHERE from_user = :a AND to_user = :b", request.from,
                             request.to));
  HY_TRY(transaction.insert_rows("contact_requests",
                                 {"contact_request_id", "from_user", "to_user", "message", "source", "remark", "state",
                                  "created_ms", "expires_ms"},
                                 {sql::values(written.id, written.from, written.to, written.message, written.source,
                                              request.remark, written.state, written.time, written.expires)}));
  return written;
}

async::Task<Result<Friendship>> SqlStore::accept(Answer answer, AfterCommit hook, async::Deadline deadline) {
  return database_.write(deadline,
                         [this, answer = std::move(answer),
                          hook = std::move(hook)](Transaction& transaction) mutable -> Result<Friendship> {
                           HY_TRY(const auto found, select_received(transaction, answer.request, answer.by));
                           const Request& request = found.first;
                           HY_TRY(const bool open, may_answer(request, v1::CONTACT_REQUEST_STATE_ACCEPTED, answer.now));
                           Friendship friendship;
                           if (open) {
                             HY_TRY(const Sides blocks, select_blocks(transaction, request.from, request.to));
                             if (blocks.first || blocks.second)
                               return fail(ErrorCode::blocked, "one of the two blocks the other");
                             Events events;
                             const Pairing pairing{request.from,    found.second, request.to,  answer.remark,
                                                   request.message, answer.now,   answer.fresh};
                             HY_TRY(friendship, pair(transaction, pairing, answer.by, events));
                             HY_TRY(events_.append(transaction, std::move(events)));
                           } else {
                             HY_TRY(auto contact, select_contact(transaction, answer.by, request.from));
                             HY_TRY(const auto direct, directs_.raise_in(transaction, request.from, request.to));
                             if (!contact || !direct)
                               return fail(ErrorCode::conflict, "they have been friends, and are no more");
                             friendship = {*std::move(contact), *direct, {}};
                           }
                           after_commit(transaction, std::move(hook), friendship.conversation);
                           return friendship;
                         });
}

// Both rows, the requests between them, the line and the events.
Result<Friendship> SqlStore::pair(Transaction& transaction, const Pairing& pairing, UserId viewer, Events& events) {
  HY_TRY(put_on_list(transaction, pairing.from, pairing.to, pairing.from_remark, pairing.now));
  HY_TRY(put_on_list(transaction, pairing.to, pairing.from, pairing.to_remark, pairing.now));
  for (const auto& [from, to] : {std::pair(pairing.from, pairing.to), std::pair(pairing.to, pairing.from)}) {
    HY_TRY(const auto request, select_request(transaction, from, to));
    if (!is_open(request, pairing.now)) continue;
    HY_TRY(settle(transaction, request->first, v1::CONTACT_REQUEST_STATE_ACCEPTED, pairing.now, events));
  }
  conversation::SystemLine line{
      "contact_added",
      {{"by", std::to_string(pairing.to.value)}, {"user_id", std::to_string(pairing.from.value)}},
      {},
      {}};
  if (!pairing.message.empty()) line.params.emplace("message", pairing.message);
  HY_TRY(const auto told,
         directs_.tell_in(transaction, pairing.from, pairing.to, pairing.fresh, std::move(line), pairing.now));
  Friendship friendship{{}, told.conversation, told.line};
  for (const auto& [user, other] : {std::pair(pairing.from, pairing.to), std::pair(pairing.to, pairing.from)}) {
    HY_TRY(auto contact, select_contact(transaction, user, other));
    tell(user, *contact, events);
    if (user == viewer) friendship.contact = *std::move(contact);
  }
  return friendship;
}

Result<void> SqlStore::put_on_list(Transaction& transaction, UserId user, UserId contact, const std::string& remark,
                                   TimeMs now) {
  HY_TRY(const auto known, select_contact(transaction, user, contact));
  if (!known) {
    HY_TRY(const std::int64_t held, count(transaction, "SELECT COUNT(*) FROM contacts WHERE user_id = :user", user));
    if (held >= limits_.contacts) return fail(ErrorCode::quota_exceeded, "one of them has too many contacts");
    HY_TRY(transaction.insert_rows("contacts", {"user_id", "contact_id", "tags", "created_ms"},
                                   {sql::values(user, contact, "", now)}));
  }
  if (!remark.empty()) HY_TRY(remark_in(transaction, user, contact, remark));
  return {};
}

Result<void> SqlStore::remark_in(Transaction& transaction, UserId user, UserId contact, const std::string& remark) {
  HY_TRY(transaction.execute(
      "UPDATE contacts SET remark = :remark, remark_key = :key WHERE user_id = :user AND contact_id = :contact", remark,
      remark.empty() ? std::string() : sort_keys_.of(remark), user, contact));
  return {};
}

async::Task<Result<Request>> SqlStore::reject(Answer answer, bool block, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, answer = std::move(answer), block,
       hook = std::move(hook)](Transaction& transaction) mutable -> Result<Request> {
        HY_TRY(auto found, select_received(transaction, answer.request, answer.by));
        Request& request = found.first;
        Events events;
        HY_TRY(const bool open, may_answer(request, v1::CONTACT_REQUEST_STATE_REJECTED, answer.now));
        if (open) {
          HY_TRY(settle(transaction, request, v1::CONTACT_REQUEST_STATE_REJECTED, answer.now, events));
          request.state = v1::CONTACT_REQUEST_STATE_REJECTED;
        }
        std::optional<ConversationId> direct;
        if (block) {
          HY_TRY(block_in(transaction, answer.by, request.from, answer.now, events));
          HY_TRY(direct, directs_.raise_in(transaction, answer.by, request.from));
        }
        HY_TRY(events_.append(transaction, std::move(events)));
        after_commit(transaction, std::move(hook), direct);
        return request;
      });
}

async::Task<Result<conversation::OutboxId>> SqlStore::befriend(Pairing pairing, AfterCommit hook,
                                                               async::Deadline deadline) {
  return database_.write(deadline,
                         [this, pairing = std::move(pairing),
                          hook = std::move(hook)](Transaction& transaction) mutable -> Result<conversation::OutboxId> {
                           HY_TRY(const Sides lists, select_lists(transaction, pairing.from, pairing.to));
                           Friendship made;
                           std::optional<ConversationId> direct;
                           if (!lists.first || !lists.second) {
                             Events events;
                             HY_TRY(made, pair(transaction, pairing, pairing.to, events));
                             HY_TRY(events_.append(transaction, std::move(events)));
                             direct = made.conversation;
                           }
                           after_commit(transaction, std::move(hook), direct);
                           return made.line;
                         });
}

async::Task<Result<Contact>> SqlStore::update(UserId user, UserId contact, ContactChange change,
                                              async::Deadline deadline) {
  return database_.write(
      deadline, [this, user, contact, change = std::move(change)](Transaction& transaction) -> Result<Contact> {
        HY_TRY(const auto before, select_contact(transaction, user, contact));
        if (!before) return fail(ErrorCode::not_found, "no contact of theirs");
        if (change.remark) HY_TRY(remark_in(transaction, user, contact, *change.remark));
        HY_TRY(transaction.execute(
            "UPDATE contacts SET tags = :tags, starred = :starred WHERE user_id = :user AND contact_id = :contact",
            encode(change.tags.value_or(before->tags)), change.starred.value_or(before->starred), user, contact));
        HY_TRY(auto after, select_contact(transaction, user, contact));
        if (*after == *before) return *std::move(after);
        Events events;
        tell(user, *after, events);
        HY_TRY(events_.append(transaction, std::move(events)));
        return *std::move(after);
      });
}

async::Task<Result<void>> SqlStore::remove(UserId user, UserId contact, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [this, user, contact, hook = std::move(hook)](Transaction& transaction) mutable -> Result<void> {
        HY_TRY(
            const auto gone,
            transaction.execute("DELETE FROM contacts WHERE user_id = :user AND contact_id = :contact", user, contact));
        std::optional<ConversationId> direct;
        if (gone > 0) {
          v1::Contact state;
          state.set_user_id(contact.value);
          state.set_state(v1::CONTACT_STATE_REMOVED);
          HY_TRY(events_.append(transaction,
                                {{user, "contact", std::to_string(contact.value), state.SerializeAsString()}}));
          HY_TRY(direct, directs_.raise_in(transaction, user, contact));
        }
        after_commit(transaction, std::move(hook), direct);
        return {};
      });
}

async::Task<Result<void>> SqlStore::set_blocked(UserId user, UserId other, bool blocked, TimeMs now, AfterCommit hook,
                                                async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, user, other, blocked, now, hook = std::move(hook)](Transaction& transaction) mutable -> Result<void> {
        HY_TRY(const Sides blocks, select_blocks(transaction, user, other));
        Events events;
        std::optional<ConversationId> direct;
        if (blocks.first != blocked) {
          if (blocked) {
            HY_TRY(block_in(transaction, user, other, now, events));
          } else {
            HY_TRY(
                transaction.execute("DELETE FROM blocks WHERE user_id = :user AND blocked_id = :other", user, other));
            tell_block(user, other, false, events);
            HY_TRY(const auto contact, select_contact(transaction, user, other));
            if (contact) tell(user, *contact, events);
          }
          HY_TRY(direct, directs_.raise_in(transaction, user, other));
        }
        HY_TRY(events_.append(transaction, std::move(events)));
        after_commit(transaction, std::move(hook), direct);
        return {};
      });
}

Result<void> SqlStore::block_in(Transaction& transaction, UserId user, UserId other, TimeMs now, Events& events) {
  HY_TRY(const Sides blocks, select_blocks(transaction, user, other));
  if (blocks.first) return {};
  HY_TRY(transaction.insert_rows("blocks", {"user_id", "blocked_id", "created_ms"}, {sql::values(user, other, now)}));
  tell_block(user, other, true, events);
  HY_TRY(const auto contact, select_contact(transaction, user, other));
  if (contact) tell(user, *contact, events);
  HY_TRY(const auto request, select_request(transaction, other, user));
  if (!is_open(request, now)) return {};
  return settle(transaction, request->first, v1::CONTACT_REQUEST_STATE_REJECTED, now, events);
}

async::Task<Result<std::vector<Contact>>> SqlStore::contacts(UserId user, std::string text,
                                                             std::optional<ContactPosition> after, std::size_t limit,
                                                             async::Deadline deadline) {
  return database_.read(
      deadline, [this, user, text, from = after.value_or(ContactPosition()), limit](Session& session) {
        const std::string low = text.empty() ? std::string() : sort_keys_.of(text);
        return select_contacts(session,
                               "sort_key >= :low AND sort_key < :high"
                               " AND (sort_key > :later OR (sort_key = :same AND contact > :contact))"
                               " ORDER BY sort_key, contact LIMIT :limit",
                               user, low, low + std::string(kBeyond), from.sort_key, from.sort_key, from.user, limit);
      });
}

async::Task<Result<std::vector<Request>>> SqlStore::requests(UserId user, Direction direction,
                                                             std::optional<RequestPosition> after, std::size_t limit,
                                                             async::Deadline deadline) {
  constexpr RequestPosition kStart{TimeMs(std::numeric_limits<std::int64_t>::max()), RequestId(0)};
  return database_.read(
      deadline,
      [user, direction, from = after.value_or(kStart), limit](Session& session) -> Result<std::vector<Request>> {
        const std::string_view whose = direction == Direction::received ? "to_user" : "from_user";
        HY_TRY(auto found,
               select_requests(session,
                               fmt::format("WHERE {} = :user AND (created_ms < :before OR"
                                           " (created_ms = :same AND contact_request_id < :id))"
                                           " ORDER BY created_ms DESC, contact_request_id DESC LIMIT :limit",
                                           whose),
                               user, from.time, from.time, from.id, limit));
        std::vector<Request> requests;
        for (auto& [request, remark] : found) requests.push_back(std::move(request));
        return requests;
      });
}

async::Task<Result<std::vector<Blocked>>> SqlStore::blocked(UserId user, UserId after, std::size_t limit,
                                                            async::Deadline deadline) {
  return database_.read(deadline, [user, after, limit](Session& session) -> Result<std::vector<Blocked>> {
    HY_TRY(const auto rows,
           (session.query<UserId, TimeMs>(
               "SELECT blocked_id, created_ms FROM blocks WHERE user_id = :user AND blocked_id > :after"
               " ORDER BY blocked_id LIMIT :limit",
               user, after, limit)));
    std::vector<Blocked> blocked;
    for (const auto& [other, since] : rows) blocked.push_back({other, since});
    return blocked;
  });
}

async::Task<Result<std::vector<Standing>>> SqlStore::standings(UserId user, std::vector<UserId> others,
                                                               async::Deadline deadline) {
  if (others.empty()) co_return std::vector<Standing>();
  co_return co_await database_.read(
      deadline, [user, others = std::move(others)](Session& session) -> Result<std::vector<Standing>> {
        std::vector<sql::Value> parameters = sql::values(user);
        for (const UserId other : others) parameters.push_back(sql::ValueOf<UserId>::bind(other));
        const auto select = [&](std::string_view statement) -> Result<std::set<UserId>> {
          HY_TRY(const auto rows, session.query_with<UserId>(fmt::format(fmt::runtime(statement), sql::placeholders(1),
                                                                         sql::placeholders(others.size())),
                                                             parameters));
          std::set<UserId> found;
          for (const auto& [other] : rows) found.insert(other);
          return found;
        };
        HY_TRY(const auto know, select("SELECT user_id FROM contacts WHERE contact_id IN {} AND user_id IN {}"));
        HY_TRY(const auto block, select("SELECT user_id FROM blocks WHERE blocked_id IN {} AND user_id IN {}"));
        HY_TRY(const auto blocked, select("SELECT blocked_id FROM blocks WHERE user_id IN {} AND blocked_id IN {}"));
        std::vector<Standing> standings;
        for (const UserId other : others) {
          standings.push_back({other, know.contains(other), block.contains(other) || blocked.contains(other)});
        }
        return standings;
      });
}

Result<conversation::Relation> SqlStore::relation_in(Session& session, UserId user, UserId peer) {
  HY_TRY(const Sides blocks, select_blocks(session, user, peer));
  conversation::Relation relation{.friends = true, .blocked = blocks.first || blocks.second};
  if (required_) {
    HY_TRY(const Sides lists, select_lists(session, user, peer));
    relation.friends = lists.first && lists.second;
  }
  return relation;
}

}  // namespace hongyan::contact
