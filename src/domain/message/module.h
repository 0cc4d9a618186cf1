// Wires the message slice: store, sequencer, marks, service.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/registry.h"
#include "domain/message/commands/arrival_order.h"
#include "domain/message/commands/change_service.h"
#include "domain/message/commands/forward_service.h"
#include "domain/message/commands/hide_service.h"
#include "domain/message/cursors/cursor_merger.h"
#include "domain/message/feed/service.h"
#include "domain/message/feed/trimmer.h"
#include "domain/message/outbox/worker.h"
#include "domain/message/reading/export_source.h"
#include "domain/message/reading/read_service.h"
#include "domain/message/rocks_store.h"
#include "domain/message/sequencing/guard_loader.h"
#include "domain/message/sequencing/sequencer.h"
#include "domain/message/service.h"
#include "infra/async/blocking_pool.h"
#include "infra/config/config.h"

namespace hongyan::message {

// Section [message].
struct Config {
  static constexpr std::string_view kSection = "message";

  std::int64_t max_content_bytes = 64 * 1024;
  std::int64_t queue = 65'536;
  std::int64_t batch_commands = 1000;
  std::int64_t guard_cache = 100'000;
  std::int64_t head_cache = 100'000;
  std::chrono::milliseconds guard_timeout{5000};
  std::chrono::milliseconds read_window{500};
  std::chrono::milliseconds recall_window{120'000};
  std::chrono::milliseconds edit_window{900'000};
  std::chrono::milliseconds feed_age{std::chrono::hours(7 * 24)};
  std::int64_t feed_mb = 2048;
  std::chrono::milliseconds feed_trim{60'000};
  std::int64_t reopen_tries = 10;
  std::int64_t store_threads = 4;
  std::int64_t store_queue = 10'000;
  std::int64_t block_cache_mb = 64;
  std::int64_t log_segment_mb = 64;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

// The ways in below the services, for what writes a history without being a client: nobody's request is checked here, only
// who may send.
struct Intake {
  sequencing::CommandSink& commands;
  CursorMerger& marks;
};

// Section [receipts].
struct ReceiptsConfig {
  static constexpr std::string_view kSection = "receipts";

  std::int64_t max_members = 500;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

// Owns the store in DATA/messages, the threads `sequencer`, `reopen` and `cursors`, and the pool `store`. Main thread
// only; api() is thread-safe.
class Module final : public hongyan::Module {
 public:
  // Throws, with a text for the operator, when the store cannot be opened.
  explicit Module(Registry& registry);

  // Brings in the lines that an earlier run has left. Throws when it cannot.
  void start() override;
  // Finishes the commands that wait, writes the marks that wait.
  void stop() noexcept override;

  Api& api() { return *service_; }
  Reader& reader() { return *read_service_; }
  Intake intake() { return {*sequencer_, *merger_}; }
  FeedService& feed() { return *feed_; }

  // Who hears of messages with a word to review. Set it before start(); until then nobody does.
  void set_reviewer(Reviewer& reviewer) { reviewer_ = &reviewer; }

  // What happens, once, when the store failed and could not be brought back; called from the sequencer's thread, so it
  // must not stop this module itself. Without it the process ends at once with status 70: everything acked so far is on the
  // disk. Set it before start().
  void on_give_up(std::function<void(std::string reason)> act) { give_up_ = std::move(act); }

 private:
  Module(const Config& config, Registry& registry);
  void make_services(const Config& config, Registry& registry);
  async::Task<Result<void>> review(v1::Message message, async::Deadline deadline);

  std::unique_ptr<RocksStore> store_;
  async::BlockingPool store_pool_;
  sequencing::GuardLoader guards_;
  std::function<void(std::string)> give_up_;
  Reviewer* reviewer_ = nullptr;
  std::unique_ptr<sequencing::Sequencer> sequencer_;
  std::unique_ptr<CursorMerger> merger_;
  commands::ArrivalOrder order_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<OutboxWorker> worker_;
  std::unique_ptr<FeedService> feed_;
  std::unique_ptr<FeedTrimmer> trimmer_;
  std::unique_ptr<reading::ReadService> read_service_;
  std::unique_ptr<reading::ExportSource> export_source_;
  std::unique_ptr<commands::ChangeService> change_service_;
  std::unique_ptr<commands::ForwardService> forward_service_;
  std::unique_ptr<commands::HideService> hide_service_;
};

}  // namespace hongyan::message
