#include "domain/presence/module.h"

#include "domain/account/module.h"
#include "domain/contact/module.h"
#include "domain/conversation/module.h"
#include "domain/presence/rpc.h"
#include "infra/async/module.h"
#include "infra/discovery/module.h"
#include "infra/metrics/module.h"
#include "infra/sql/module.h"
#include "wire/module.h"

namespace hongyan::presence {
namespace {

// Of the last turn, and of what is written afterwards.
constexpr std::chrono::milliseconds kPatience{2'000};

}  // namespace

Module::Module(Registry& registry)
    : config_(registry.need<config::Module>().section<Config>()),
      store_(registry.need<sql::Module>().database()),
      leases_(registry.need<discovery::Module>().clock()),
      service_({.conversations = registry.need<conversation::Module>().api(),
                .groups = registry.need<conversation::Module>().groups(),
                .contacts = registry.need<contact::Module>().api(),
                .privacy = registry.need<account::Module>().privacy(),
                .store = store_,
                .leases = leases_,
                .topics = registry.need<wire::Module>().hub(),
                .clock = registry.need<discovery::Module>().clock()},
               config_, registry.need<metrics::Module>().metrics()),
      typing_({.conversations = registry.need<conversation::Module>().api(),
               .groups = registry.need<conversation::Module>().groups(),
               .topics = registry.need<wire::Module>().hub(),
               .clock = registry.need<discovery::Module>().clock()},
              config_),
      executor_(registry.need<async::Module>().io().context(0).get_executor()),
      turns_(executor_, [this] { return turn(); }) {
  registry.need<account::Module>().deletions().add(service_);
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_, typing_);
}

void Module::start() { turns_.start(config_.interval); }

async::Task<std::chrono::milliseconds> Module::turn() {
  co_await service_.tick();
  co_return config_.interval;
}

void Module::stop() noexcept {
  turns_.stop(kPatience);
  last_.spawn(executor_, service_.write_all());
  last_.close(kPatience);
}

}  // namespace hongyan::presence
