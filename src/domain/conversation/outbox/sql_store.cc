#include "domain/conversation/outbox/sql_store.h"

#include <fmt/format.h>

#include "hongyan/internal/conversation.pb.h"
#include "infra/async/announcement.h"

namespace hongyan::conversation {
namespace {

std::string encode(const SystemLine& line) {
  internal::OutboxRecord record;
  record.set_code(line.code);
  record.mutable_params()->insert(line.params.begin(), line.params.end());
  for (const UserId user : line.join) record.add_join(user.value);
  for (const UserId user : line.leave) record.add_leave(user.value);
  for (const UserId user : line.recipients) record.add_recipients(user.value);
  return record.SerializeAsString();
}

Result<SystemLine> decode(const std::string& bytes) {
  internal::OutboxRecord record;
  if (!record.ParseFromString(bytes)) return fail(ErrorCode::internal, "a line of the outbox cannot be read");
  SystemLine line;
  line.code = record.code();
  line.params.insert(record.params().begin(), record.params().end());
  for (const std::uint64_t user : record.join()) line.join.emplace_back(user);
  for (const std::uint64_t user : record.leave()) line.leave.emplace_back(user);
  for (const std::uint64_t user : record.recipients()) line.recipients.emplace_back(user);
  return line;
}

}  // namespace

// The entry of one who waits, for as long as they do.
class SqlOutbox::Waiting {
 public:
  Waiting(SqlOutbox& outbox, OutboxId line, Waiter announce) : outbox_(outbox) {
    const std::lock_guard lock(outbox_.mutex_);
    entry_ = outbox_.waiters_.emplace(line, std::make_shared<Waiter>(std::move(announce)));
  }
  ~Waiting() {
    const std::lock_guard lock(outbox_.mutex_);
    outbox_.waiters_.erase(entry_);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  SqlOutbox& outbox_;
  Waiters::iterator entry_;
};

Result<OutboxId> SqlOutbox::append(sql::Transaction& transaction, ConversationId conversation, const SystemLine& line,
                                   TimeMs now) {
  HY_TRY(const std::int64_t id,
         transaction.insert_numbered("outbox", "outbox_id", {"conversation_id", "line", "created_ms"},
                                     sql::values(conversation, encode(line), now)));
  return OutboxId(id);
}

async::Task<Result<std::vector<ConversationId>>> SqlOutbox::waiting(std::size_t limit, async::Deadline deadline) {
  return database_.read(deadline, [limit](sql::Session& session) -> Result<std::vector<ConversationId>> {
    HY_TRY(const auto rows,
           session.query<ConversationId>("SELECT conversation_id FROM outbox WHERE dead_reason IS NULL"
                                         " GROUP BY conversation_id ORDER BY MIN(outbox_id) LIMIT :limit",
                                         limit));
    std::vector<ConversationId> conversations;
    for (const auto& [conversation] : rows) conversations.push_back(conversation);
    return conversations;
  });
}

async::Task<Result<std::vector<OutboxLine>>> SqlOutbox::waiting_of(ConversationId conversation, std::size_t limit,
                                                                   async::Deadline deadline) {
  return database_.read(deadline, [conversation, limit](sql::Session& session) -> Result<std::vector<OutboxLine>> {
    HY_TRY(const auto rows,
           (session.query<OutboxId, std::string>("SELECT outbox_id, line FROM outbox WHERE conversation_id = :id"
                                                 " AND dead_reason IS NULL ORDER BY outbox_id LIMIT :limit",
                                                 conversation, limit)));
    std::vector<OutboxLine> lines;
    for (const auto& [id, bytes] : rows) {
      HY_TRY(auto line, decode(bytes));
      lines.push_back({id, conversation, std::move(line)});
    }
    return lines;
  });
}

async::Task<Result<void>> SqlOutbox::done(std::vector<OutboxId> lines, async::Deadline deadline) {
  if (lines.empty()) co_return Result<void>();
  wake(lines);
  auto forgotten = co_await database_.write(deadline, [lines](sql::Transaction& transaction) -> Result<void> {
    std::vector<sql::Value> ids;
    for (const OutboxId line : lines) ids.push_back(sql::ValueOf<OutboxId>::bind(line));
    HY_TRY(transaction.execute_with(
        fmt::format("DELETE FROM outbox WHERE outbox_id IN {}", sql::placeholders(ids.size())), ids));
    return {};
  });
  // Again, for who began to wait while the row was still there.
  wake(lines);
  co_return forgotten;
}

async::Task<Result<void>> SqlOutbox::dead(OutboxId line, std::string reason, async::Deadline deadline) {
  auto kept = co_await database_.write(
      deadline, [line, reason = std::move(reason)](sql::Transaction& transaction) -> Result<void> {
        HY_TRY(transaction.execute("UPDATE outbox SET dead_reason = :reason WHERE outbox_id = :id", reason, line));
        return {};
      });
  wake(std::span(&line, 1));
  co_return kept;
}

async::Task<Result<bool>> SqlOutbox::settled(OutboxId line, async::Deadline deadline) {
  async::Announcement announcement(co_await async::this_loop(), deadline);
  // Before looking: what is settled afterwards wakes us, what was settled before is seen.
  const Waiting waiting(*this, line, announcement.announce());
  const auto waits = co_await database_.read(deadline, [line](sql::Session& session) -> Result<bool> {
    HY_TRY(const auto row, session.query_one<OutboxId>(
                               "SELECT outbox_id FROM outbox WHERE outbox_id = :id AND dead_reason IS NULL", line));
    return row.has_value();
  });
  if (!waits) co_return std::unexpected(waits.error());
  if (!*waits) co_return true;
  co_return co_await announcement.wait();
}

void SqlOutbox::wake(std::span<const OutboxId> lines) {
  std::vector<std::shared_ptr<Waiter>> woken;
  {
    const std::lock_guard lock(mutex_);
    for (const OutboxId line : lines) {
      const auto [begin, end] = waiters_.equal_range(line);
      for (auto entry = begin; entry != end; ++entry) woken.push_back(entry->second);
    }
  }
  for (const auto& waiter : woken) (*waiter)();
}

}  // namespace hongyan::conversation
