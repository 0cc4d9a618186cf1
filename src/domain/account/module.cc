#include "domain/account/module.h"

#include "domain/account/captcha/site_verifier.h"
#include "domain/account/codes/senders/pooled_sender.h"
#include "domain/account/parts.h"
#include "domain/account/rpc.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "infra/egress/module.h"
#include "infra/metrics/module.h"
#include "infra/sql/module.h"
#include "infra/text/module.h"
#include "wire/module.h"

namespace hongyan::account {
namespace {

std::unique_ptr<PooledSender> code_sender_in(Registry& registry) {
  return std::make_unique<PooledSender>(
      registry.need<config::Module>().section<CodesConfig>(), registry.need<discovery::Module>().clock(),
      registry.need<crypto::Module>().random(), registry.need<metrics::Module>().metrics());
}

std::unique_ptr<CaptchaVerifier> captcha_verifier_in(Registry& registry) {
  const auto config = registry.need<config::Module>().section<CaptchaConfig>();
  return std::make_unique<SiteVerifier>(registry.need<egress::Module>().client(), config.url(),
                                        config::secret_in(config.secret_file));
}

Surroundings surroundings_in(Registry& registry, CodeSender& code_sender, CaptchaVerifier& captcha_verifier) {
  auto& crypto = registry.need<crypto::Module>();
  auto& discovery = registry.need<discovery::Module>();
  auto& wire = registry.need<wire::Module>();
  return {.config = registry.need<config::Module>().section<Config>(),
          .codes = registry.need<config::Module>().section<CodesConfig>(),
          .code_sender = code_sender,
          .captcha = registry.need<config::Module>().section<CaptchaConfig>(),
          .captcha_verifier = captcha_verifier,
          .deletion = registry.need<config::Module>().section<DeletionConfig>(),
          .exports = registry.need<config::Module>().section<ExportConfig>(),
          .database = registry.need<sql::Module>().database(),
          .clock = discovery.clock(),
          .ids = discovery.ids(),
          .secrets = crypto.secrets(),
          .random = crypto.random(),
          .hasher = crypto.passwords(),
          .cpu = crypto.cpu(),
          .sockets = wire.hub(),
          .permissions = wire.permissions(),
          .sort_keys = registry.need<text::Module>().sort_keys(),
          .words = registry.need<text::Module>().words(),
          .executor = registry.need<async::Module>().io().next().get_executor(),
          .data_folder = registry.need<config::DataFolder>().path()};
}

}  // namespace

Module::Module(Registry& registry)
    : code_sender_(code_sender_in(registry)),
      captcha_verifier_(captcha_verifier_in(registry)),
      parts_(std::make_unique<Parts>(surroundings_in(registry, *code_sender_, *captcha_verifier_))) {
  register_rpcs(registry.need<wire::Module>().dispatcher(), services_of(*parts_));
}

Module::~Module() = default;

void Module::stop() noexcept {
  parts_->last_seen.close();
  code_sender_->stop();
  parts_->codes.close();
}

Api& Module::api() { return parts_->service; }
UserEvents& Module::events() { return parts_->events; }
BulkAccounts& Module::bulk() { return parts_->bulk; }
Invites& Module::invites() { return parts_->inviting; }
Bots& Module::bots() { return parts_->users; }
Privacy& Module::privacy() { return parts_->privacy; }
Deletions& Module::deletions() { return parts_->deletion_worker; }
Exports& Module::exports() { return parts_->export_worker; }
RegistrationPolicy& Module::registration() { return parts_->policy; }

BackgroundModule::BackgroundModule(Registry& registry) : parts_(*registry.need<account::Module>().parts_) {}

void BackgroundModule::start() {
  parts_.deletion_worker.start();
  parts_.export_worker.start();
}

void BackgroundModule::stop() noexcept {
  parts_.export_worker.stop();
  parts_.deletion_worker.stop();
}

}  // namespace hongyan::account
