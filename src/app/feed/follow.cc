#include "app/feed/follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "app/control/feed.h"
#include "app/control/socket.h"
#include "app/settings.h"
#include "domain/message/rocks_store.h"
#include "infra/config/data_folder.h"
#include "infra/metrics/metrics.h"

namespace hongyan::app {
namespace {

using message::FeedOffset;
using message::FeedPage;

constexpr std::size_t kPage = message::FeedService::kMaxPage;

// Where the entries come from. Throws what the operator should read.
class Source {
 public:
  virtual ~Source() = default;
  virtual FeedPage read(const std::string& name, std::size_t limit) = 0;
  virtual void ack(const std::string& name, FeedOffset offset) = 0;
};

template <class T>
T value_of(Result<T> result) {
  if (!result) {
    throw std::runtime_error(
        fmt::format("{}: {} ({})", error_name(result.error().code), result.error().field, result.error().detail));
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// The server that runs on the folder.
class RunningServer final : public Source {
 public:
  explicit RunningServer(std::string folder) : folder_(std::move(folder)) {}

  // Whether there is one.
  bool runs() {
    internal::ControlRequest request;
    request.mutable_get_status();
    return value_of(ask_running_server(folder_, request)).has_value();
  }

  FeedPage read(const std::string& name, std::size_t limit) override {
    internal::ControlRequest request;
    request.mutable_read_feed()->set_name(name);
    request.mutable_read_feed()->set_limit(static_cast<std::int64_t>(limit));
    return to_page(ask(request).feed());
  }

  void ack(const std::string& name, FeedOffset offset) override {
    internal::ControlRequest request;
    request.mutable_ack_feed()->set_name(name);
    request.mutable_ack_feed()->set_offset(offset.value);
    ask(request);
  }

 private:
  internal::ControlResponse ask(const internal::ControlRequest& request) {
    auto answer = value_of(ask_running_server(folder_, request));
    if (!answer) throw std::runtime_error("the server has stopped");
    if (!answer->error().empty()) {
      throw std::runtime_error(fmt::format("{}: {} ({})", answer->error(), answer->field(), answer->detail()));
    }
    return *std::move(answer);
  }

  const std::string folder_;
};

// The folder itself, which no server has.
class Folder final : public Source {
 public:
  explicit Folder(const std::filesystem::path& folder)
      : lock_(folder),
        store_(value_of(message::RocksStore::open({.folder = folder / "messages", .epoch_when_new = {}}, metrics_))) {}

  FeedPage read(const std::string& name, std::size_t limit) override {
    return value_of(store_->feed().read(name, limit));
  }
  void ack(const std::string& name, FeedOffset offset) override { value_of(store_->feed().ack(name, offset)); }

 private:
  const config::DataFolder lock_;
  metrics::Metrics metrics_;
  std::unique_ptr<message::RocksStore> store_;
};

std::unique_ptr<Source> source_of(const std::string& folder) {
  auto server = std::make_unique<RunningServer>(folder);
  if (server->runs()) return server;
  if (!std::filesystem::exists(std::filesystem::path(folder) / "messages")) {
    throw std::runtime_error(folder + " holds no messages");
  }
  return std::make_unique<Folder>(folder);
}

void print(const FeedPage& page) {
  if (page.lost_before) fmt::print("{{\"lost_before\":{}}}\n", page.lost_before->value);
  for (const message::FeedEntry& entry : page.entries) {
    fmt::print(R"({{"offset":{},"conversation_id":"{}","seq":{},"change":{},"kind":"{}","time_ms":{}}})"
               "\n",
               entry.offset.value, entry.conversation.value, entry.seq.value, entry.change.value, name_of(entry.kind),
               entry.time.value);
  }
  if (std::fflush(stdout) != 0) throw std::runtime_error("the output cannot be written");
}

}  // namespace

int follow_feed(const FollowOptions& options) {
  try {
    const auto source = source_of(data_folder_of(options.data));
    std::int64_t left = options.limit == 0 ? std::numeric_limits<std::int64_t>::max() : options.limit;
    while (left > 0) {
      const auto wanted = std::min(left, static_cast<std::int64_t>(kPage));
      const FeedPage page = source->read(options.name, static_cast<std::size_t>(wanted));
      print(page);
      if (page.entries.empty()) break;
      source->ack(options.name, page.entries.back().offset);
      left -= static_cast<std::int64_t>(page.entries.size());
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace hongyan::app
