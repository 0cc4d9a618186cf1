// Prints what a Follower tells.
#pragma once

#include "app/chat/follow/follow_listener.h"
#include "app/chat/name_book.h"
#include "app/chat/output.h"

namespace hongyan::chat {

// Lives as long as the run, used by its one coroutine.
class Printer final : public FollowListener {
 public:
  Printer(NameBook& names, Output& output) : names_(names), output_(output) {}

  void on_conversations(const std::vector<v1::Conversation>& all, bool replaced) override;
  async::Task<Result<void>> on_message(v1::Message message) override;
  Result<void> on_push(const ServerFrame& push) override;
  async::Task<Result<async::Deadline>> between_pushes() override;
  void note(std::string_view text) override { output_.note(text); }

 private:
  NameBook& names_;
  Output& output_;
};

}  // namespace hongyan::chat
