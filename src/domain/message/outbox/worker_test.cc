#include "domain/message/outbox/worker.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "domain/conversation/testing/group_world.h"

namespace hongyan::message {
namespace {

// Keeps the lines it is given, and fails as planned.
class FakeMessages final : public Api {
 public:
  async::Task<Result<SendAck>> append_system_line(SystemLine line, async::Deadline) override {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    came_.notify_all();
    if (!plan_.empty()) {
      const ErrorCode code = plan_.front();
      plan_.erase(plan_.begin());
      if (code != ErrorCode{}) co_return fail(code, "planned");
    }
    lines_.push_back(std::move(line));
    co_return SendAck{};
  }
  // What becomes of coming lines, one entry each: an error, or ErrorCode{} for success. Beyond the plan they succeed.
  void plan(std::vector<ErrorCode> codes) {
    const std::lock_guard lock(mutex_);
    plan_ = std::move(codes);
  }
  void await_attempts(int count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return attempts_ >= count; });
  }
  std::vector<SystemLine> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const SystemLine& line : lines()) names.push_back(line.client_msg_id);
    return names;
  }

  async::Task<Result<SendAck>> send(UserId, SendRequest, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<Summary>>> summaries(UserId, std::vector<conversation::Membership>,
                                                      async::Deadline) override {
    co_return std::vector<Summary>();
  }
  async::Task<Result<Seq>> mark(MarkKind, UserId, conversation::Membership, Seq seq, async::Deadline) override {
    co_return seq;
  }
  async::Task<Result<Stamp>> stamp(UserId, async::Deadline) override { co_return Stamp(); }
  async::Task<Result<std::vector<Standing>>> standings(UserId, std::vector<conversation::Membership>,
                                                       async::Deadline) override {
    co_return std::vector<Standing>();
  }
  async::Task<Result<Marks>> marks(conversation::Membership, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<GroupBound>>> bounds_of(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<std::optional<Bound>>>> bounds(std::vector<UserPlace>, async::Deadline) override {
    co_return std::vector<std::optional<Bound>>();
  }
  bool ready() const override { return true; }
  std::size_t max_content_bytes() const override { return 0; }
  std::string epoch() const override { return "fake"; }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<ErrorCode> plan_;
  std::vector<SystemLine> lines_;
  int attempts_ = 0;
};

class OutboxWorkerTest : public conversation::testing::GroupWorld {
 protected:
  void TearDown() override {
    if (worker_) worker_->stop();
  }
  OutboxWorker& worker(std::chrono::milliseconds sweep = std::chrono::hours(1)) {
    worker_ = std::make_unique<OutboxWorker>(outbox_, messages_, io_.context(1).get_executor(),
                                             MessageMetrics(metrics_), OutboxWorkerOptions{.sweep = sweep});
    return *worker_;
  }
  bool drained(ConversationId conversation = kGroup) {
    std::promise<bool> done;
    worker_->drain(conversation, [&done](bool all) { done.set_value(all); });
    return done.get_future().get();
  }
  static std::string name_of(conversation::OutboxId line) { return "sys-" + std::to_string(line.value); }

  FakeMessages messages_;
  metrics::Metrics metrics_;
  std::unique_ptr<OutboxWorker> worker_;
};

using Names = std::vector<std::string>;

TEST_F(OutboxWorkerTest, BringsInWhatAnEarlierRunHasLeftBeforeItHasStarted) {
  const auto first = create({UserId(2)}).line;
  const auto other = create({}, ConversationId(20)).line;
  const auto second = remove(kOwner, UserId(2)).value().line;
  worker().start();
  const auto lines = messages_.lines();
  ASSERT_EQ(lines.size(), 3u);
  Names of_group;
  for (const SystemLine& line : lines) {
    if (line.conversation == kGroup) of_group.push_back(line.client_msg_id);
  }
  EXPECT_EQ(of_group, (Names{name_of(first), name_of(second)}));
  EXPECT_EQ(std::ranges::count(messages_.names(), name_of(other)), 1);
  EXPECT_TRUE(this->lines().empty());
}

TEST_F(OutboxWorkerTest, ALineCarriesItsCodeAndWhoJoinsOrLeaves) {
  create({UserId(2)});
  ASSERT_TRUE(remove(kOwner, UserId(2)));
  worker().start();
  const auto lines = messages_.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].content.system().code(), "group_created");
  EXPECT_EQ(lines[0].content.system().params().at("name"), "Team");
  EXPECT_EQ(lines[0].join, (std::vector{kOwner, UserId(2)}));
  EXPECT_EQ(lines[1].content.system().code(), "member_removed");
  EXPECT_EQ(lines[1].leave, std::vector{UserId(2)});
}

TEST_F(OutboxWorkerTest, DrainsWhatItHearsOf) {
  worker().start();
  const auto line = create({}).line;
  outbox_.announce(kGroup);
  messages_.await_attempts(1);
  EXPECT_TRUE(run(outbox_.settled(line, soon())).value());
}

TEST_F(OutboxWorkerTest, SweepsWhatNobodyAnnounced) {
  worker(std::chrono::milliseconds(1)).start();
  const auto line = create({}).line;
  EXPECT_TRUE(run(outbox_.settled(line, soon())).value());
}

TEST_F(OutboxWorkerTest, AnUnknownOutcomeHoldsBackLaterLinesAndIsTriedAgainUnderTheSameName) {
  worker().start();
  const auto first = create({}).line;
  const auto second = add(kOwner, {UserId(2)}).value().line;
  messages_.plan({ErrorCode::timeout});
  EXPECT_FALSE(drained());
  EXPECT_TRUE(messages_.names().empty());
  messages_.plan({ErrorCode{}, ErrorCode::unavailable});
  EXPECT_FALSE(drained());
  EXPECT_TRUE(drained());
  EXPECT_EQ(messages_.names(), (Names{name_of(first), name_of(second)}));
}

TEST_F(OutboxWorkerTest, ALineRefusedForGoodIsPutAsideAndTheNextComes) {
  worker().start();
  const auto dead = create({}).line;
  const auto next = add(kOwner, {UserId(2)}).value().line;
  messages_.plan({ErrorCode::conflict});
  EXPECT_TRUE(drained());
  EXPECT_EQ(messages_.names(), Names{name_of(next)});
  EXPECT_TRUE(run(outbox_.settled(dead, soon())).value());
  const auto reason = database_.database().read_now([](sql::Session& session) {
    return session.query<std::int64_t, std::string>("SELECT outbox_id, dead_reason FROM outbox LIMIT 2");
  });
  ASSERT_EQ(reason.value().size(), 1u) << "kept for people to look at";
  EXPECT_EQ(std::get<0>(reason.value()[0]), dead.value);
  EXPECT_EQ(std::get<1>(reason.value()[0]), "conflict: planned");
}

TEST_F(OutboxWorkerTest, AskedManyTimesAtOnceItBringsEachLineInOnce) {
  worker().start();
  Names all;
  std::vector<std::future<bool>> answers;
  for (std::uint64_t user = 2; user < 30; ++user) {
    if (user == 2) all.push_back(name_of(create({}).line));
    all.push_back(name_of(add(kOwner, {UserId(user)}).value().line));
    auto done = std::make_shared<std::promise<bool>>();
    answers.push_back(done->get_future());
    worker_->drain(kGroup, [done](bool drained) { done->set_value(drained); });
  }
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(messages_.names(), all);
}

TEST_F(OutboxWorkerTest, AfterItsEndNobodyWaitsInVain) {
  worker().start();
  worker_->stop();
  create({});
  EXPECT_FALSE(drained());
}

}  // namespace
}  // namespace hongyan::message
