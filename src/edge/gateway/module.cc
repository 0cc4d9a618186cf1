#include "edge/gateway/module.h"

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/message/module.h"
#include "domain/presence/module.h"
#include "domain/sync/module.h"
#include "infra/async/module.h"
#include "infra/discovery/module.h"
#include "infra/metrics/module.h"
#include "wire/module.h"

namespace hongyan::gateway {
namespace {

// Together below the 10 s a shutdown may take.
constexpr std::chrono::milliseconds kRequestPatience{6'000};
constexpr std::chrono::milliseconds kClosePatience{2'000};

}  // namespace

Module::Module(Registry& registry)
    : config_(registry.need<config::Module>().section<Config>()),
      directory_({.per_device = static_cast<std::size_t>(config_.sockets_per_device),
                  .per_user = static_cast<std::size_t>(config_.sockets_per_user)}),
      ports_{.dispatcher = registry.need<wire::Module>().dispatcher(),
             .runner = registry.need<edge::RpcModule>().runner(),
             .limiter = registry.need<edge::RpcModule>().limiter(),
             .limits = registry.need<edge::RpcModule>().limits(),
             .accounts = registry.need<account::Module>().api(),
             .conversations = registry.need<conversation::Module>().api(),
             .messages = registry.need<message::Module>().api(),
             .presence = registry.need<presence::Module>().api(),
             .sync = registry.need<sync::Module>().api(),
             .ids = registry.need<discovery::Module>().ids(),
             .clock = registry.need<discovery::Module>().clock(),
             .scope = scope_,
             .directory = directory_,
             .config = config_},
      gateway_(registry.need<async::Module>().io(), ports_, registry.need<metrics::Module>().metrics()),
      rechecks_(registry.need<async::Module>().io().context(0).get_executor(), [this] { return recheck(); }) {
  registry.need<wire::Module>().hub().bind(gateway_, gateway_);
}

void Module::start() { rechecks_.start(config_.heartbeat); }

async::Task<std::chrono::milliseconds> Module::recheck() {
  gateway_.recheck();
  co_return config_.heartbeat;
}

void Module::stop() noexcept {
  rechecks_.stop(kClosePatience);
  gateway_.drain();
  scope_.close(kRequestPatience);
  gateway_.close_all(kClosePatience);
}

}  // namespace hongyan::gateway
