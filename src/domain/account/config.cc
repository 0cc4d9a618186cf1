#include "domain/account/config.h"

#include <algorithm>

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

std::vector<std::string> Config::validate() const {
  std::vector<std::string> problems;
  // "invite" joins this list when invites exist.
  if (registration != "auto" && registration != "open" && registration != "closed") {
    problems.emplace_back("auth.registration must be auto, open or closed");
  }
  if (password_min_length < 1 || password_min_length > 64) {
    problems.emplace_back("auth.password_min_length must be 1 to 64");
  }
  if (access_token < std::chrono::seconds(1) || access_token > std::chrono::hours(24)) {
    problems.emplace_back("auth.access_token_ms must be 1 s to 24 h");
  }
  if (session < access_token || session > std::chrono::hours(24 * 366)) {
    problems.emplace_back("auth.session_ms must be auth.access_token_ms to 366 days");
  }
  if (refresh_grace.count() < 0 || refresh_grace > std::chrono::hours(1)) {
    problems.emplace_back("auth.refresh_grace_ms must be 0 to 1 h");
  }
  if (max_devices < 1 || max_devices > 1000) problems.emplace_back("auth.max_devices must be 1 to 1000");
  return problems;
}

}  // namespace hongyan::account
