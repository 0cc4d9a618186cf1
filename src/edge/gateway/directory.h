// Which sockets a user has, across all io threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "wire/sessions.h"

namespace hongyan::gateway {

class Session;

// One authenticated socket. The session may be touched on its own io thread only.
struct Entry {
  SessionId session_id;
  UserId user;
  DeviceId device;
  std::size_t lane = 0;
  std::weak_ptr<Session> session;
};

// Thread-safe; touched when sockets come and go and when they are ended, not for pushes. Owned by the Gateway.
class Directory {
 public:
  struct Limits {
    std::size_t per_device = 8;
    std::size_t per_user = 20;
  };

  explicit Directory(Limits limits) : limits_(limits) {}

  // Adds the socket. Answers those that have to make room for it: the oldest of the device, then of the user.
  std::vector<Entry> add(Entry entry);
  // A repeat does nothing.
  void remove(UserId user, SessionId session);
  // The sockets that a kick ends.
  std::vector<Entry> find(const wire::KickTarget& target) const;
  // Authenticated sockets.
  std::size_t size() const;

  // Sockets that have not authenticated yet: counted, because nothing else bounds them.
  void anonymous_came() { ++anonymous_; }
  void anonymous_went() { --anonymous_; }
  std::size_t anonymous() const { return anonymous_; }

 private:
  const Limits limits_;
  mutable std::mutex mutex_;
  // Oldest first.
  std::unordered_map<UserId, std::vector<Entry>> by_user_;
  std::size_t size_ = 0;
  std::atomic<std::size_t> anonymous_{0};
};

}  // namespace hongyan::gateway
