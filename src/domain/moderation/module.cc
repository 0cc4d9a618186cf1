#include "domain/moderation/module.h"

#include <stdexcept>

#include "domain/account/module.h"
#include "domain/conversation/module.h"
#include "domain/message/module.h"
#include "domain/moderation/rpc.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "infra/text/module.h"
#include "wire/module.h"

namespace hongyan::moderation {

Module::Module(Registry& registry)
    : word_store_(registry.need<sql::Module>().database()),
      words_(word_store_, registry.need<text::Module>().words(), registry.need<discovery::Module>().clock()),
      report_store_(registry.need<sql::Module>().database()),
      reports_({.store = report_store_,
                .accounts = registry.need<account::Module>().api(),
                .conversations = registry.need<conversation::Module>().api(),
                .messages = registry.need<message::Module>().reader(),
                .ids = registry.need<discovery::Module>().ids(),
                .clock = registry.need<discovery::Module>().clock()},
               registry.need<config::Module>().section<Config>()) {
  registry.need<message::Module>().set_reviewer(reports_);
  registry.need<account::Module>().deletions().add(report_store_);
  registry.need<account::Module>().exports().add(report_store_);
  register_rpcs(registry.need<wire::Module>().dispatcher(), reports_);
}

void Module::start() {
  if (const auto loaded = words_.load_now(); !loaded) throw std::runtime_error("words: " + loaded.error().detail);
}

}  // namespace hongyan::moderation
