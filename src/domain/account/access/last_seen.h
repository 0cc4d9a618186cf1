// Keeps "last active" of devices true to the minute without a write per request.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "base/lru.h"
#include "domain/account/access/tokens.h"
#include "domain/account/store.h"
#include "infra/async/scope.h"

namespace hongyan::account {

// Thread-safe. Owned by Module, which closes it while the io threads still turn.
class LastSeen {
 public:
  LastSeen(DeviceStore& devices, const Tokens& tokens, boost::asio::any_io_executor executor, std::size_t capacity)
      : devices_(devices), tokens_(tokens), executor_(std::move(executor)), written_(capacity) {}

  // Notes that the device is in use; an empty `ip` says nothing of its address. Writes in the background, at most once a
  // minute a device, and many devices at once when they come together, as all do after a restart; a write that fails is made
  // up for by the next.
  void note(DeviceId device, std::string ip);

  // Waits for the writes under way; later notes are dropped. Blocks.
  void close() noexcept;

 private:
  async::Task<void> write_waiting();
  // What is to be written now; empty when nothing waits any more.
  std::vector<SeenDevice> take_waiting();

  DeviceStore& devices_;
  const Tokens& tokens_;
  const boost::asio::any_io_executor executor_;
  std::mutex mutex_;
  BoundedLru<DeviceId, TimeMs> written_;
  std::vector<SeenDevice> waiting_;
  // Somebody writes what waits, until nothing does.
  bool writing_ = false;
  async::Scope scope_;
};

}  // namespace hongyan::account
