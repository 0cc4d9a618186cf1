#include "domain/account/config.h"

namespace hongyan::account {

void Config::bind(config::Binder& binder) {
  binder.field("registration", registration,
               "Who may register: open, closed, or auto (open while the server listens on loopback only).");
  binder.field("password_min_length", password_min_length, "Fewest characters of a password.");
  binder.field("access_token_ms", access_token, "How long an access token lives.");
  binder.field("session_ms", session, "How long a session lives without a refresh.");
  binder.field("refresh_grace_ms", refresh_grace, "How long a traded refresh token is answered again in any case.");
  binder.field("max_devices", max_devices, "Devices of one user; beyond it the longest inactive one is logged out.");
}

void Config::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  // "invite" joins this list when invites exist.
  rules.must_be("auto, open or closed", "registration",
                registration == "auto" || registration == "open" || registration == "closed");
  rules.between("password_min_length", password_min_length, 1, 64);
  rules.between("access_token_ms", access_token, 1s, 24h);
  rules.between("session_ms", session, access_token, 366 * 24h);
  rules.between("refresh_grace_ms", refresh_grace, 0s, 1h);
  rules.between("max_devices", max_devices, 1, 1000);
}

}  // namespace hongyan::account
