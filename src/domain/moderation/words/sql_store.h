// Words in SQL.
#pragma once

#include "domain/moderation/store.h"
#include "infra/sql/database.h"

namespace hongyan::moderation {

// Thread-safe. Owned by Module.
class SqlWordStore final : public WordStore {
 public:
  explicit SqlWordStore(sql::Database& database) : database_(database) {}

  async::Task<Result<std::int64_t>> change(WordChange change, TimeMs now, std::int64_t most, PrepareWords prepare,
                                           async::Deadline deadline) override;
  async::Task<Result<std::vector<text::Word>>> words(std::optional<text::WordAction> action,
                                                     async::Deadline deadline) override;
  async::Task<Result<std::int64_t>> count(async::Deadline deadline) override;
  Result<std::vector<text::Word>> words_now() override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::moderation
