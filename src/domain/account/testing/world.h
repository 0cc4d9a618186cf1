// The whole slice on a real database, with a clock that stands still and sockets that only note what happens to them.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/memory_ceiling.h"
#include "domain/account/parts.h"
#include "infra/async/io_threads.h"
#include "infra/crypto/testing/counting_random.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::account::testing {

// One call of wire::Sessions::kick.
struct Kick {
  UserId user;
  DeviceId device;
  DeviceId except;
  v1::KickReason reason;
  bool operator==(const Kick&) const = default;
};

class NotedSessions final : public wire::Sessions {
 public:
  void kick(const wire::KickTarget& target, v1::KickReason reason) override {
    const std::lock_guard lock(mutex_);
    kicks_.push_back({target.user, target.device.value_or(DeviceId()), target.except.value_or(DeviceId()), reason});
  }
  // Those since the last call.
  std::vector<Kick> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(kicks_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Kick> kicks_;
};

// Keeps what it was to send. Thread-safe.
class NotedLetters final : public CodeSender {
 public:
  bool reaches(TargetKind kind) const override { return kind == v1::CODE_TARGET_EMAIL || phones_; }
  async::Task<Result<void>> send(CodeLetter letter, async::Deadline) override {
    {
      const std::lock_guard lock(mutex_);
      letters_.push_back(std::move(letter));
    }
    arrived_.notify_all();
    co_return Result<void>();
  }
  // From now on there is no way to phones.
  void cut_phones() { phones_ = false; }
  // The next one, which is waited for; fails the test when none comes.
  CodeLetter take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(30), [this] { return !letters_.empty(); })) {
      ADD_FAILURE() << "no code was sent";
      return {};
    }
    CodeLetter letter = std::move(letters_.front());
    letters_.pop_front();
    return letter;
  }
  std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return letters_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<CodeLetter> letters_;
  std::atomic<bool> phones_{true};
};

// Knows none that was solved.
class NoCaptchas final : public CaptchaVerifier {
 public:
  async::Task<Result<bool>> verify(std::string, std::string, async::Deadline) override { co_return false; }
};

// Lives in a test, on its thread.
class World : public ::testing::Test {
 protected:
  static constexpr char kPassword[] = "correct horse";

  explicit World(Config config = {})
      : parts_({.config = std::move(config),
                .codes = {},
                .code_sender = letters_,
                .captcha = {},
                .captcha_verifier = captchas_,
                .deletion = {},
                .exports = {},
                .database = database_.database(),
                .clock = clock_,
                .ids = ids_,
                .secrets = secrets_,
                .random = random_,
                .hasher = hasher_,
                .cpu = cpu_,
                .sockets = sockets_,
                .permissions = permissions_,
                .sort_keys = sort_keys_,
                .words = words_,
                .executor = io_.context(0).get_executor(),
                .data_folder = database_.folder()}) {
    parts_.policy.set_loopback_only(true);
  }

  void SetUp() override {
    ASSERT_TRUE(ids_.start());
    ASSERT_TRUE(sql::migrate(database_.database(), clock_));
  }

  // Before members go: background writes use them.
  void TearDown() override {
    parts_.last_seen.close();
    parts_.codes.close();
  }

  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(30)); }

  template <class T>
  std::future<T> start(async::Task<T> task, std::size_t thread = 1) {
    return async::start(io_.context(thread).get_executor(), std::move(task));
  }
  template <class T>
  T run(async::Task<T> task) {
    return start(std::move(task)).get();
  }

  RegistrationForm form(const std::string& username) const {
    return {username, kPassword, "", {std::nullopt, "laptop", v1::PLATFORM_WEB}, "10.0.0.1"};
  }
  Session registered(const std::string& username) {
    return run(parts_.registration.register_user(form(username), soon())).value();
  }
  Result<Session> login(const std::string& account, const std::string& password, std::optional<DeviceId> device = {},
                        const std::string& ip = "10.0.0.1") {
    return run(parts_.sessions.login({account, password, {device, "phone", v1::PLATFORM_ANDROID}, ip}, soon()));
  }
  Result<RefreshedSession> refresh(const std::string& token) {
    return run(parts_.sessions.refresh(token, "10.0.0.2", soon()));
  }
  Result<Identity> authenticate(const std::string& token) { return run(parts_.service.authenticate(token, soon())); }

  template <class T>
  static ErrorCode code(const Result<T>& result) {
    return result ? ErrorCode{} : result.error().code;
  }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io_{3};
  ManualClock clock_;
  sql::testing::TemporaryDatabase database_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  crypto::testing::CountingRandom random_;
  const crypto::Secrets secrets_{{{"k1", std::string(32, 'j')}}, std::string(32, 'r'), std::string(32, 'c')};
  const crypto::PasswordHasher hasher_{crypto::PasswordCost{8192, 1}};
  NotedSessions sockets_;
  NotedLetters letters_;
  NoCaptchas captchas_;
  wire::PermissionHub permissions_;
  const text::SortKeys sort_keys_;
  text::Words words_;
  async::BlockingPool cpu_{"cpu", 2, 256};
  Parts parts_;
};

}  // namespace hongyan::account::testing
