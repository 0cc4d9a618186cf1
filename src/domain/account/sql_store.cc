#include "domain/account/sql_store.h"

#include <fmt/format.h>

#include <tuple>

#include "base/text.h"
#include "domain/account/access/sql_store.h"
#include "domain/account/invites/sql_store.h"
#include "domain/account/rules.h"
#include "domain/account/settings/sql_store.h"

namespace hongyan::account {
namespace {

using sql::Transaction;

constexpr std::size_t kMaxCards = 1000;

using CardRow = std::tuple<UserId, std::string, std::string, std::string, std::string, std::string, std::string,
                           std::int64_t, bool, bool, bool>;
constexpr std::string_view kCardColumns =
    "user_id, username, nickname, avatar, signature, gender, region, version, enabled, bot, deleted";

UserCard to_card(const CardRow& row) {
  const auto& [id, username, nickname, avatar, signature, gender, region, version, enabled, bot, deleted] = row;
  // What stands in the place of the username of a deleted account is nobody's business.
  return {id, deleted ? "" : username, nickname, avatar, signature, gender, region, version, enabled, bot, deleted};
}

Result<std::optional<Credentials>> select_user(sql::Session& session, std::string_view where, sql::Value value) {
  HY_TRY(const auto row,
         (session.query_one<UserId, std::string, std::string, std::string, std::string, std::string, std::string,
                            std::int64_t, bool, bool, bool, std::string, Role, bool, std::int64_t, std::string,
                            std::optional<std::string>, std::optional<std::string>, std::optional<TimeMs>>(
             fmt::format("SELECT {}, birthday, role, must_change_password, token_version, password_hash, email, phone,"
                         " deletes_at_ms FROM users WHERE {} = :value",
                         kCardColumns, where),
             std::move(value))));
  if (!row) return std::optional<Credentials>();
  const auto& [id, username, nickname, avatar, signature, gender, region, version, enabled, bot, deleted, birthday,
               role, must_change, token_version, hash, email, phone, deletes_at] = *row;
  Credentials found;
  found.user = {to_card({id, username, nickname, avatar, signature, gender, region, version, enabled, bot, deleted}),
                birthday,
                role,
                must_change,
                token_version,
                email.value_or(""),
                phone.value_or(""),
                deletes_at};
  found.password_hash = hash;
  return std::optional(std::move(found));
}

Result<std::optional<Credentials>> select_by_id(sql::Session& session, UserId user) {
  return select_user(session, "user_id", sql::ValueOf<UserId>::bind(user));
}

// Which column holds what somebody logs in with: no username has an @ or begins with a +.
std::string_view column_of(std::string_view account) {
  if (account.contains('@')) return "email";
  return account.starts_with('+') ? "phone" : "username";
}

Result<bool> is_usable_device(sql::Session& session, UserId user, DeviceId device) {
  HY_TRY(
      const auto row,
      session.query_one<DeviceId>(
          "SELECT device_id FROM devices WHERE device_id = :d AND user_id = :u AND revoked_ms IS NULL", device, user));
  return row.has_value();
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

Result<void> SqlUserStore::insert_user(Transaction& transaction, const NewAccount& account) {
  const UserCard& card = account.user.card;
  HY_TRY(const auto reserved,
         transaction.query_one<std::string>("SELECT username_hash FROM reserved_usernames WHERE username_hash = :hash",
                                            names_.of(card.username)));
  // As if the account were still there.
  if (reserved) return fail(ErrorCode::already_exists, "users.username");
  HY_TRY(transaction.execute(
      "INSERT INTO users (user_id, username, password_hash, nickname, sort_key, role, must_change_password, created_ms,"
      " email, phone, bot) VALUES (:id, :name, :hash, :nick, :key, :role, :must, :created, :email, :phone, :bot)",
      card.user_id, card.username, account.password_hash, card.nickname, sort_keys_.of(card.nickname),
      account.user.role, account.user.must_change_password, account.created, unless_empty(account.user.email),
      unless_empty(account.user.phone), card.bot));
  return {};
}

Result<User> require_user(sql::Session& session, UserId user) {
  HY_TRY(auto found, select_by_id(session, user));
  if (!found) return fail(ErrorCode::not_found, "no such user");
  return std::move(found->user);
}

async::Task<Result<User>> SqlUserStore::find(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) { return require_user(session, user); });
}

async::Task<Result<std::optional<Credentials>>> SqlUserStore::credentials(std::string account,
                                                                          std::optional<DeviceId> device,
                                                                          async::Deadline deadline) {
  return database_.read(
      deadline, [account = std::move(account), device](sql::Session& session) -> Result<std::optional<Credentials>> {
        HY_TRY(auto found, select_user(session, column_of(account), account));
        if (found && found->user.card.deleted) return std::optional<Credentials>();
        if (!found || !device) return found;
        HY_TRY(found->device_known, is_usable_device(session, found->user.card.user_id, *device));
        return found;
      });
}

async::Task<Result<std::optional<Credentials>>> SqlUserStore::credentials_of(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) { return select_by_id(session, user); });
}

async::Task<Result<std::vector<UserCard>>> SqlUserStore::cards(std::vector<UserId> users, async::Deadline deadline) {
  return database_.read(deadline,
                        [this, users = std::move(users)](sql::Session& session) { return cards_in(session, users); });
}

Result<std::vector<UserCard>> SqlUserStore::cards_in(sql::Session& session, std::span<const UserId> users) {
  std::vector<UserCard> cards;
  if (users.empty()) return cards;
  if (users.size() > kMaxCards) return fail(ErrorCode::invalid_argument, "more than 1000 users at once");
  std::vector<sql::Value> parameters;
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  HY_TRY(const auto rows,
         (session.query_with<UserId, std::string, std::string, std::string, std::string, std::string, std::string,
                             std::int64_t, bool, bool, bool>(
             fmt::format("SELECT {} FROM users WHERE user_id IN {}", kCardColumns, sql::placeholders(users.size())),
             parameters)));
  for (const CardRow& row : rows) cards.push_back(to_card(row));
  return cards;
}

async::Task<Result<std::vector<UserCard>>> SqlUserStore::sounding_like(std::string text, std::size_t limit,
                                                                       async::Deadline deadline) {
  return database_.read(deadline, [this, text, limit](sql::Session& session) -> Result<std::vector<UserCard>> {
    const std::string low = sort_keys_.of(text);
    // Sorts behind everything that begins with the key: the last character there is.
    const std::string high = low + "\U0010ffff";
    HY_TRY(const auto rows,
           (session.query<UserId, std::string, std::string, std::string, std::string, std::string, std::string,
                          std::int64_t, bool, bool, bool>(
               fmt::format("SELECT {} FROM users WHERE sort_key >= :low AND sort_key < :high AND enabled = 1"
                           " ORDER BY sort_key, user_id LIMIT :limit",
                           kCardColumns),
               low, high, limit)));
    std::vector<UserCard> cards;
    for (const CardRow& row : rows) cards.push_back(to_card(row));
    return cards;
  });
}

async::Task<Result<std::optional<OpenedSession>>> SqlUserStore::create(NewAccount account, async::Deadline deadline) {
  return database_.write(
      deadline, [this, account = std::move(account)](Transaction& transaction) -> Result<std::optional<OpenedSession>> {
        // First: whoever has no good invite does not learn which usernames are taken.
        if (!account.invite_hash.empty()) HY_TRY(redeem_invite(transaction, account.invite_hash, account.created));
        HY_TRY(insert_user(transaction, account));
        if (!account.session) return std::optional<OpenedSession>();
        HY_TRY(auto opened, open_session(transaction, account.user.card.user_id, *account.session));
        return std::optional(std::move(opened));
      });
}

Result<bool> SqlUserStore::any_user() {
  return database_.read_now([](sql::Session& session) -> Result<bool> {
    HY_TRY(const auto any, session.query_one<UserId>("SELECT user_id FROM users LIMIT 1"));
    return any.has_value();
  });
}

Result<void> SqlUserStore::create_now(NewAccount account) {
  return database_.write_now([&](Transaction& transaction) { return insert_user(transaction, account); });
}

Result<void> SqlUserStore::create_in(Transaction& transaction, const NewBot& bot) {
  NewAccount account;
  UserCard& card = account.user.card;
  card.user_id = bot.user;
  card.bot = true;
  HY_TRY(card.username, fold_username(bot.username));
  HY_TRY(card.nickname, check_line(bot.nickname, 1, kMaxNickname, "nickname"));
  account.created = bot.now;
  HY_TRY(insert_user(transaction, account));
  // It answers no requests, reads nothing and is never there.
  const Settings settings{.add_me = v1::AUDIENCE_NOBODY, .see_last_seen = v1::AUDIENCE_NOBODY, .read_receipts = false};
  return replace_settings(transaction, bot.user, settings);
}

async::Task<Result<User>> SqlUserStore::update_profile(UserId user, ProfileChange change, async::Deadline deadline) {
  return database_.write(deadline, [this, user, change = std::move(change)](Transaction& transaction) -> Result<User> {
    std::optional<std::string> sort_key;
    if (change.nickname) sort_key = sort_keys_.of(*change.nickname);
    HY_TRY(transaction.execute(
        "UPDATE users SET nickname = COALESCE(:nickname, nickname), sort_key = COALESCE(:key, sort_key),"
        " signature = COALESCE(:signature, signature),"
        " gender = COALESCE(:gender, gender), region = COALESCE(:region, region),"
        " birthday = COALESCE(:birthday, birthday), version = version + 1 WHERE user_id = :user AND deleted = 0",
        change.nickname, sort_key, change.signature, change.gender, change.region, change.birthday, user));
    return require_user(transaction, user);
  });
}

async::Task<Result<void>> SqlUserStore::set_password(UserId user, PasswordChange change, AfterCommit<> after_commit,
                                                     async::Deadline deadline) {
  return database_.write(
      deadline,
      [user, change = std::move(change),
       hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<void> {
        HY_TRY(const auto before, select_by_id(transaction, user));
        if (!before || before->user.card.deleted) return fail(ErrorCode::not_found, "no such user");
        if (change.expected_hash && *change.expected_hash != before->password_hash) {
          return fail(ErrorCode::conflict, "the password was changed meanwhile");
        }
        HY_TRY(
            transaction.execute("UPDATE users SET password_hash = :hash, must_change_password = :must,"
                                " token_version = token_version + :bump WHERE user_id = :user",
                                change.hash, change.must_change, change.keep_device ? 0 : 1, user));
        HY_TRY(revoke_devices(transaction, user, {.only = {}, .except = change.keep_device}, change.now));
        transaction.after_commit(std::move(hook));
        return {};
      });
}

async::Task<Result<void>> SqlUserStore::set_enabled(UserId user, bool enabled, AfterCommit<> after_commit,
                                                    async::Deadline deadline) {
  return database_.write(
      deadline, [user, enabled, hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<void> {
        HY_TRY(require_user(transaction, user));
        HY_TRY(
            transaction.execute("UPDATE users SET enabled = :enabled, token_version = token_version + :bump"
                                " WHERE user_id = :user AND enabled <> :same AND deleted = 0",
                                enabled, enabled ? 0 : 1, user, enabled));
        transaction.after_commit(std::move(hook));
        return {};
      });
}

}  // namespace hongyan::account
