#include "domain/account/rules.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "domain/account/events.h"
#include "hongyan/v1/sync.pb.h"

namespace hongyan::account {
namespace {

constexpr std::size_t kMinUsername = 4;
constexpr std::size_t kMaxUsername = 32;
constexpr std::size_t kMaxPasswordBytes = 128;

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

std::string lower(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), [](char letter) { return lower(letter); });
  return folded;
}

Result<void> check_audience(std::optional<Audience> audience, const char* field) {
  if (audience == v1::AUDIENCE_UNSPECIFIED) return fail(Error::invalid(field, "names nobody"));
  return {};
}

}  // namespace

Result<std::string> fold_username(std::string_view text, std::string_view field) {
  std::string folded = lower(text);
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (folded.size() < kMinUsername || folded.size() > kMaxUsername || !std::ranges::all_of(folded, allowed)) {
    return fail(Error::invalid(std::string(field), "4 to 32 of [a-z0-9_]"));
  }
  return folded;
}

Result<void> check_password(std::string_view password, std::string_view username, std::int64_t min_characters,
                            std::string_view field) {
  const auto weak = [&](const char* why) {
    Error error(ErrorCode::weak_password, why);
    error.field = field;
    return fail(std::move(error));
  };
  // What is not UTF-8 is counted in bytes: passwords are compared, never shown.
  const std::size_t characters = count_code_points(password).value_or(password.size());
  if (characters < static_cast<std::size_t>(min_characters)) return weak("too short");
  if (password.size() > kMaxPasswordBytes) return weak("longer than 128 bytes");
  if (lower(password) == username) return weak("the same as the username");
  return {};
}

Result<void> check_birthday(std::string_view text) {
  if (text.empty()) return {};
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t from, std::size_t count, auto& value) {
    const char* end = text.data() + from + count;
    return std::from_chars(text.data() + from, end, value).ptr == end && text[from] != '-';
  };
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4, year) &&
                      number(5, 2, month) && number(8, 2, day);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!shaped || year < 1900 || !date.ok()) return fail(Error::invalid("birthday", "not a date YYYY-MM-DD"));
  return {};
}

std::string one_time_password(crypto::RandomSource& random) {
  // 31 letters: 20 of them are 99 bits.
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();
  std::string password;
  while (password.size() < 23) {
    const auto byte = static_cast<unsigned char>(random.bytes(1)[0]);
    // Bytes above the last whole multiple would favour the first letters.
    if (byte >= kFair) continue;
    password += kLetters[byte % kLetters.size()];
    if (password.size() % 6 == 5 && password.size() < 23) password += '-';
  }
  return password;
}

RefreshVerdict judge_refresh(const RefreshFacts& facts, TimeMs now, std::chrono::milliseconds grace) {
  if (facts.device_revoked) return RefreshVerdict::revoked;
  const bool in_force = !facts.token_rotated && facts.token_generation == facts.device_generation;
  const bool just_rotated = facts.token_rotated && now.value - facts.token_rotated->value <= grace.count();
  const bool successor_untouched =
      facts.token_generation == facts.device_generation - 1 && !facts.device_generation_used;
  // Theft counts whatever else is true of the session.
  if (!in_force && !just_rotated && !successor_untouched) return RefreshVerdict::reuse;
  if (!facts.user_enabled) return RefreshVerdict::disabled;
  if (facts.session_expires <= now) return RefreshVerdict::lapsed;
  return in_force ? RefreshVerdict::rotate : RefreshVerdict::repeat;
}

Result<void> check_settings(const SettingsChange& change) {
  HY_TRY(check_audience(change.find_me, "find_me"));
  HY_TRY(check_audience(change.add_me, "add_me"));
  return check_audience(change.see_last_seen, "see_last_seen");
}

Settings changed(Settings settings, const SettingsChange& change) {
  settings.find_me = change.find_me.value_or(settings.find_me);
  settings.add_me = change.add_me.value_or(settings.add_me);
  settings.see_last_seen = change.see_last_seen.value_or(settings.see_last_seen);
  settings.read_receipts = change.read_receipts.value_or(settings.read_receipts);
  settings.notify = change.notify.value_or(settings.notify);
  settings.notify_preview = change.notify_preview.value_or(settings.notify_preview);
  return settings;
}

v1::Settings to_proto(const Settings& settings) {
  v1::Settings proto;
  proto.set_find_me(settings.find_me);
  proto.set_add_me(settings.add_me);
  proto.set_see_last_seen(settings.see_last_seen);
  proto.set_read_receipts(settings.read_receipts);
  proto.mutable_notifications()->set_enabled(settings.notify);
  proto.mutable_notifications()->set_preview(settings.notify_preview);
  return proto;
}

v1::User to_proto(const UserCard& card) {
  v1::User user;
  user.set_user_id(card.user_id.value);
  user.set_username(card.username);
  user.set_nickname(card.nickname);
  user.set_avatar(card.avatar);
  user.set_signature(card.signature);
  user.set_gender(card.gender);
  user.set_region(card.region);
  user.set_version(card.version);
  if (card.bot) user.set_bot(true);
  if (card.deleted) user.set_deleted(true);
  return user;
}

v1::UserName to_name(const UserCard& card) {
  v1::UserName name;
  name.set_user_id(card.user_id.value);
  name.set_nickname(card.nickname);
  name.set_avatar(card.avatar);
  name.set_version(card.version);
  if (card.deleted) name.set_deleted(true);
  return name;
}

v1::Me to_me(const User& user) {
  v1::Me me;
  me.set_user_id(user.card.user_id.value);
  me.set_username(user.card.username);
  me.set_nickname(user.card.nickname);
  me.set_avatar(user.card.avatar);
  me.set_signature(user.card.signature);
  me.set_gender(user.card.gender);
  me.set_region(user.card.region);
  me.set_version(user.card.version);
  me.set_birthday(user.birthday);
  me.set_must_change_password(user.must_change_password);
  me.set_role(user.role);
  if (user.deletes_at) me.set_deletes_at_ms(user.deletes_at->value);
  if (!user.email.empty()) {
    me.set_email(user.email);
    me.set_email_verified(true);
  }
  if (!user.phone.empty()) {
    me.set_phone(user.phone);
    me.set_phone_verified(true);
  }
  return me;
}

v1::Device to_proto(const Device& device) {
  v1::Device proto;
  proto.set_device_id(device.device_id.value);
  proto.set_name(device.name);
  if (device.platform != v1::PLATFORM_UNSPECIFIED) proto.set_platform(device.platform);
  proto.set_ip(device.ip);
  proto.set_last_active_ms(device.last_active.value);
  return proto;
}

v1::UserEvent to_proto(const VersionedEvent& stored) {
  v1::UserEvent event;
  event.set_version(stored.version.value);
  event.set_kind(stored.event.kind);
  event.set_key(stored.event.key);
  v1::UserEventState& state = *event.mutable_state();
  // The kind is the name of the state's field.
  const auto* field = v1::UserEventState::descriptor()->FindFieldByName(stored.event.kind);
  if (field != nullptr) {
    (void)state.GetReflection()->MutableMessage(&state, field)->ParseFromString(stored.event.state);
  }
  return event;
}

}  // namespace hongyan::account
