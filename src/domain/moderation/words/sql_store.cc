#include "domain/moderation/words/sql_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "domain/moderation/rules.h"

namespace hongyan::moderation {
namespace {

using sql::Transaction;

// Placeholders of one statement.
constexpr std::size_t kAtOnce = 500;

// The key of a word; of what has no form one that no word has.
std::string hash_of(std::string_view word) {
  const auto form = text::check_word(word);
  return word_hash(form ? std::u32string_view(*form) : std::u32string_view());
}

Result<void> drop_words(Transaction& transaction, std::span<const std::string> hashes) {
  while (!hashes.empty()) {
    const auto some = hashes.first(std::min(hashes.size(), kAtOnce));
    std::vector<sql::Value> parameters;
    for (const std::string& hash : some) parameters.push_back(hash);
    HY_TRY(transaction.execute_with(
        fmt::format("DELETE FROM words WHERE word_hash IN {}", sql::placeholders(some.size())), parameters));
    hashes = hashes.subspan(some.size());
  }
  return {};
}

Result<std::int64_t> count_words(sql::Session& session) {
  HY_TRY(const auto row, session.query_one<std::int64_t>("SELECT COUNT(*) FROM words"));
  return std::get<0>(*row);
}

Result<std::vector<text::Word>> select_words(sql::Session& session, std::optional<text::WordAction> action) {
  // As many as there may be, which the change has seen to.
  HY_TRY(const auto rows,
         (action ? session.query<std::string, text::WordAction>(
                       "SELECT word, action FROM words WHERE action = :action ORDER BY word, word_hash", *action)
                 : session.query<std::string, text::WordAction>(
                       "SELECT word, action FROM words ORDER BY word, word_hash")));
  std::vector<text::Word> words;
  words.reserve(rows.size());
  for (const auto& [word, its_action] : rows) words.push_back({word, its_action});
  return words;
}

Result<void> apply_change(Transaction& transaction, const WordChange& change, TimeMs now) {
  std::vector<std::string> dropped;
  for (const std::string& word : change.remove) dropped.push_back(hash_of(word));
  // Of two that are the same the last one counts.
  std::map<std::string, const text::Word*> added;
  for (const text::Word& word : change.add) added[hash_of(word.text)] = &word;
  std::vector<std::vector<sql::Value>> rows;
  for (const auto& [hash, word] : added) {
    dropped.push_back(hash);
    rows.push_back(sql::values(hash, word->text, word->action, now));
  }
  HY_TRY(drop_words(transaction, dropped));
  return transaction.insert_rows("words", {"word_hash", "word", "action", "created_ms"}, rows);
}

}  // namespace

async::Task<Result<std::int64_t>> SqlWordStore::change(WordChange change, TimeMs now, std::int64_t most,
                                                       PrepareWords prepare, async::Deadline deadline) {
  return database_.write(deadline,
                         [change = std::move(change), now, most,
                          prepare = std::move(prepare)](Transaction& transaction) -> Result<std::int64_t> {
                           HY_TRY(apply_change(transaction, change, now));
                           HY_TRY(const std::int64_t count, count_words(transaction));
                           if (count > most)
                             return fail(ErrorCode::quota_exceeded, fmt::format("at most {} words", most));
                           HY_TRY(const auto words, select_words(transaction, std::nullopt));
                           transaction.after_known_commit(prepare(words));
                           return count;
                         });
}

async::Task<Result<std::vector<text::Word>>> SqlWordStore::words(std::optional<text::WordAction> action,
                                                                 async::Deadline deadline) {
  return database_.read(deadline, [action](sql::Session& session) { return select_words(session, action); });
}

async::Task<Result<std::int64_t>> SqlWordStore::count(async::Deadline deadline) {
  return database_.read(deadline, [](sql::Session& session) { return count_words(session); });
}

Result<std::vector<text::Word>> SqlWordStore::words_now() {
  return database_.read_now([](sql::Session& session) { return select_words(session, std::nullopt); });
}

}  // namespace hongyan::moderation
