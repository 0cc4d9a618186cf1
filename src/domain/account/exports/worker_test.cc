#include "domain/account/exports/worker.h"

#include "domain/account/testing/world.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::account {
namespace {

// A slice with some lines, one a part; fails when a test wants it to.
class LineSource final : public ExportSource {
 public:
  async::Task<Result<ExportPart>> read(UserId user, std::string from, async::Deadline) override {
    if (meanwhile) std::exchange(meanwhile, {})();
    if (failures > 0) {
      --failures;
      co_return fail(ErrorCode::unavailable, "not now");
    }
    const int at = from.empty() ? 0 : std::stoi(from);
    ExportPart part;
    v1::ExportLine line;
    line.mutable_blocked()->set_user_id(user.value + static_cast<std::uint64_t>(at));
    part.add(line);
    if (at + 1 < lines) part.next = std::to_string(at + 1);
    co_return part;
  }
  int lines = 50;
  int failures = 0;
  std::function<void()> meanwhile;
};

class ExportTest : public testing::World {
 protected:
  void SetUp() override {
    World::SetUp();
    alice_ = registered("alice");
    parts_.export_worker.add(lines_);
  }
  UserId user() const { return alice_.user.card.user_id; }
  Result<Export> begin(const std::string& password = kPassword) {
    return run(parts_.exports.begin({user(), alice_.device, "10.0.0.1", password}, soon()));
  }
  void turn() { run(parts_.export_worker.turn()); }
  void later(std::chrono::milliseconds time) { clock_.advance(time); }
  Result<Export> last() { return run(parts_.exports.last(user(), soon())); }
  Result<ExportText> read(ExportId id, std::int64_t offset = 0) {
    return run(parts_.exports.read(user(), id, offset, soon()));
  }
  // The whole file, line by line.
  std::vector<v1::ExportLine> lines_of(ExportId id) {
    std::string text;
    for (std::optional<std::int64_t> offset = 0; offset;) {
      const auto part = read(id, *offset).value();
      text += part.text;
      offset = part.next_offset;
    }
    std::vector<v1::ExportLine> lines;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      EXPECT_TRUE(wire::from_json(std::string_view(text).substr(begin, end - begin), lines.emplace_back()));
      begin = end + 1;
    }
    return lines;
  }
  std::vector<ExportId> files() { return parts_.export_files.all().value(); }

  LineSource lines_;
  Session alice_;
};

TEST_F(ExportTest, HoldsTheAccountFirstAndThenWhatSlicesAdd) {
  ASSERT_TRUE(run(parts_.settings.update(user(), {.find_me = v1::AUDIENCE_NOBODY}, soon())));
  const Export begun = begin().value();
  EXPECT_EQ(begun.state, v1::EXPORT_STATE_RUNNING);
  EXPECT_EQ(last().value(), begun);
  EXPECT_EQ(World::code(read(begun.id)), ErrorCode::conflict);
  turn();
  const Export ready = last().value();
  EXPECT_EQ(ready.state, v1::EXPORT_STATE_READY);
  EXPECT_EQ(ready.expires, TimeMs(clock_.now().value + 7 * 24 * 3'600'000));
  const auto lines = lines_of(begun.id);
  EXPECT_EQ(std::ssize(lines), ready.lines);
  ASSERT_GE(lines.size(), 54U);
  EXPECT_EQ(lines.at(0).profile().username(), "alice");
  EXPECT_EQ(lines.at(1).settings().find_me(), v1::AUDIENCE_NOBODY);
  EXPECT_EQ(lines.at(2).device().name(), "laptop");
  EXPECT_EQ(lines.at(3).user_event().kind(), "settings");
  EXPECT_EQ(lines.back().blocked().user_id(), user().value + 49);
  // Its devices are told of the beginning and of the end, in one state.
  const auto events = run(parts_.events.since(user(), UserVersion(0), soon())).value().events;
  ASSERT_EQ(events.back().event.kind, "data_export");
  v1::Export told;
  ASSERT_TRUE(told.ParseFromString(events.back().event.state));
  EXPECT_EQ(told.SerializeAsString(), to_proto(ready).SerializeAsString());
}

TEST_F(ExportTest, AsksForThePasswordAndLimitsADay) {
  EXPECT_EQ(World::code(begin("not this one")), ErrorCode::wrong_credentials);
  EXPECT_EQ(World::code(last()), ErrorCode::not_found);
  std::set<ExportId> ids;
  for (int i = 0; i < 3; ++i) {
    const Export begun = begin().value();
    EXPECT_EQ(begin()->id, begun.id) << "while it is running a repeat answers it";
    ids.insert(begun.id);
    turn();
    later(std::chrono::hours(1));
  }
  EXPECT_EQ(ids.size(), 3U);
  const auto refused = begin();
  EXPECT_EQ(World::code(refused), ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().retry_after_ms, 21 * 3'600'000);
  later(std::chrono::hours(21));
  EXPECT_TRUE(begin());
}

TEST_F(ExportTest, TheNextOneTakesThePlaceOfTheLast) {
  const ExportId first = begin()->id;
  turn();
  ASSERT_TRUE(read(first));
  const ExportId second = begin()->id;
  EXPECT_EQ(World::code(read(first)), ErrorCode::not_found);
  later(std::chrono::seconds(30));
  turn();
  EXPECT_TRUE(read(second));
  EXPECT_EQ(files(), std::vector{second});
}

TEST_F(ExportTest, NobodyElseReadsIt) {
  const ExportId id = begin()->id;
  turn();
  const UserId bob = registered("bobby").user.card.user_id;
  EXPECT_EQ(World::code(run(parts_.exports.read(bob, id, 0, soon()))), ErrorCode::not_found);
  EXPECT_EQ(World::code(read(ExportId(1))), ErrorCode::not_found);
  EXPECT_EQ(World::code(read(id, -1)), ErrorCode::invalid_argument);
  EXPECT_EQ(World::code(read(id, 1)), ErrorCode::invalid_argument);
  EXPECT_EQ(World::code(read(id, 1'000'000)), ErrorCode::range_not_satisfiable);
}

TEST_F(ExportTest, IsTriedAgainAndGivenUp) {
  lines_.failures = 2;
  const ExportId id = begin()->id;
  turn();
  EXPECT_EQ(last()->state, v1::EXPORT_STATE_RUNNING);
  turn();
  EXPECT_EQ(lines_.failures, 1) << "not at once";
  for (int i = 0; i < 2; ++i) {
    later(std::chrono::seconds(10));
    turn();
  }
  EXPECT_EQ(last()->state, v1::EXPORT_STATE_READY);
  EXPECT_EQ(std::ssize(lines_of(id)), last()->lines) << "each line once";

  lines_.failures = 3;
  ASSERT_TRUE(begin());
  for (int i = 0; i < 3; ++i) {
    later(std::chrono::seconds(10));
    turn();
  }
  EXPECT_EQ(last()->state, v1::EXPORT_STATE_FAILED);
  EXPECT_TRUE(files().empty());
}

TEST_F(ExportTest, AnotherProcessWritesWhatOneHasBegun) {
  const ExportId id = begin()->id;
  ASSERT_TRUE(parts_.export_files.create(id));
  ASSERT_TRUE(parts_.export_files.append(id, "half a li"));
  // A file whose export was dropped right before the end.
  ASSERT_TRUE(parts_.export_files.create(ExportId(5)));
  ExportWorker fresh(parts_.stored_exports, parts_.export_files, cpu_, clock_, {}, io_.context(0).get_executor());
  fresh.add(lines_);
  run(fresh.turn());
  EXPECT_EQ(last()->state, v1::EXPORT_STATE_READY);
  EXPECT_EQ(lines_of(id).size(), 50U);
  EXPECT_EQ(files(), std::vector{id});
}

TEST_F(ExportTest, GoesWhenItsTimeIsOver) {
  const ExportId id = begin()->id;
  turn();
  later(std::chrono::hours(7 * 24));
  EXPECT_EQ(World::code(last()), ErrorCode::not_found);
  EXPECT_EQ(World::code(read(id)), ErrorCode::not_found);
  EXPECT_FALSE(files().empty());
  turn();
  EXPECT_TRUE(files().empty());
}

TEST_F(ExportTest, GoesWithTheAccountAlsoWhileItIsWritten) {
  ASSERT_TRUE(begin());
  turn();
  later(std::chrono::seconds(1));
  ASSERT_TRUE(begin());
  lines_.meanwhile = [this] {
    auto forgotten = start(parts_.export_worker.forget(user(), soon()), 2);
    EXPECT_TRUE(forgotten.get().value());
  };
  turn();
  EXPECT_EQ(World::code(last()), ErrorCode::not_found);
  EXPECT_TRUE(files().empty());
  EXPECT_TRUE(run(parts_.export_worker.forget(user(), soon())).value());
}

}  // namespace
}  // namespace hongyan::account
