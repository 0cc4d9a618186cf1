// Tells of every message from a moment on, once and in order, across lost connections.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/chat/follow/follow_listener.h"
#include "app/chat/follow/timeline.h"
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
  // A conversation that was not listed begins with the first message that is pushed, not with its first of all.
  bool skips_the_past = false;
};

// Lives as long as the run, used by its one coroutine.
class Follower {
 public:
  Follower(Transport& transport, FollowListener& listener, FollowerOptions options)
      : transport_(transport), listener_(listener), options_(options) {}

  // Takes the present ends of all conversations: what comes after them will be told. Errors: as Transport::request.
  async::Task<Result<void>> begin();
  // Tells of messages until the session ends for good; begins by itself. Always an error.
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
  void take_gap(const v1::GapPush& gap);
  async::Task<Result<void>> tell(std::vector<v1::Message> messages);
  Entry& entry_of(std::uint64_t conversation_id, std::int64_t last);
  void expect(Entry& entry, async::Deadline pull_at);
  async::Deadline next_pull() const;

  Transport& transport_;
  FollowListener& listener_;
  const FollowerOptions options_;
  std::map<std::uint64_t, Entry> entries_;
  // Of the last catch_up(); nothing before the first and after a gap that names no conversations.
  std::optional<std::uint64_t> caught_up_;
  std::string epoch_;
};

}  // namespace hongyan::chat
