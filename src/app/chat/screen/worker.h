// Does with the server what the screen wants, and puts what the server says into the state.
#pragma once

#include <chrono>
#include <vector>

#include "app/chat/follow/follow_listener.h"
#include "app/chat/screen/display.h"
#include "app/chat/screen/model/answers.h"
#include "app/chat/screen/model/state.h"

namespace hongyan::chat::screen {

struct WorkerOptions {
  // For one request, its repeats included.
  std::chrono::milliseconds timeout{10'000};
  // Before a command is tried again that the server could not do.
  std::chrono::milliseconds try_again{1'000};
};

// Runs State::commands between the pushes. What fails only for now, and whose outcome is unknown, is done again until it is
// answered: commands are such that a repeat is harmless. Lives as long as the run, used by its one coroutine.
class Worker final : public FollowListener {
 public:
  Worker(Transport& transport, State& state, Display& display, WorkerOptions options)
      : transport_(transport), state_(state), display_(display), options_(options) {}

  void on_conversations(const std::vector<v1::Conversation>& all, bool replaced) override;
  async::Task<Result<void>> on_message(v1::Message message) override;
  Result<void> on_push(const ServerFrame& push) override;
  async::Task<Result<async::Deadline>> between_pushes() override;
  void note(std::string_view text) override;

 private:
  struct Waiting {
    async::Deadline until;
    Command command;
  };

  async::Task<Result<void>> run(Command command);
  async::Task<Result<void>> run_for_chat(Command command);
  async::Task<Result<void>> load_page(std::uint64_t chat, bool older);
  async::Task<Result<void>> load_changes(std::uint64_t chat);
  async::Task<Result<void>> load_chat(std::uint64_t chat);
  async::Task<Result<void>> send_waiting(std::uint64_t chat);
  async::Task<Result<void>> mark_read(MarkRead mark);
  async::Task<Result<void>> mark_delivered(std::uint64_t chat);
  async::Task<Result<void>> load_friends();
  async::Task<Result<std::vector<v1::ContactRequest>>> load_requests(v1::ContactRequestDirection direction,
                                                                     std::vector<v1::UserName>& users);
  async::Task<Result<void>> load_groups();
  async::Task<Result<void>> load_names();
  async::Task<Result<void>> ask_friend(AskFriend ask);
  async::Task<Result<void>> answer_friend(AnswerFriend answer);
  async::Task<Result<void>> open_with(std::uint64_t user);
  void take_due();
  async::Deadline deadline() const { return async::deadline_in(options_.timeout); }

  Transport& transport_;
  State& state_;
  Display& display_;
  const WorkerOptions options_;
  std::vector<Waiting> waiting_;
};

}  // namespace hongyan::chat::screen
