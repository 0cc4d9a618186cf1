// The rpcs of AuthService and UserService: parse, call, map.
#pragma once

#include "domain/account/captcha/service.h"
#include "domain/account/codes/login_service.h"
#include "domain/account/codes/reset_service.h"
#include "domain/account/codes/service.h"
#include "domain/account/codes/target_service.h"
#include "domain/account/deletion/service.h"
#include "domain/account/exports/service.h"
#include "domain/account/profile_service.h"
#include "domain/account/registration_service.h"
#include "domain/account/security_service.h"
#include "domain/account/session_service.h"
#include "domain/account/settings/settings_service.h"
#include "wire/dispatcher.h"

namespace hongyan::account {

// What the handlers call; all outlive the dispatcher's last request.
struct Services {
  RegistrationService& registration;
  SessionService& sessions;
  SecurityService& security;
  ProfileService& profiles;
  SettingsService& settings;
  CodeService& codes;
  CodeLoginService& code_logins;
  ResetService& resets;
  TargetService& targets;
  CaptchaService& captcha;
  DeletionService& deletions;
  ExportService& exports;
};

// Registers every rpc of the slice. At start-up, once.
void register_rpcs(wire::Dispatcher& dispatcher, Services services);

}  // namespace hongyan::account
