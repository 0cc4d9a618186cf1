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
      timer_(registry.need<async::Module>().io().context(0)) {
  register_rpcs(registry.need<wire::Module>().dispatcher(), service_, typing_);
}

void Module::start() { schedule(); }

void Module::schedule() {
  timer_.expires_after(config_.interval);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || stopping_) return;
    turns_.spawn(timer_.get_executor(), turn());
  });
}

async::Task<void> Module::turn() {
  co_await service_.tick();
  if (!stopping_) schedule();
}

void Module::stop() noexcept {
  boost::asio::post(timer_.get_executor(), [this] {
    stopping_ = true;
    timer_.cancel();
  });
  turns_.close(kPatience);
  last_.spawn(timer_.get_executor(), service_.write_all());
  last_.close(kPatience);
}

}  // namespace hongyan::presence
