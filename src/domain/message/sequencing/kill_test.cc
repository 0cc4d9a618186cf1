// kill -9 in a stream of sends on RocksDB: what was acked is there afterwards, once, in order, without a hole.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <future>
#include <random>
#include <set>

#include "base/testing/temporary_folder.h"
#include "domain/message/rocks_store.h"
#include "domain/message/sequencing/sequencer.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/fakes.h"

namespace hongyan::message::sequencing {
namespace {

// How the child learns where to write, which number to begin with, and where to report acks.
constexpr const char* kFolder = "HONGYAN_KILL_TEST_FOLDER";
constexpr const char* kFirst = "HONGYAN_KILL_TEST_FIRST";
constexpr const char* kPipe = "HONGYAN_KILL_TEST_PIPE";

constexpr std::uint64_t kRoomsInUse = 3;
constexpr UserId kSender{7};

// One acked message. A write of less than PIPE_BUF bytes is never torn.
struct Acked {
  std::int64_t number;
  std::int64_t seq;
  std::uint64_t message;
};

ConversationId room_of(std::int64_t number) {
  return ConversationId(100 + static_cast<std::uint64_t>(number) % kRoomsInUse);
}

std::unique_ptr<RocksStore> open_store(const std::filesystem::path& folder, metrics::Metrics& metrics) {
  // A small buffer, so that the kill meets flushes of memory tables as well.
  return RocksStore::open({.folder = folder, .segment_bytes = 64 << 10, .epoch_when_new = "1"}, metrics).value();
}

sequencing::Command command_of(std::int64_t number) {
  sequencing::SendAction action;
  action.client_msg_id = std::to_string(number);
  action.content = testing::text("words of " + std::to_string(number) + std::string(200, 'x'));
  action.hash = content_hash(room_of(number), action.content);
  return {room_of(number), kSender, std::move(action), async::Deadline::max()};
}

// Runs in the child until it is killed: sends ten at a time and reports every ack.
TEST(KillTest, DISABLED_Child) {
  std::int64_t number = std::stoll(std::getenv(kFirst));
  const int pipe = std::stoi(std::getenv(kPipe));
  metrics::Metrics metrics;
  const auto store = open_store(std::getenv(kFolder), metrics);
  testing::FakeGuards guards;
  testing::RecordingTopics topics;
  SystemClock clock;
  MemoryCeiling ceiling;
  IdGenerator ids(0, clock, ceiling);
  ASSERT_TRUE(ids.start());
  sequencing::Sequencer sequencer({*store, guards, ids, clock, topics}, {}, MessageMetrics(metrics),
                                  [](const std::string&) {});
  // The parent kills long before this ends.
  for (int batch = 0; batch < 100'000; ++batch) {
    std::array<std::promise<Result<sequencing::Outcome>>, 10> answers;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      sequencer.submit(
          command_of(number + static_cast<std::int64_t>(i)),
          [&answer = answers[i]](Result<sequencing::Outcome> result) { answer.set_value(std::move(result)); });
    }
    for (auto& answer : answers) {
      const auto outcome = answer.get_future().get();
      ASSERT_TRUE(outcome);
      const Acked acked{number++, outcome->ack.seq.value, outcome->ack.message.value};
      ASSERT_EQ(::write(pipe, &acked, sizeof acked), static_cast<ssize_t>(sizeof acked));
    }
  }
}

// Starts the child, reads `count` acks, kills it, and answers all that was acked before the kill came.
std::vector<Acked> run_and_kill(const std::filesystem::path& folder, std::int64_t first, std::size_t count) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  ::setenv(kFolder, folder.c_str(), 1);
  ::setenv(kFirst, std::to_string(first).c_str(), 1);
  ::setenv(kPipe, std::to_string(ends[1]).c_str(), 1);
  std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::string filter = "--gtest_filter=KillTest.DISABLED_Child";
  std::string disabled = "--gtest_also_run_disabled_tests";
  char* arguments[] = {program.data(), filter.data(), disabled.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);

  std::vector<Acked> all;
  Acked acked{};
  while (::read(ends[0], &acked, sizeof acked) == static_cast<ssize_t>(sizeof acked)) {
    all.push_back(acked);
    if (all.size() == count) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  return all;
}

// Follows the feed over all kills: acknowledges less than it has read, as a reader that is killed between the two would.
class FeedReader {
 public:
  // Reads on to the end; each room's messages must come once and in order, but for those that come again.
  void follow(Feed& feed) {
    while (true) {
      const auto page = feed.read("follower", 100).value();
      ASSERT_EQ(page.lost_before, std::nullopt);
      if (page.entries.empty()) return;
      for (const FeedEntry& entry : page.entries) take(entry);
      if (::testing::Test::HasFatalFailure()) return;
      const FeedOffset half(page.entries.front().offset.value + static_cast<std::int64_t>(page.entries.size()) / 2);
      ASSERT_TRUE(feed.ack("follower", page.entries.size() > 1 ? half : page.entries.back().offset));
    }
  }
  std::int64_t read_up_to(ConversationId room) { return read_[room].value; }

 private:
  void take(const FeedEntry& entry) {
    ASSERT_LE(entry.offset.value, newest_.value + 1) << "a hole in the feed";
    if (entry.offset <= newest_) return;
    newest_ = entry.offset;
    Seq& last = read_[entry.conversation];
    ASSERT_EQ(entry.seq.value, last.value + 1) << "the feed left a message out, or doubled it";
    last = entry.seq;
  }

  FeedOffset newest_;
  std::map<ConversationId, Seq> read_;
};

void check_feed(const std::filesystem::path& folder, FeedReader& reader) {
  metrics::Metrics metrics;
  const auto store = open_store(folder, metrics);
  reader.follow(store->feed());
  for (std::uint64_t i = 0; i < kRoomsInUse; ++i) {
    const ConversationId room(100 + i);
    EXPECT_EQ(reader.read_up_to(room), store->heads(std::span(&room, 1)).value().front().seq.value);
  }
}

void check(const std::filesystem::path& folder, const std::vector<Acked>& acked) {
  metrics::Metrics metrics;
  const auto store = open_store(folder, metrics);
  std::set<std::string> ids;
  for (std::uint64_t i = 0; i < kRoomsInUse; ++i) {
    const ConversationId room(100 + i);
    const auto page =
        store->read({.conversation = room, .seqs = {Seq(1), Seq(1'000'000)}, .max_bytes = SIZE_MAX}).value();
    std::int64_t expected = 0;
    for (const StoredMessage& message : page.messages) {
      ASSERT_EQ(message.seq.value, ++expected) << "a hole";
      ASSERT_EQ(message.ordinal.value, expected);
      ASSERT_EQ(message.own_ordinal.value, expected);
      ASSERT_TRUE(ids.insert(message.client_msg_id).second) << "doubled: " << message.client_msg_id;
    }
    EXPECT_EQ(store->heads(std::span(&room, 1)).value().front().seq.value, expected);
  }
  for (const Acked& one : acked) {
    const MessageKey key{kSender, std::to_string(one.number)};
    const auto entry = store->find_keys(std::span(&key, 1)).value().front();
    ASSERT_TRUE(entry.has_value()) << "lost: " << one.number;
    EXPECT_EQ(entry->ack.seq.value, one.seq);
    EXPECT_EQ(entry->ack.message.value, one.message);
    const Place place{room_of(one.number), Seq(one.seq)};
    const auto message = store->find(std::span(&place, 1)).value().front();
    ASSERT_TRUE(message.has_value()) << "lost: " << one.number;
    EXPECT_EQ(message->client_msg_id, key.client_msg_id);
  }
}

TEST(KillTest, NothingAckedIsLostDoubledOrReordered) {
  const TemporaryFolder folder;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Acked> acked;
  FeedReader reader;
  for (std::int64_t round = 0; round < 8; ++round) {
    const std::size_t count = 1 + random() % 400;
    const auto fresh = run_and_kill(folder.path(), round * 10'000'000, count);
    ASSERT_GE(fresh.size(), count);
    acked.insert(acked.end(), fresh.begin(), fresh.end());
    check(folder.path(), acked);
    check_feed(folder.path(), reader);
    if (HasFatalFailure()) return;
  }
  // Within a conversation acks came in the order of their seqs.
  std::map<ConversationId, std::int64_t> last;
  for (const Acked& one : acked) {
    EXPECT_LT(std::exchange(last[room_of(one.number)], one.seq), one.seq) << "reordered";
  }
}

}  // namespace
}  // namespace hongyan::message::sequencing
