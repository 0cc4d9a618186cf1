// What people have written, for their copy of it.
#pragma once

#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/message/store.h"
#include "infra/async/blocking_pool.h"

namespace hongyan::message::reading {

// Their own messages in all conversations they are or were in, by conversation and seq, also those they have hidden from
// themselves; recalled ones have nothing in them. What others have written is theirs. Thread-safe. Owned by the message module;
// its collaborators must outlive it.
class ExportSource final : public account::ExportSource {
 public:
  // The store is read on `pool`.
  ExportSource(conversation::Api& conversations, MessageStore& store, async::BlockingPool& pool)
      : conversations_(conversations), store_(store), pool_(pool) {}

  async::Task<Result<account::ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  conversation::Api& conversations_;
  MessageStore& store_;
  async::BlockingPool& pool_;
};

}  // namespace hongyan::message::reading
