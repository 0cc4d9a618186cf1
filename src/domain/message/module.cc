#include "domain/message/module.h"

#include <cstdlib>
#include <stdexcept>

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/message/rpc.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "infra/log/log.h"
#include "infra/metrics/module.h"
#include "infra/text/module.h"
#include "wire/module.h"

namespace hongyan::message {
namespace {

// EX_SOFTWARE's number, so that a supervisor starts the process again.
constexpr int kExitStoreLost = 70;
constexpr std::chrono::milliseconds kLongestWindow = std::chrono::days(3650);

std::unique_ptr<RocksStore> open_store(const Config& config, Registry& registry) {
  RocksStoreOptions options;
  options.folder = registry.need<config::DataFolder>().path() / "messages";
  options.block_cache_bytes = static_cast<std::size_t>(config.block_cache_mb) << 20;
  options.segment_bytes = static_cast<std::size_t>(config.log_segment_mb) << 20;
  options.epoch_when_new = crypto::base64url_encode(registry.need<crypto::Module>().random().bytes(12));
  auto store = RocksStore::open(options, registry.need<metrics::Module>().metrics());
  if (!store) throw std::runtime_error("message store: " + store.error().detail);
  return std::move(*store);
}

sequencing::SequencerOptions sequencer_options(const Config& config) {
  sequencing::SequencerOptions options;
  options.queue = static_cast<std::size_t>(config.queue);
  options.batch_commands = static_cast<std::size_t>(config.batch_commands);
  options.guards = static_cast<std::size_t>(config.guard_cache);
  options.heads = static_cast<std::size_t>(config.head_cache);
  options.windows = {.recall = config.recall_window, .edit = config.edit_window};
  options.recovery.max_failures = static_cast<int>(config.reopen_tries);
  return options;
}

void end_process(const std::string& reason) {
  log::error("message_store_lost", {{"reason", reason}});
  std::_Exit(kExitStoreLost);
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("max_content_bytes", max_content_bytes, "Largest content of a message.");
  binder.field("queue", queue, "Sends that may wait for their answer; beyond it they are answered unavailable.");
  binder.field("batch_commands", batch_commands, "Most messages of one commit.");
  binder.field("guard_cache", guard_cache, "Permissions to send that are kept in memory.");
  binder.field("head_cache", head_cache, "Conversation heads that are kept in memory.");
  binder.field("guard_timeout_ms", guard_timeout, "How long loading a permission may take.");
  binder.field("read_window_ms", read_window, "Read marks are written at most once in this time.");
  binder.field("recall_window_ms", recall_window, "For how long the sender may take a message back.");
  binder.field("edit_window_ms", edit_window, "For how long the sender may edit a text.");
  binder.field("feed_age_ms", feed_age, "Entries of the feed older than this are dropped, read or not.");
  binder.field("feed_mb", feed_mb, "Beyond this size the oldest entries of the feed are dropped, read or not.");
  binder.field("feed_trim_ms", feed_trim, "How often the feed is trimmed.");
  binder.field("reopen_tries", reopen_tries, "Failures in a row before a store that keeps failing ends the process.");
  binder.field("store_threads", store_threads, "Threads that read history.");
  binder.field("store_queue", store_queue, "Reads that may wait; beyond it they are answered unavailable.");
  binder.field("block_cache_mb", block_cache_mb, "Cache of the message store.");
  binder.field("log_segment_mb", log_segment_mb,
               "Size of a segment of the log; five of them may be in memory and on the disk before the store holds "
               "what is in them.");
}

void Config::validate(config::Rules& rules) const {
  rules.between("max_content_bytes", max_content_bytes, 1, 1 << 20);
  rules.between("queue", queue, 1, 10'000'000);
  rules.between("batch_commands", batch_commands, 1, 10'000);
  rules.between("guard_cache", guard_cache, 1, 100'000'000);
  rules.between("head_cache", head_cache, 1, 100'000'000);
  rules.between("guard_timeout_ms", guard_timeout.count(), 1, 10'000);
  rules.between("read_window_ms", read_window.count(), 0, 5000);
  rules.between("recall_window_ms", recall_window.count(), 0, kLongestWindow.count());
  rules.between("edit_window_ms", edit_window.count(), 0, kLongestWindow.count());
  rules.between("feed_age_ms", feed_age.count(), 1, kLongestWindow.count());
  rules.between("feed_mb", feed_mb, 1, 1 << 20);
  rules.between("feed_trim_ms", feed_trim.count(), 1, 86'400'000);
  rules.between("reopen_tries", reopen_tries, 1, 1000);
  rules.between("store_threads", store_threads, 1, 256);
  rules.between("store_queue", store_queue, 1, 10'000'000);
  rules.between("block_cache_mb", block_cache_mb, 1, 1 << 20);
  rules.between("log_segment_mb", log_segment_mb, 1, 4096);
}

void ReceiptsConfig::bind(config::Binder& binder) {
  binder.field("max_members", max_members,
               "In larger groups senders are not told who reads; they ask with message.receipts.");
}

void ReceiptsConfig::validate(config::Rules& rules) const { rules.between("max_members", max_members, 0, 100'000); }

Module::Module(Registry& registry) : Module(registry.need<config::Module>().section<Config>(), registry) {}

Module::Module(const Config& config, Registry& registry)
    : store_(open_store(config, registry)),
      store_pool_("store", static_cast<std::size_t>(config.store_threads),
                  static_cast<std::size_t>(config.store_queue)),
      guards_(
          registry.need<conversation::Module>().api(),
          [this](ConversationId conversation, OutboxWorker::Drained done) {
            worker_->drain(conversation, std::move(done));
          },
          registry.need<async::Module>().io().next().get_executor(), config.guard_timeout),
      give_up_(end_process) {
  auto& discovery = registry.need<discovery::Module>();
  auto& wire = registry.need<wire::Module>();
  const MessageMetrics metrics(registry.need<metrics::Module>().metrics());
  sequencer_ = std::make_unique<sequencing::Sequencer>(
      sequencing::SequencerPorts{*store_, guards_, discovery.ids(), discovery.clock(), wire.hub()},
      sequencer_options(config), metrics, [this](std::string reason) { give_up_(std::move(reason)); });
  wire.permissions().add(*sequencer_);
  const CursorMergerPorts merger_ports{*store_, *store_, registry.need<account::Module>().privacy(), wire.hub()};
  merger_ = std::make_unique<CursorMerger>(merger_ports, metrics, CursorMergerOptions{.window = config.read_window},
                                           [this](Error seen) { sequencer_->recover(std::move(seen)); });
  make_services(config, registry);
}

void Module::make_services(const Config& config, Registry& registry) {
  auto& wire = registry.need<wire::Module>();
  auto& accounts = registry.need<account::Module>();
  ServiceOptions options;
  options.content.max_bytes = static_cast<std::size_t>(config.max_content_bytes);
  options.max_told_members = registry.need<config::Module>().section<ReceiptsConfig>().max_members;
  const ServicePorts ports{
      .conversations = registry.need<conversation::Module>().api(),
      .accounts = accounts.api(),
      .privacy = accounts.privacy(),
      .stores = {*store_, *store_, *store_, *store_},
      .merger = *merger_,
      .sink = *sequencer_,
      .order = order_,
      .store_pool = store_pool_,
      .words = registry.need<text::Module>().words(),
      .review = [this](v1::Message message, async::Deadline deadline) { return review(std::move(message), deadline); },
      .on_store_failure = [this](Error seen) { sequencer_->recover(std::move(seen)); }};
  service_ = std::make_unique<Service>(ports, options);
  read_service_ = std::make_unique<reading::ReadService>(ports, options, wire.cursors());
  change_service_ = std::make_unique<commands::ChangeService>(ports, options);
  forward_service_ = std::make_unique<commands::ForwardService>(ports, options);
  hide_service_ = std::make_unique<commands::HideService>(ports, registry.need<account::Module>().events());
  worker_ = std::make_unique<OutboxWorker>(registry.need<conversation::Module>().outbox(), *service_,
                                           registry.need<async::Module>().io().next().get_executor(),
                                           MessageMetrics(registry.need<metrics::Module>().metrics()));
  const auto on_failure = [this](Error seen) { sequencer_->recover(std::move(seen)); };
  feed_ = std::make_unique<FeedService>(store_->feed(), store_pool_, on_failure);
  trimmer_ = std::make_unique<FeedTrimmer>(
      store_->feed(), store_pool_, registry.need<discovery::Module>().clock(),
      registry.need<async::Module>().io().next().get_executor(),
      FeedTrimmerOptions{.max_age = config.feed_age, .max_bytes = config.feed_mb << 20, .every = config.feed_trim},
      on_failure);
  export_source_ =
      std::make_unique<reading::ExportSource>(registry.need<conversation::Module>().api(), *store_, store_pool_);
  accounts.exports().add(*export_source_);
  register_rpcs(wire.dispatcher(), {*service_, *read_service_, *change_service_, *forward_service_, *hide_service_});
}

async::Task<Result<void>> Module::review(v1::Message message, async::Deadline deadline) {
  if (reviewer_ == nullptr) co_return Result<void>();
  co_return co_await reviewer_->review(std::move(message), deadline);
}

void Module::start() {
  worker_->start();
  trimmer_->start();
}

void Module::stop() noexcept {
  trimmer_->stop();
  worker_->stop();
  sequencer_->stop();
  guards_.close();
  merger_->stop();
  store_pool_.stop();
}

}  // namespace hongyan::message
