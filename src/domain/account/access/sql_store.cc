#include "domain/account/access/sql_store.h"

#include <tuple>

namespace hongyan::account {
namespace {

using sql::Transaction;

// How long revoked devices are kept, so that their tokens are told they were revoked.
constexpr std::int64_t kKeepRevokedMs = std::int64_t{30} * 24 * 3600 * 1000;

// Forgets devices that were revoked long ago.
Result<void> prune_devices(Transaction& transaction, UserId user, TimeMs now) {
  const TimeMs before(now.value - kKeepRevokedMs);
  HY_TRY(
      transaction.execute("DELETE FROM refresh_tokens WHERE device_id IN"
                          " (SELECT device_id FROM devices WHERE user_id = :user AND revoked_ms < :before)",
                          user, before));
  HY_TRY(transaction.execute("DELETE FROM devices WHERE user_id = :user AND revoked_ms < :before", user, before));
  return {};
}

// Revokes the devices that may not stay beside the one that logs in (none for a fresh one): by the policy, and of the others the
// longest inactive until one more has room.
Result<std::vector<DeviceId>> make_room(Transaction& transaction, UserId user, const NewSession& session,
                                        DeviceId stays) {
  HY_TRY(const auto others, (transaction.query<DeviceId, Platform>(
                                "SELECT device_id, platform FROM devices WHERE user_id = :user AND revoked_ms IS NULL"
                                " AND device_id <> :stays ORDER BY last_active_ms DESC, device_id DESC",
                                user, stays)));
  std::vector<DeviceId> evicted;
  std::vector<sql::Value> parameters = sql::values(session.now);
  std::int64_t room = session.max_devices - 1;
  for (const auto& [device, platform] : others) {
    const bool in_the_way = session.policy == DevicePolicy::one ||
                            (session.policy == DevicePolicy::one_per_platform && platform == session.platform);
    if (!in_the_way && room-- > 0) continue;
    evicted.push_back(device);
    parameters.push_back(sql::ValueOf<DeviceId>::bind(device));
  }
  if (evicted.empty()) return evicted;
  HY_TRY(transaction.execute_with(
      "UPDATE devices SET revoked_ms = ? WHERE device_id IN " + sql::placeholders(evicted.size()), parameters));
  return evicted;
}

// The generation after which the wanted device goes on, nothing when it cannot be used.
Result<std::optional<std::int64_t>> reusable_generation(Transaction& transaction, UserId user,
                                                        const NewSession& session) {
  if (!session.wanted_device) return std::optional<std::int64_t>();
  HY_TRY(const auto row,
         transaction.query_one<std::int64_t>(
             "SELECT generation FROM devices WHERE device_id = :d AND user_id = :u AND revoked_ms IS NULL",
             *session.wanted_device, user));
  if (!row) return std::optional<std::int64_t>();
  return std::optional(std::get<0>(*row));
}

Result<void> reuse_device(Transaction& transaction, const NewSession& session, std::int64_t generation) {
  // The tokens of the earlier session are forgotten, not "used": presenting one is no theft.
  HY_TRY(transaction.execute("DELETE FROM refresh_tokens WHERE device_id = :d", *session.wanted_device));
  HY_TRY(
      transaction.execute("UPDATE devices SET name = :name, platform = :platform, ip = :ip, last_active_ms = :now,"
                          " expires_ms = :expires, generation = :generation, generation_used = 0 WHERE device_id = :d",
                          session.device_name, session.platform, session.ip, session.now, session.expires, generation,
                          *session.wanted_device));
  return {};
}

Result<void> insert_device(Transaction& transaction, UserId user, const NewSession& session) {
  HY_TRY(transaction.execute(
      "INSERT INTO devices (device_id, user_id, name, platform, ip, created_ms, last_active_ms, expires_ms, generation)"
      " VALUES (:d, :u, :name, :platform, :ip, :created, :active, :expires, 1)",
      session.fresh_device, user, session.device_name, session.platform, session.ip, session.now, session.now,
      session.expires));
  return {};
}

Result<void> insert_token(Transaction& transaction, const std::string& hash, DeviceId device, std::int64_t generation) {
  HY_TRY(transaction.execute("INSERT INTO refresh_tokens (token_hash, device_id, generation) VALUES (:h, :d, :g)", hash,
                             device, generation));
  return {};
}

struct FoundToken {
  Rotated subject;
  RefreshFacts facts;
};

Result<std::optional<FoundToken>> find_token(Transaction& transaction, const std::string& hash) {
  HY_TRY(const auto row,
         (transaction.query_one<UserId, DeviceId, std::int64_t, bool, std::int64_t, std::optional<TimeMs>, std::int64_t,
                                bool, TimeMs, std::optional<TimeMs>>(
             "SELECT d.user_id, d.device_id, u.token_version, u.enabled, r.generation, r.rotated_ms, d.generation,"
             " d.generation_used, d.expires_ms, d.revoked_ms"
             " FROM refresh_tokens r JOIN devices d ON d.device_id = r.device_id JOIN users u ON u.user_id = d.user_id"
             " WHERE r.token_hash = :hash",
             hash)));
  if (!row) return std::optional<FoundToken>();
  const auto& [user, device, version, enabled, generation, rotated, device_generation, used, expires, revoked] = *row;
  FoundToken found;
  found.subject = {RefreshVerdict::unknown, user, device, version, generation + 1};
  found.facts = {generation, rotated, device_generation, used, expires, revoked.has_value(), enabled};
  return std::optional(found);
}

Result<void> trade_token(Transaction& transaction, const Rotation& rotation, const Rotated& subject) {
  HY_TRY(transaction.execute("UPDATE refresh_tokens SET rotated_ms = :now WHERE token_hash = :hash", rotation.now,
                             rotation.token_hash));
  HY_TRY(insert_token(transaction, rotation.successor_hash, subject.device, subject.generation));
  HY_TRY(transaction.execute(
      "UPDATE devices SET generation = :generation, generation_used = 0, expires_ms = :expires, last_active_ms = :now,"
      " ip = :ip WHERE device_id = :d",
      subject.generation, TimeMs(rotation.now.value + rotation.session.count()), rotation.now, rotation.ip,
      subject.device));
  // A token older than any session can be is as good as unknown.
  HY_TRY(transaction.execute("DELETE FROM refresh_tokens WHERE device_id = :d AND rotated_ms < :before", subject.device,
                             TimeMs(rotation.now.value - rotation.session.count())));
  return {};
}

Result<Rotated> rotate_token(Transaction& transaction, const Rotation& rotation) {
  HY_TRY(auto found, find_token(transaction, rotation.token_hash));
  if (!found) return Rotated();
  Rotated& subject = found->subject;
  subject.verdict = judge_refresh(found->facts, rotation.now, rotation.grace);
  if (subject.verdict == RefreshVerdict::rotate) {
    HY_TRY(trade_token(transaction, rotation, subject));
  } else if (subject.verdict == RefreshVerdict::reuse) {
    HY_TRY(revoke_devices(transaction, subject.user, {.only = subject.device, .except = {}}, rotation.now));
  }
  return subject;
}

}  // namespace

Result<std::int64_t> revoke_devices(Transaction& transaction, UserId user, const DeviceChoice& choice, TimeMs now) {
  // No device has the id 0, so as an exception it spares nobody; as the only one it must not stand for all.
  return transaction.execute(
      "UPDATE devices SET revoked_ms = :now WHERE user_id = :user AND revoked_ms IS NULL"
      " AND (:all = 1 OR device_id = :only) AND device_id <> :except",
      now, user, !choice.only.has_value(), choice.only.value_or(DeviceId()), choice.except.value_or(DeviceId()));
}

Result<OpenedSession> open_session(Transaction& transaction, UserId user, const NewSession& session) {
  OpenedSession opened;
  HY_TRY(prune_devices(transaction, user, session.now));
  HY_TRY(const auto generation, reusable_generation(transaction, user, session));
  if (generation) {
    opened.device = *session.wanted_device;
    opened.generation = *generation + 1;
    HY_TRY(opened.evicted, make_room(transaction, user, session, opened.device));
    HY_TRY(reuse_device(transaction, session, opened.generation));
  } else {
    opened.device = session.fresh_device;
    opened.generation = 1;
    HY_TRY(opened.evicted, make_room(transaction, user, session, DeviceId()));
    HY_TRY(insert_device(transaction, user, session));
  }
  HY_TRY(insert_token(transaction, session.refresh_hash, opened.device, opened.generation));
  return opened;
}

async::Task<Result<std::optional<AuthState>>> SqlDeviceStore::auth_state(UserId user, DeviceId device,
                                                                         async::Deadline deadline) {
  return database_.read(deadline, [user, device](sql::Session& session) -> Result<std::optional<AuthState>> {
    HY_TRY(const auto row,
           (session.query_one<bool, bool, std::int64_t, std::optional<TimeMs>, TimeMs, std::int64_t, bool>(
               "SELECT u.enabled, u.must_change_password, u.token_version, d.revoked_ms, d.expires_ms, d.generation,"
               " d.generation_used FROM devices d JOIN users u ON u.user_id = d.user_id"
               " WHERE d.device_id = :device AND d.user_id = :user",
               device, user)));
    if (!row) return std::optional<AuthState>();
    const auto& [enabled, must_change, version, revoked, expires, generation, used] = *row;
    return std::optional(AuthState{enabled, must_change, version, revoked.has_value(), expires, generation, used});
  });
}

async::Task<Result<OpenedSession>> SqlDeviceStore::open(UserId user, NewSession session,
                                                        AfterCommit<const OpenedSession&> after_commit,
                                                        async::Deadline deadline) {
  return database_.write(deadline,
                         [user, session = std::move(session),
                          hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<OpenedSession> {
                           HY_TRY(auto opened, open_session(transaction, user, session));
                           transaction.after_commit([hook = std::move(hook), opened]() mutable { hook(opened); });
                           return opened;
                         });
}

async::Task<Result<Rotated>> SqlDeviceStore::rotate(Rotation rotation, AfterCommit<const Rotated&> after_commit,
                                                    async::Deadline deadline) {
  return database_.write(deadline,
                         [rotation = std::move(rotation),
                          hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<Rotated> {
                           HY_TRY(const auto rotated, rotate_token(transaction, rotation));
                           transaction.after_commit([hook = std::move(hook), rotated]() mutable { hook(rotated); });
                           return rotated;
                         });
}

async::Task<Result<void>> SqlDeviceStore::mark_used(DeviceId device, std::int64_t generation,
                                                    async::Deadline deadline) {
  return database_.write(deadline, [device, generation](Transaction& transaction) -> Result<void> {
    HY_TRY(transaction.execute("UPDATE devices SET generation_used = 1 WHERE device_id = :d AND generation = :g",
                               device, generation));
    return {};
  });
}

async::Task<Result<void>> SqlDeviceStore::touch(std::vector<SeenDevice> devices, async::Deadline deadline) {
  // Always in the same order: two that touch the same devices must not wait for each other.
  std::ranges::sort(devices, {}, &SeenDevice::device);
  return database_.write(deadline, [devices = std::move(devices)](Transaction& transaction) -> Result<void> {
    for (const SeenDevice& seen : devices) {
      const std::optional<std::string> address = seen.ip.empty() ? std::nullopt : std::optional(seen.ip);
      HY_TRY(
          transaction.execute("UPDATE devices SET last_active_ms = :now, ip = COALESCE(:ip, ip)"
                              " WHERE device_id = :d AND last_active_ms <= :later",
                              seen.time, address, seen.device, seen.time));
    }
    return {};
  });
}

async::Task<Result<std::vector<Device>>> SqlDeviceStore::list(UserId user, TimeMs now, std::int64_t limit,
                                                              async::Deadline deadline) {
  return database_.read(deadline, [user, now, limit](sql::Session& session) -> Result<std::vector<Device>> {
    HY_TRY(auto rows, (session.query<DeviceId, std::string, Platform, std::string, TimeMs, TimeMs>(
                          "SELECT device_id, name, platform, ip, last_active_ms, expires_ms FROM devices"
                          " WHERE user_id = :user AND revoked_ms IS NULL AND expires_ms > :now"
                          " ORDER BY last_active_ms DESC, device_id DESC LIMIT :limit",
                          user, now, limit)));
    std::vector<Device> devices;
    for (auto& [id, name, platform, ip, active, expires] : rows) {
      devices.push_back({id, user, std::move(name), platform, std::move(ip), active, expires});
    }
    return devices;
  });
}

async::Task<Result<std::int64_t>> SqlDeviceStore::revoke(UserId user, DeviceChoice choice, TimeMs now,
                                                         AfterCommit<> after_commit, async::Deadline deadline) {
  return database_.write(
      deadline,
      [user, choice, now, hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<std::int64_t> {
        HY_TRY(const auto revoked, revoke_devices(transaction, user, choice, now));
        transaction.after_commit(std::move(hook));
        return revoked;
      });
}

}  // namespace hongyan::account
