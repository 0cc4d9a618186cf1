// Everything the slice consists of, put together in one place.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/access/auth_cache.h"
#include "domain/account/access/authenticator.h"
#include "domain/account/access/last_seen.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/access/sql_store.h"
#include "domain/account/access/throttle.h"
#include "domain/account/access/tokens.h"
#include "domain/account/admin/admin_service.h"
#include "domain/account/admin/bulk_accounts.h"
#include "domain/account/admin/initial_admin.h"
#include "domain/account/admin/password_setter.h"
#include "domain/account/captcha/service.h"
#include "domain/account/codes/login_service.h"
#include "domain/account/codes/reset_service.h"
#include "domain/account/codes/service.h"
#include "domain/account/codes/sql_store.h"
#include "domain/account/codes/target_service.h"
#include "domain/account/config.h"
#include "domain/account/deletion/service.h"
#include "domain/account/deletion/sql_store.h"
#include "domain/account/deletion/worker.h"
#include "domain/account/event_log/sql_store.h"
#include "domain/account/exports/account_source.h"
#include "domain/account/exports/service.h"
#include "domain/account/exports/sql_store.h"
#include "domain/account/exports/worker.h"
#include "domain/account/invites/service.h"
#include "domain/account/invites/sql_store.h"
#include "domain/account/profile_service.h"
#include "domain/account/registration_service.h"
#include "domain/account/rpc.h"
#include "domain/account/security_service.h"
#include "domain/account/service.h"
#include "domain/account/session_service.h"
#include "domain/account/settings/settings_service.h"
#include "domain/account/settings/sql_store.h"
#include "domain/account/sql_store.h"
#include "infra/text/sort_key.h"
#include "infra/text/words.h"

namespace hongyan::account {

// What the slice stands on; all of it outlives the slice.
struct Surroundings {
  Config config;
  CodesConfig codes;
  CodeSender& code_sender;
  CaptchaConfig captcha;
  CaptchaVerifier& captcha_verifier;
  DeletionConfig deletion;
  ExportConfig exports;
  sql::Database& database;
  const Clock& clock;
  IdGenerator& ids;
  const crypto::Secrets& secrets;
  crypto::RandomSource& random;
  const crypto::PasswordHasher& hasher;
  async::BlockingPool& cpu;
  wire::Sessions& sockets;
  const wire::PermissionHub& permissions;
  const text::SortKeys& sort_keys;
  // What neither names nor what people say of themselves may hold.
  const text::Words& words;
  // Turns until the slice has stopped.
  boost::asio::any_io_executor executor;
  std::filesystem::path data_folder;
};

// Owns stores, services and caches in the order they need each other. Built and destroyed by Module, and by tests.
struct Parts {
  // Users whose devices and settings, and devices whose last minute, are kept in memory: about 40 MB when full.
  static constexpr std::size_t kCached = 100'000;

  explicit Parts(const Surroundings& around)
      : users(around.database, around.sort_keys, NameSeal(around.secrets)),
        devices(around.database),
        events(around.database),
        stored_settings(around.database, events),
        invites(around.database),
        stored_codes(around.database),
        stored_deletions(around.database, events, NameSeal(around.secrets), CodeSeal(around.secrets)),
        stored_exports(around.database, events),
        export_files(around.data_folder / "exports"),
        tokens(around.secrets, around.random, around.clock, around.config),
        throttle(ThrottlePolicy(), around.clock),
        passwords(around.hasher, around.cpu, around.random, throttle, around.config),
        cache(kCached),
        privacy(stored_settings, kCached),
        ender(cache, around.sockets, around.permissions),
        policy(around.config),
        opener(tokens, around.ids, ender, around.config),
        last_seen(devices, tokens, around.executor, kCached),
        authenticator(devices, cache, tokens, last_seen),
        initial_admin(users, passwords, tokens, around.ids, around.cpu, around.data_folder),
        registration(users, passwords, opener, policy, around.ids, around.words),
        sessions(users, devices, passwords, tokens, opener, ender),
        setter(users, passwords, tokens, ender, initial_admin),
        security(users, devices, passwords, tokens, ender, setter),
        profiles(users, around.words),
        settings(stored_settings, privacy),
        admin(users, passwords, tokens, ender, around.ids, setter),
        inviting(invites, tokens, around.ids),
        codes(stored_codes, around.code_sender, users, around.random, around.clock, CodeSeal(around.secrets),
              around.codes, around.executor),
        code_logins(codes, users, devices, opener),
        resets(codes, users, passwords, setter),
        targets(codes, stored_codes, users, passwords),
        captcha(around.captcha_verifier, around.captcha),
        deletions(users, stored_deletions, passwords, tokens, ender, around.deletion),
        deletion_worker(stored_deletions, ender, around.clock, around.deletion, around.executor),
        export_worker(stored_exports, export_files, around.cpu, around.clock, around.exports, around.executor),
        exports({users, stored_exports, export_files, passwords, around.ids, tokens, export_worker, around.cpu},
                around.exports),
        own_source(users, stored_settings, devices, events, around.clock),
        bulk(users, passwords, opener, around.ids),
        service(authenticator, last_seen, users, admin, initial_admin) {
    deletion_worker.add(export_worker);
    export_worker.add(own_source);
  }

  SqlUserStore users;
  SqlDeviceStore devices;
  SqlUserEvents events;
  SqlSettingsStore stored_settings;
  SqlInviteStore invites;
  SqlCodeStore stored_codes;
  SqlDeletionStore stored_deletions;
  SqlExportStore stored_exports;
  ExportFiles export_files;
  Tokens tokens;
  LoginThrottle throttle;
  PasswordGate passwords;
  AuthCache cache;
  PrivacyCache privacy;
  SessionEnder ender;
  RegistrationPolicy policy;
  SessionOpener opener;
  LastSeen last_seen;
  Authenticator authenticator;
  InitialAdmin initial_admin;
  RegistrationService registration;
  SessionService sessions;
  PasswordSetter setter;
  SecurityService security;
  ProfileService profiles;
  SettingsService settings;
  AdminService admin;
  InviteService inviting;
  CodeService codes;
  CodeLoginService code_logins;
  ResetService resets;
  TargetService targets;
  CaptchaService captcha;
  DeletionService deletions;
  DeletionWorker deletion_worker;
  ExportWorker export_worker;
  ExportService exports;
  AccountSource own_source;
  BulkAccounts bulk;
  Service service;
};

inline Services services_of(Parts& parts) {
  return {parts.registration, parts.sessions, parts.security, parts.profiles, parts.settings,  parts.codes,
          parts.code_logins,  parts.resets,   parts.targets,  parts.captcha,  parts.deletions, parts.exports};
}

}  // namespace hongyan::account
