// Shows every message from a moment on, once and in order, across lost connections.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/chat/follow/timeline.h"
#include "app/chat/name_book.h"
#include "app/chat/output.h"
#include "app/chat/transport.h"

namespace hongyan::chat {

// How patient a Follower is.
struct FollowerOptions {
  // For one request, its repeats included.
  std::chrono::milliseconds timeout{10'000};
  // Pushes out of order get this long to close a hole by themselves.
  std::chrono::milliseconds hole_patience{300};
  // Before it tries again what the server could not do within `timeout`.
  std::chrono::milliseconds try_again{1'000};
};

// Lives as long as the run, used by its one coroutine.
class Follower {
 public:
  Follower(Transport& transport, NameBook& names, Output& output, FollowerOptions options)
      : transport_(transport), names_(names), output_(output), options_(options) {}

  // Takes the present ends of all conversations: what comes after them will be shown. Errors: as Transport::request.
  async::Task<Result<void>> begin();
  // Shows messages until the session ends for good. Always an error.
  async::Task<Result<void>> run();

 private:
  struct Entry {
    Timeline timeline;
    // When its hole is pulled; nothing while there is none.
    std::optional<async::Deadline> pull_at;
  };

  async::Task<Result<void>> catch_up();
  async::Task<Result<void>> pull_due();
  async::Task<Result<void>> fill(std::uint64_t conversation_id, Entry& entry);
  async::Task<Result<v1::ListMessagesResponse>> pull(std::uint64_t conversation_id, Timeline::Hole hole);
  async::Task<Result<void>> take(ServerFrame push);
  async::Task<Result<void>> take_message(v1::MessagePush push);
  Result<void> take_gap(const v1::GapPush& gap);
  async::Task<Result<void>> show(std::vector<v1::Message> messages);
  Entry& entry_of(std::uint64_t conversation_id, std::int64_t last);
  void expect(Entry& entry, async::Deadline pull_at);
  async::Deadline next_pull() const;

  Transport& transport_;
  NameBook& names_;
  Output& output_;
  const FollowerOptions options_;
  std::map<std::uint64_t, Entry> entries_;
  // Of the last catch_up(); nothing before the first and after a gap that names no conversations.
  std::optional<std::uint64_t> caught_up_;
  std::string epoch_;
};

}  // namespace hongyan::chat
