// The slice on a real database, driven by one test thread, with a clock that stands still.
#pragma once

#include <gtest/gtest.h>

#include "base/testing/memory_ceiling.h"
#include "domain/account/testing/fakes.h"
#include "domain/contact/directory_service.h"
#include "domain/contact/service.h"
#include "domain/contact/sql_store.h"
#include "domain/conversation/testing/fake_outbox.h"
#include "domain/conversation/testing/real_directs.h"
#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::contact::testing {

inline constexpr UserId kAlice{1};
inline constexpr UserId kBob{2};
inline constexpr UserId kCarol{3};
inline constexpr UserId kDisabled{8};

// Notes which conversations were bumped, and has done with it at once.
class NotedBumps final : public wire::PermissionListener {
 public:
  void drop_user(UserId, std::move_only_function<void()> done) override { done(); }
  void drop_conversation(ConversationId conversation, std::move_only_function<void()> done) override {
    {
      const std::lock_guard lock(mutex_);
      bumped_.push_back(conversation);
    }
    done();
  }
  // Those since the last call.
  std::vector<ConversationId> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(bumped_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<ConversationId> bumped_;
};

// Lives in a test, on its thread.
class World : public ::testing::Test {
 protected:
  explicit World(Config config = {}) : config_(config) {
    EXPECT_TRUE(sql::migrate(database_.database(), clock_));
    EXPECT_TRUE(ids_.start());
    permissions_.add(bumps_);
    for (const UserId user : {kAlice, kBob, kCarol}) accounts_.add(user);
    accounts_.add(kDisabled, false);
    conversations_.directs.set_relations(service_);
  }

  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }
  template <class T>
  T run(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }

  Result<Asked> ask(UserId from, UserId to, std::string message = {}, std::string remark = {}) {
    return run(service_.ask(from, {to, std::move(message), v1::CONTACT_SOURCE_SEARCH, std::move(remark)}, soon()));
  }
  RequestId asked(UserId from, UserId to) { return ask(from, to).value().request->id; }
  Result<Friendship> accept(UserId user, RequestId request, std::string remark = {}) {
    return run(service_.accept(user, request, std::move(remark), soon()));
  }
  Result<Request> reject(UserId user, RequestId request, bool block = false) {
    return run(service_.reject(user, request, block, soon()));
  }
  Friendship friends(UserId from, UserId to) { return accept(to, asked(from, to)).value(); }
  Result<void> block(UserId user, UserId other, bool blocked = true) {
    return run(service_.set_blocked(user, other, blocked, soon()));
  }
  std::vector<Contact> list(UserId user) { return run(service_.list({user, 100, {}}, soon())).value().items; }
  std::vector<Request> requests(UserId user, Direction direction = Direction::received) {
    return run(service_.requests({user, 100, {}}, direction, soon())).value().items;
  }
  conversation::Relation relation(UserId user, UserId peer) {
    return database_.database()
        .read_now([&](sql::Session& session) { return store_.relation_in(session, user, peer); })
        .value();
  }
  std::vector<conversation::SystemLine> lines(ConversationId conversation) {
    std::vector<conversation::SystemLine> lines;
    for (auto& line : run(conversations_.outbox.waiting_of(conversation, 100, soon())).value())
      lines.push_back(std::move(line.line));
    return lines;
  }
  // "user kind key" of each event since the last call.
  std::vector<std::string> events() {
    std::vector<std::string> shown;
    for (const account::UserEvent& event : events_.take()) {
      shown.push_back(std::to_string(event.user.value) + " " + event.kind + " " + event.key);
    }
    return shown;
  }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io_{2};
  ManualClock clock_;
  sql::testing::TemporaryDatabase database_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  account::testing::NotedEvents events_;
  account::testing::FakeAccounts accounts_;
  account::testing::FakePrivacy privacy_;
  NotedBumps bumps_;
  wire::PermissionHub permissions_;
  const text::SortKeys sort_keys_;
  const Config config_;
  conversation::testing::RealDirects conversations_{database_.database(), events_, permissions_};
  // Nobody sequences here: who waits for a line is answered at once.
  conversation::testing::FakeOutbox lines_waited_for_;
  wire::CursorSigner cursors_{std::string(32, 'k'), clock_};
  text::Words words_;
  SqlStore store_{database_.database(), events_, conversations_.directs, sort_keys_, config_};
  Service service_{
      {store_, accounts_, privacy_, conversations_.directs, lines_waited_for_, ids_, clock_, cursors_, words_},
      config_};
};

}  // namespace hongyan::contact::testing
