// The use case of sending messages on.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "domain/message/ports.h"

namespace hongyan::message::commands {

// What became of one message in one target.
struct Forwarded {
  ConversationId target;
  // Which of the items; none for a merged message.
  std::optional<std::size_t> item;
  Result<SendAck> sent;
};

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it.
class ForwardService {
 public:
  ForwardService(const ServicePorts& ports, const ServiceOptions& options) : ports_(ports), options_(options) {}

  // For each target in order, each item in order. A repeat of the same request gives the first answers again, also when
  // what was sent on has been recalled since. Errors of a single result: as sending, also content_rejected for a word, and
  // not_found or message_recalled for an item. Errors of the whole: invalid_argument, unavailable, timeout.
  async::Task<Result<std::vector<Forwarded>>> forward(UserId user, ForwardRequest request,
                                                      async::Deadline deadline) const;

 private:
  using Sources = std::map<Place, Result<StoredMessage>>;
  // One message that is to be sent.
  struct Draft {
    Forwarded result;
    std::vector<Place> items;
    sequencing::SendAction action;
    // As it is to be stored, when moderators want to know of it.
    std::optional<v1::Message> found = {};
  };

  async::Task<Result<Sources>> read_sources(UserId user, std::vector<Place> items, async::Deadline deadline) const;
  static std::vector<Draft> drafts_of(const ForwardRequest& request);
  async::Task<Result<void>> fill_sent_before(UserId user, std::vector<Draft>& drafts, async::Deadline deadline) const;
  Result<v1::Content> content_of(const Draft& draft, const ForwardRequest& request, const Sources& sources) const;
  // Gives the draft its content. Errors: as content_of, content_rejected.
  Result<void> fill(UserId user, Draft& draft, const ForwardRequest& request, const Sources& sources) const;
  async::Task<void> send(UserId user, std::vector<Draft*> drafts, async::Deadline deadline) const;

  const ServicePorts ports_;
  const ServiceOptions options_;
};

}  // namespace hongyan::message::commands
