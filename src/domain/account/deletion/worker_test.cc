#include "domain/account/deletion/worker.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

using testing::Kick;

constexpr std::int64_t kUndoMs = 7 * 24 * 3'600'000;
constexpr std::int64_t kSettleMs = 15'000;

// One slice's part: notes whom it is to forget, and fails or needs several parts as a test wants.
class NotedStep final : public DeletionStep {
 public:
  async::Task<Result<bool>> forget(UserId user, async::Deadline) override {
    asked.push_back(user);
    if (failures > 0) {
      --failures;
      co_return fail(ErrorCode::unavailable, "not now");
    }
    co_return --parts <= 0;
  }
  std::vector<UserId> asked;
  int failures = 0;
  int parts = 1;
};

class DeletionTest : public testing::World {
 protected:
  void SetUp() override {
    World::SetUp();
    alice_ = registered("alice");
    ASSERT_TRUE(run(parts_.stored_codes.give_target(user(), {v1::CODE_TARGET_EMAIL, "alice@example.org"}, soon())));
    ASSERT_TRUE(run(parts_.stored_codes.give_target(user(), {v1::CODE_TARGET_PHONE, "+4912345678"}, soon())));
    parts_.deletion_worker.add(first_);
    parts_.deletion_worker.add(second_);
    sockets_.take();
  }
  UserId user() const { return alice_.user.card.user_id; }

  Result<TimeMs> schedule(const Session& session, const std::string& password = kPassword) {
    return run(parts_.deletions.schedule({session.user.card.user_id, session.device, "10.0.0.1", password}, soon()));
  }
  Result<User> cancel() { return run(parts_.deletions.cancel(user(), soon())); }
  void turn() { run(parts_.deletion_worker.turn()); }
  void later(std::int64_t ms) { clock_.advance(std::chrono::milliseconds(ms)); }
  // Until nothing is left of an account whose time is over.
  void finish() {
    turn();
    later(kSettleMs);
    turn();
  }
  UserCard card() { return run(parts_.users.cards({user()}, soon())).value().front(); }
  std::vector<DueDeletion> due() { return run(parts_.stored_deletions.due(clock_.now(), 10, soon())).value(); }
  // What is found of these in all text of the database.
  std::vector<std::string> found(const std::vector<std::string>& texts) {
    return database_.database()
        .read_now([&](sql::Session& session) -> Result<std::vector<std::string>> {
          std::vector<std::string> places;
          const bool mysql = sql::testing::on_mysql();
          HY_TRY(const auto tables,
                 session.query<std::string>(
                     mysql ? "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                           : "SELECT name FROM sqlite_master WHERE type = 'table'"));
          for (const auto& [table] : tables) {
            HY_TRY(const auto columns,
                   session.query<std::string>(mysql ? "SELECT column_name FROM information_schema.columns WHERE"
                                                      " table_schema = DATABASE() AND table_name = :name"
                                                    : "SELECT name FROM pragma_table_info(:name)",
                                              table));
            for (const auto& [column] : columns) {
              for (const std::string& text : texts) {
                HY_TRY(const auto row, session.query_one<std::int64_t>(
                                           "SELECT COUNT(*) FROM " + table + " WHERE INSTR(LOWER(CAST(" + column +
                                               (mysql ? " AS CHAR" : " AS TEXT") + ")), :text) > 0",
                                           text));
                if (std::get<0>(*row) > 0) places.push_back(table + "." + column + " has " + text);
              }
            }
          }
          return places;
        })
        .value();
  }

  NotedStep first_;
  NotedStep second_;
  Session alice_;
};

TEST_F(DeletionTest, SignsEverythingOutAndWaits) {
  const Session phone = login("alice", kPassword).value();
  sockets_.take();
  const auto at = schedule(alice_);
  ASSERT_TRUE(at);
  EXPECT_EQ(*at, TimeMs(clock_.now().value + kUndoMs));
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user(), {}, {}, v1::KICK_REASON_REVOKED}}));
  for (const Session& session : {alice_, phone}) {
    EXPECT_EQ(World::code(authenticate(session.access_token)), ErrorCode::token_revoked);
    EXPECT_EQ(World::code(refresh(session.refresh_token)), ErrorCode::token_revoked);
  }
  later(kUndoMs - 1);
  turn();
  EXPECT_EQ(card().nickname, "alice");
  EXPECT_TRUE(first_.asked.empty());
}

TEST_F(DeletionTest, AsksForThePasswordAndThrottlesGuesses) {
  EXPECT_EQ(World::code(schedule(alice_, "not this one")), ErrorCode::wrong_credentials);
  EXPECT_TRUE(authenticate(alice_.access_token));
  ErrorCode last{};
  for (int i = 0; i < 30; ++i) last = World::code(schedule(alice_, "nor this one"));
  EXPECT_EQ(last, ErrorCode::rate_limited);
  EXPECT_TRUE(due().empty());
}

TEST_F(DeletionTest, WhoLogsInMayUndoIt) {
  const TimeMs at = schedule(alice_).value();
  const Session back = login("alice", kPassword).value();
  EXPECT_EQ(back.user.deletes_at, at);
  EXPECT_TRUE(authenticate(back.access_token));
  EXPECT_EQ(cancel()->deletes_at, std::nullopt);
  EXPECT_EQ(cancel()->deletes_at, std::nullopt) << "a repeat changes nothing";
  later(kUndoMs + 1);
  turn();
  EXPECT_EQ(card().nickname, "alice");
  EXPECT_TRUE(due().empty());
}

TEST_F(DeletionTest, ASecondTimeDoesNotBeginAnew) {
  const TimeMs at = schedule(alice_).value();
  later(1000);
  const Session back = login("alice", kPassword).value();
  EXPECT_EQ(schedule(back), at);
  EXPECT_EQ(World::code(authenticate(back.access_token)), ErrorCode::token_revoked);
}

TEST_F(DeletionTest, TheLastSecondCounts) {
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  ASSERT_TRUE(cancel()) << "its time is over, but nothing has begun";
  turn();
  EXPECT_FALSE(card().deleted);

  ASSERT_TRUE(schedule(login("alice", kPassword).value()));
  later(kUndoMs);
  turn();
  EXPECT_EQ(World::code(cancel()), ErrorCode::not_found) << "it has begun";
  EXPECT_TRUE(card().deleted);
}

TEST_F(DeletionTest, LeavesNothingButTheId) {
  ProfileChange change;
  change.nickname = "Alice Liddell";
  change.signature = "curiouser";
  change.region = "wonderland";
  ASSERT_TRUE(run(parts_.profiles.update(user(), change, soon())));
  ASSERT_TRUE(run(parts_.settings.update(user(), {.find_me = v1::AUDIENCE_NOBODY}, soon())));
  ASSERT_TRUE(
      run(parts_.codes.send({{v1::CODE_TARGET_EMAIL, "alice@example.org"}, Purpose::login, {}, "10.0.0.1"}, soon())));
  letters_.take();
  const std::vector<std::string> traces{"alice", "liddell", "curiouser", "wonderland", "12345678", "10.0.0.1"};
  ASSERT_FALSE(found(traces).empty());
  const std::int64_t version = card().version;
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  const Session back = login("alice", kPassword).value();
  ASSERT_TRUE(authenticate(back.access_token));
  turn();
  EXPECT_TRUE(card().deleted);
  EXPECT_TRUE(first_.asked.empty()) << "requests of the account may still be under way";
  EXPECT_FALSE(authenticate(back.access_token));
  EXPECT_EQ(World::code(refresh(back.refresh_token)), ErrorCode::unauthenticated);
  later(kSettleMs);
  turn();
  EXPECT_EQ(first_.asked, std::vector{user()});
  EXPECT_EQ(second_.asked, std::vector{user()});
  EXPECT_EQ(found(traces), std::vector<std::string>());
  EXPECT_TRUE(due().empty());

  UserCard gone;
  gone.user_id = user();
  gone.version = version + 1;
  gone.enabled = false;
  gone.deleted = true;
  const UserCard left = card();
  EXPECT_EQ(to_proto(left).SerializeAsString(), to_proto(gone).SerializeAsString());
  EXPECT_TRUE(to_proto(left).deleted());
  EXPECT_TRUE(to_name(left).deleted());
}

TEST_F(DeletionTest, NobodyGetsTheNameAgainButTheAddressesAreFree) {
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  finish();
  EXPECT_EQ(World::code(run(parts_.registration.register_user(form("Alice"), soon()))), ErrorCode::already_exists);
  EXPECT_EQ(World::code(run(parts_.admin.create_user({"alice", kPassword, "", v1::ACCOUNT_ROLE_USER}, soon()))),
            ErrorCode::already_exists);
  const UserId bob = registered("bobby").user.card.user_id;
  EXPECT_TRUE(run(parts_.stored_codes.give_target(bob, {v1::CODE_TARGET_EMAIL, "alice@example.org"}, soon())));
  // Neither by the old name nor by what stands in its place.
  for (const std::string& name : {std::string("alice"), "#" + std::to_string(user().value)}) {
    EXPECT_EQ(World::code(login(name, kPassword)), ErrorCode::wrong_credentials) << name;
    EXPECT_EQ(World::code(login(name, "")), ErrorCode::wrong_credentials) << name;
    EXPECT_EQ(run(parts_.service.named(name, soon())).value(), std::nullopt) << name;
  }
}

TEST_F(DeletionTest, WhatWasUnderWayWritesNothingBack) {
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  turn();
  ProfileChange change;
  change.nickname = "Alice Liddell";
  ASSERT_TRUE(run(parts_.profiles.update(user(), change, soon())));
  ASSERT_TRUE(run(parts_.stored_codes.give_target(user(), {v1::CODE_TARGET_EMAIL, "alice@example.org"}, soon())));
  const auto plan = parts_.opener.plan({std::nullopt, "late", v1::PLATFORM_WEB}, "10.0.0.1").value();
  ASSERT_TRUE(run(parts_.stored_settings.update(user(), {.find_me = v1::AUDIENCE_NOBODY}, [] {}, soon())));
  ASSERT_TRUE(run(parts_.devices.open(user(), plan.session, [](const OpenedSession&) {}, soon())));
  PasswordChange change_to_x;
  change_to_x.hash = "x";
  EXPECT_EQ(World::code(run(parts_.users.set_password(user(), change_to_x, [] {}, soon()))), ErrorCode::not_found);
  later(kSettleMs);
  turn();
  EXPECT_EQ(found({"alice", "liddell", "late", "10.0.0.1"}), std::vector<std::string>());
}

TEST_F(DeletionTest, GoesOnAfterEveryFailureUntilAllIsDone) {
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  turn();
  later(kSettleMs);
  // A crash after each step looks the same to the next turn: the work begins anew.
  first_.failures = 1;
  turn();
  EXPECT_EQ(second_.asked.size(), 0U);
  second_.failures = 1;
  second_.parts = 3;
  turn();
  EXPECT_EQ(due().size(), 1U);
  turn();
  EXPECT_EQ(first_.asked.size(), 3U);
  EXPECT_EQ(second_.asked.size(), 1U + 3U) << "part by part";
  EXPECT_TRUE(due().empty());
  turn();
  EXPECT_EQ(first_.asked.size(), 3U);
}

TEST_F(DeletionTest, AnotherProcessFinishesWhatOneHasBegun) {
  ASSERT_TRUE(schedule(alice_));
  later(kUndoMs);
  turn();
  // Killed between any two transactions of the end: a new worker finds the account, and what was done already changes nothing.
  const auto with_fresh_worker = [&](auto&& body) {
    NotedStep step;
    DeletionWorker worker(parts_.stored_deletions, parts_.ender, clock_, {}, io_.context(0).get_executor());
    worker.add(step);
    run(worker.turn());
    body(step);
  };
  with_fresh_worker([](const NotedStep& step) { EXPECT_TRUE(step.asked.empty()); });
  later(kSettleMs);
  ASSERT_TRUE(run(parts_.stored_deletions.drop_events(user(), soon())).value());
  ASSERT_TRUE(run(parts_.stored_deletions.overwrite(soon())));
  EXPECT_EQ(due().size(), 1U);
  with_fresh_worker([this](const NotedStep& step) { EXPECT_EQ(step.asked, std::vector{user()}); });
  EXPECT_TRUE(due().empty());
  with_fresh_worker([](const NotedStep& step) { EXPECT_TRUE(step.asked.empty()); });
}

TEST_F(DeletionTest, TheOnlyAdministratorStays) {
  NewUser wish{"admin", kPassword, "", v1::ACCOUNT_ROLE_ADMIN};
  ASSERT_TRUE(run(parts_.admin.create_user(wish, soon())));
  const Session admin = login("admin", kPassword).value();
  EXPECT_EQ(World::code(schedule(admin)), ErrorCode::permission_denied);
  EXPECT_TRUE(authenticate(admin.access_token));
  wish.username = "second";
  ASSERT_TRUE(run(parts_.admin.create_user(wish, soon())));
  const Session second = login("second", kPassword).value();
  EXPECT_TRUE(schedule(admin));
  EXPECT_EQ(World::code(schedule(second)), ErrorCode::permission_denied) << "the other one is about to go";
}

}  // namespace
}  // namespace hongyan::account
