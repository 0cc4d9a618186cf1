// The use cases of comparing heads.
#pragma once

#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/sync/api.h"

namespace hongyan::sync {

// Thread-safe. Owned by Module; its collaborators outlive it. Each call is one read of the relational database and one of the
// message store.
class DigestService final : public Api {
 public:
  DigestService(conversation::Api& conversations, message::Api& messages)
      : conversations_(conversations), messages_(messages) {}

  async::Task<Result<Comparison>> compare(UserId user, v1::PingFrame ping, async::Deadline deadline) override;
  async::Task<Result<Heads>> heads(UserId user, std::vector<ConversationId> conversations,
                                   async::Deadline deadline) override;

 private:
  conversation::Api& conversations_;
  message::Api& messages_;
};

}  // namespace hongyan::sync
