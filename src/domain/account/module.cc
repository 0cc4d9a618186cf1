#include "domain/account/module.h"

#include "domain/account/config.h"
#include "domain/account/rpc.h"
#include "domain/account/service.h"
#include "domain/account/sql_store.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/crypto/module.h"
#include "infra/discovery/module.h"
#include "infra/sql/module.h"
#include "wire/module.h"

namespace hongyan::account {
namespace {

// Users whose devices, and devices whose last minute, are kept in memory: about 30 MB when full.
constexpr std::size_t kCached = 100'000;

// The modules this one stands on.
struct Needs {
  explicit Needs(Registry& registry)
      : config(registry.need<config::Module>().section<Config>()),
        data(registry.need<config::DataFolder>()),
        io(registry.need<async::Module>()),
        sql(registry.need<sql::Module>()),
        crypto(registry.need<crypto::Module>()),
        discovery(registry.need<discovery::Module>()),
        wire(registry.need<wire::Module>()) {}

  Config config;
  config::DataFolder& data;
  async::Module& io;
  sql::Module& sql;
  crypto::Module& crypto;
  discovery::Module& discovery;
  wire::Module& wire;
};

}  // namespace

struct Module::Parts {
  explicit Parts(Needs needs)
      : users(needs.sql.database()),
        devices(needs.sql.database()),
        tokens(needs.crypto.secrets(), needs.crypto.random(), needs.discovery.clock(), needs.config),
        throttle(ThrottlePolicy(), needs.discovery.clock()),
        passwords(needs.crypto.passwords(), needs.crypto.cpu(), needs.crypto.random(), throttle, needs.config),
        cache(kCached),
        ender(cache, needs.wire.hub(), needs.wire.permissions()),
        policy(needs.config),
        opener(tokens, needs.discovery.ids(), ender, needs.config),
        last_seen(devices, tokens, needs.io.io().next().get_executor(), kCached),
        authenticator(devices, cache, tokens, last_seen),
        initial_admin(users, passwords, tokens, needs.discovery.ids(), needs.crypto.cpu(), needs.data.path()),
        registration(users, passwords, opener, policy, needs.discovery.ids()),
        sessions(users, devices, passwords, tokens, opener, ender),
        security(users, devices, passwords, tokens, ender, initial_admin),
        profiles(users),
        admin(users, passwords, tokens, ender, needs.discovery.ids(), initial_admin),
        service(authenticator, last_seen, users, admin, initial_admin) {
    register_rpcs(needs.wire.dispatcher(), {registration, sessions, security, profiles});
  }

  SqlUserStore users;
  SqlDeviceStore devices;
  Tokens tokens;
  LoginThrottle throttle;
  PasswordGate passwords;
  AuthCache cache;
  SessionEnder ender;
  RegistrationPolicy policy;
  SessionOpener opener;
  LastSeen last_seen;
  Authenticator authenticator;
  InitialAdmin initial_admin;
  RegistrationService registration;
  SessionService sessions;
  SecurityService security;
  ProfileService profiles;
  AdminService admin;
  Service service;
};

Module::Module(Registry& registry) : parts_(std::make_unique<Parts>(Needs(registry))) {}
Module::~Module() = default;

void Module::stop() noexcept { parts_->last_seen.close(); }

Api& Module::api() { return parts_->service; }
RegistrationPolicy& Module::registration() { return parts_->policy; }

}  // namespace hongyan::account
