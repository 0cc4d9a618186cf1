// What an account, a device and a session are.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::account {

using Role = v1::AccountRole;
using Platform = v1::Platform;

// Who a valid access token speaks for.
struct Identity {
  UserId user;
  DeviceId device;
  // While set, edges allow only user.me, auth.change_password, auth.logout and auth.refresh; all else answers
  // step_up_required.
  bool must_change_password = false;
};

// What everybody may know of a user, and whether the account is enabled.
struct UserCard {
  UserId user_id;
  std::string username;
  std::string nickname;
  std::string avatar;
  std::string signature;
  std::string gender;
  std::string region;
  // Rises with each change of the fields above.
  std::int64_t version = 0;
  bool enabled = true;
  // Programs act as it, and nobody can log in to it.
  bool bot = false;
  // Only the id is left, and the version.
  bool deleted = false;
};

v1::User to_proto(const UserCard& card);
// As much as lists carry that name the user.
v1::UserName to_name(const UserCard& card);

// A whole account but its password.
struct User {
  UserCard card;
  // ISO date or empty.
  std::string birthday;
  Role role = v1::ACCOUNT_ROLE_USER;
  bool must_change_password = false;
  // Access tokens carry it; those with another one are revoked.
  std::int64_t token_version = 1;
  // In their one spelling (codes/rules.h), empty when there is none.
  std::string email = {};
  std::string phone = {};
  // When the account goes, unless its owner undoes that.
  std::optional<TimeMs> deletes_at = {};
};

// To the user themselves.
v1::Me to_me(const User& user);

// What an administrator wants of an invite to register.
struct InviteWish {
  static constexpr std::int64_t kMaxUses = 100'000;
  static constexpr std::chrono::hours kMaxLife{366 * 24};

  // Accounts it may make, 0 for any number.
  std::int64_t max_uses = 1;
  std::chrono::milliseconds life{std::chrono::hours(7 * 24)};
};

// Which devices of somebody may be logged in at a time.
enum class DevicePolicy : std::uint8_t { any, one_per_platform, one };

// A program somebody logged in with.
struct Device {
  DeviceId device_id;
  UserId user;
  std::string name;
  Platform platform = v1::PLATFORM_UNSPECIFIED;
  // Address and time of its last request.
  std::string ip;
  TimeMs last_active;
  // When its session lapses unless it is refreshed before.
  TimeMs expires;
};

// That a device was in use.
struct SeenDevice {
  DeviceId device;
  TimeMs time;
  // Empty when nothing is known of where.
  std::string ip;
};

// All but whether it is that of who asks.
v1::Device to_proto(const Device& device);

using Audience = v1::Audience;

// What a user lets others know and do; the default is that of who never chose. Value type.
struct Settings {
  Audience find_me = v1::AUDIENCE_EVERYONE;
  Audience add_me = v1::AUDIENCE_EVERYONE;
  Audience see_last_seen = v1::AUDIENCE_EVERYONE;
  // Others learn what the user has read, and the user what others have. Off, neither does.
  bool read_receipts = true;
  // What their devices tell while nobody looks: anything, and with what was written.
  bool notify = true;
  bool notify_preview = true;
  bool operator==(const Settings&) const = default;
};

// Absent fields stay.
struct SettingsChange {
  std::optional<Audience> find_me = {};
  std::optional<Audience> add_me = {};
  std::optional<Audience> see_last_seen = {};
  std::optional<bool> read_receipts = {};
  std::optional<bool> notify = {};
  std::optional<bool> notify_preview = {};
};

// What an administrator asks for.
struct NewUser {
  std::string username;
  // Generated, and to be changed at first login, when absent.
  std::optional<std::string> password;
  // The username when empty.
  std::string nickname;
  Role role = v1::ACCOUNT_ROLE_USER;
  // As typed, empty for none. Who creates the account answers for it that they are the user's.
  std::string email = {};
  std::string phone = {};
};

// An account that programs act as.
struct NewBot {
  UserId user;
  std::string username;
  std::string nickname;
  TimeMs now;
};

// What an administrator gets.
struct CreatedUser {
  UserCard card;
  // Only when none was given: shown once, stored nowhere.
  std::optional<std::string> generated_password;
};

}  // namespace hongyan::account
