// Random schedules of sends, changes, repeats, failures, bumps and lost rights, compared with what must hold whatever
// happens: nothing acked is lost, doubled or reordered, seqs and changes are dense, and every message and change is
// published once, in order.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <random>

#include "domain/message/testing/sequencer_harness.h"

namespace hongyan::message::sequencing {
namespace {

using testing::Fault;
using testing::SequencerHarness;

constexpr std::uint64_t kSenders = 4;
constexpr std::uint64_t kRooms = 3;
constexpr int kSteps = 400;

// One id of one sender, and what came of sending it.
struct Sent {
  UserId sender;
  ConversationId room;
  std::string id;
  std::string words;
  std::vector<SequencerHarness::Answer> answers;
  std::optional<SendAck> ack;
  // How often it was sent while the schedule ran, and whether it was acked then.
  std::size_t attempts = 0;
  bool acked_in_time = false;
};

class Schedule {
 public:
  explicit Schedule(unsigned seed) : random_(seed), harness_(options()) {}

  void run() {
    for (int step = 0; step < kSteps; ++step) act();
    calm_down();
    collect();
    retry_the_rest();
    if (::testing::Test::HasFatalFailure()) return;
    check_messages();
    check_changes();
    check_pushes();
  }

 private:
  static SequencerOptions options() {
    auto options = SequencerHarness::quick();
    options.batch_commands = 7;
    options.heads = 2;
    // Fewer than there are senders times rooms.
    options.guards = options.queue = 10;
    options.recovery.max_failures = 1'000'000;
    return options;
  }

  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  void act() {
    const auto dice = below(100);
    if (dice < 45) {
      send();
    } else if (dice < 60) {
      repeat();
    } else if (dice < 80) {
      change();
    } else if (dice < 85) {
      harness_.store.plan({below(2) == 0 ? Fault::before_write : Fault::after_write});
    } else if (dice < 88) {
      harness_.store.hold();
    } else if (dice < 92) {
      harness_.store.release();
    } else if (dice < 94) {
      harness_.guards.hold();
    } else if (dice < 97) {
      harness_.guards.release();
    } else if (dice < 99) {
      harness_.sequencer->drop_user(UserId(1 + below(kSenders)), [] {});
    } else {
      harness_.sequencer->recover(Error(ErrorCode::internal, "seen elsewhere"));
    }
  }

  void send() {
    Sent sent;
    sent.sender = UserId(1 + below(kSenders));
    sent.room = ConversationId(100 + below(kRooms));
    sent.id = std::to_string(sent_.size());
    sent.words = "words of " + sent.id;
    sent_.push_back(std::move(sent));
    submit(sent_.back());
  }
  void repeat() {
    if (!sent_.empty()) submit(sent_[below(sent_.size())]);
  }
  void submit(Sent& sent) { sent.answers.push_back(harness_.submit(sent.sender, sent.room, sent.id, sent.words)); }

  // Whatever comes of it: the message may not be there yet, or be recalled already.
  void change() {
    Command command;
    command.conversation = ConversationId(100 + below(kRooms));
    command.actor = UserId(1 + below(kSenders));
    command.deadline = testing::kNever;
    const Seq seq(1 + static_cast<std::int64_t>(below(30)));
    const bool on = below(2) == 0;
    switch (below(4)) {
      case 0: command.action = RecallAction{seq}; break;
      case 1: command.action = EditAction{seq, testing::text("edited " + std::to_string(below(1000)))}; break;
      case 2: command.action = ReactAction{seq, "e" + std::to_string(below(3)), on}; break;
      default: command.action = PinAction{seq, on};
    }
    changes_.push_back({command.conversation, seq, harness_.submit(std::move(command))});
  }

  void calm_down() {
    harness_.store.plan({});
    harness_.store.release();
    harness_.guards.release();
  }

  // Takes all answers; all acks of one id must be the same.
  void collect() {
    for (Sent& sent : sent_) {
      for (auto& answer : sent.answers) {
        const auto result = answer.get();
        if (!result) {
          EXPECT_EQ(result.error().code, ErrorCode::unavailable);
          continue;
        }
        if (sent.ack) {
          EXPECT_EQ(*sent.ack, result->ack) << sent.id;
        }
        sent.ack = result->ack;
      }
      sent.attempts = sent.answers.size();
      sent.acked_in_time = sent.ack.has_value();
      sent.answers.clear();
    }
  }

  void retry_the_rest() {
    // A failure that somebody else has seen may still be on its way.
    harness_.settle();
    harness_.await_ready();
    for (Sent& sent : sent_) {
      if (sent.ack) continue;
      submit(sent);
      const auto result = sent.answers.front().get();
      ASSERT_TRUE(result) << result.error().detail;
      sent.ack = result->ack;
    }
  }

  void check_messages() {
    std::map<ConversationId, std::map<Seq, const Sent*>> rooms;
    for (const Sent& sent : sent_) {
      EXPECT_TRUE(rooms[sent.room].emplace(sent.ack->seq, &sent).second) << "two ids have one seq";
    }
    for (const auto& [room, by_seq] : rooms) {
      const auto stored =
          harness_.store.read({.conversation = room, .seqs = {Seq(1), Seq(1'000'000)}, .max_bytes = SIZE_MAX}).value();
      ASSERT_EQ(stored.messages.size(), by_seq.size()) << "lost or doubled";
      const Sent* before = nullptr;
      std::int64_t expected = 1;
      for (const StoredMessage& message : stored.messages) {
        const Sent& sent = *by_seq.at(message.seq);
        EXPECT_EQ(message.seq.value, expected++) << "a hole";
        EXPECT_EQ(message.ordinal.value, message.seq.value);
        EXPECT_EQ(message.sender, sent.sender);
        EXPECT_EQ(message.client_msg_id, sent.id);
        if (!message.change) {
          EXPECT_EQ(message.content.text().text(), sent.words);
        }
        EXPECT_EQ(message.id, sent.ack->message);
        // Of those sent once and acked, the order is that of sending.
        if (sent.attempts != 1 || !sent.acked_in_time) continue;
        if (before != nullptr) {
          EXPECT_LT(std::stoi(before->id), std::stoi(sent.id)) << "reordered";
        }
        before = &sent;
      }
    }
  }

  // Changes are dense, a message has the number of its last one, and what was answered is there.
  void check_changes() {
    for (std::uint64_t i = 0; i < kRooms; ++i) {
      const ConversationId room(100 + i);
      const auto changes = harness_.store.changes({room, ChangeNo(0), SIZE_MAX}).value();
      std::map<Seq, ChangeNo> last;
      std::int64_t expected = 1;
      for (const Change& change : changes) {
        EXPECT_EQ(change.number.value, expected++) << "a hole";
        last[change.seq] = change.number;
      }
      EXPECT_EQ(harness_.store.heads(std::span(&room, 1)).value().front().change.value, expected - 1);
      for (const auto& [seq, number] : last) {
        EXPECT_EQ(harness_.store.find(std::vector{Place{room, seq}}).value().front()->change, number);
      }
    }
    for (Asked& asked : changes_) {
      const auto result = asked.answer.get();
      if (!result || !result->changed->change) continue;
      const ChangesAfter one{asked.room, ChangeNo(result->changed->change.value - 1), 1};
      EXPECT_EQ(harness_.store.changes(one).value().front().seq, asked.seq) << "lost";
    }
  }

  void check_pushes() {
    harness_.settle();
    std::map<ConversationId, std::int64_t> published;
    std::map<ConversationId, std::int64_t> published_changes;
    for (const auto& publication : harness_.topics.all()) {
      if (publication.topic != wire::Topic::user(UserId(1000))) continue;
      const ConversationId room = publication.push->conversation();
      const std::string& frame = *publication.push->frame(wire::json_frames());
      const bool is_message = frame.find(R"("type":"message")") != std::string::npos;
      const std::string expected = is_message ? "\"seq\":" + std::to_string(++published[room]) + ","
                                              : "\"change\":" + std::to_string(++published_changes[room]) + ",\"seq\"";
      EXPECT_NE(frame.find(expected), std::string::npos) << expected << " in " << frame;
    }
    for (std::uint64_t i = 0; i < kRooms; ++i) {
      const ConversationId room(100 + i);
      const Head head = harness_.store.heads(std::span(&room, 1)).value().front();
      EXPECT_EQ(published[room], head.seq.value);
      EXPECT_EQ(published_changes[room], head.change.value);
    }
  }

  std::mt19937 random_;
  // A change that was asked for.
  struct Asked {
    ConversationId room;
    Seq seq;
    SequencerHarness::Answer answer;
  };

  SequencerHarness harness_;
  std::vector<Sent> sent_;
  std::vector<Asked> changes_;
};

TEST(Schedule, NothingAckedIsLostDoubledOrReordered) {
  const unsigned first = std::random_device{}();
  for (unsigned seed = first; seed < first + 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Schedule(seed).run();
    if (::testing::Test::HasFailure()) break;
  }
  std::printf("seeds %u to %u\n", first, first + 39);
}

}  // namespace
}  // namespace hongyan::message::sequencing
