// Two people do many things to each other at once: whatever comes first, what must hold holds.
#include <gtest/gtest.h>

#include <random>

#include "domain/contact/testing/world.h"

namespace hongyan::contact {
namespace {

using testing::kAlice;
using testing::kBob;

constexpr int kRounds = 1000;
// At once in a round.
constexpr int kActs = 4;

class ContactRaces : public testing::World {
 protected:
  std::future<void> act() {
    const bool first = random_() % 2 == 0;
    const UserId by = first ? kAlice : kBob;
    const UserId other = first ? kBob : kAlice;
    const auto received = requests(by);
    const RequestId request = received.empty() ? RequestId(1) : received.front().id;
    switch (random_() % 8) {
      case 0:
      case 1: return begin(service_.ask(by, {other, "hi", v1::CONTACT_SOURCE_SEARCH, {}}, soon()));
      case 2: return begin(service_.accept(by, request, {}, soon()));
      case 3: return begin(service_.reject(by, request, false, soon()));
      case 4: return begin(service_.remove(by, other, soon()));
      case 5: return begin(service_.set_blocked(by, other, true, soon()));
      case 6: return begin(service_.set_blocked(by, other, false, soon()));
      default:
        return begin(conversations_.store.create_direct(conversation::Pair(by, other), ConversationId(++fresh_),
                                                        clock_.now(), soon()));
    }
  }
  template <class T>
  std::future<void> begin(async::Task<Result<T>> task) {
    return async::start(io_.next().get_executor(), forget(std::move(task)));
  }
  template <class T>
  static async::Task<void> forget(async::Task<Result<T>> task) {
    const auto result = co_await std::move(task);
    if (!result) EXPECT_NE(result.error().code, ErrorCode::internal) << result.error().detail;
  }

  std::int64_t count(std::string_view statement) {
    return database_.database()
        .read_now([&](sql::Session& session) -> Result<std::int64_t> {
          HY_TRY(const auto row, session.query_one<std::int64_t>(statement));
          return std::get<0>(*row);
        })
        .value();
  }

  std::mt19937 random_{7};
  std::uint64_t fresh_ = 1000;
};

TEST_F(ContactRaces, WhateverComesFirst) {
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    std::vector<std::future<void>> acts;
    for (int i = 0; i < kActs; ++i) acts.push_back(act());
    for (auto& one : acts) one.get();
    EXPECT_LE(count("SELECT COUNT(*) FROM direct_pairs"), 1) << "one 1:1";
    EXPECT_LE(list(kAlice).size(), 1u);
    EXPECT_LE(list(kBob).size(), 1u);
    const auto now = relation(kAlice, kBob);
    const auto then = relation(kBob, kAlice);
    EXPECT_EQ(now.friends, then.friends) << "it is the same from both sides";
    EXPECT_EQ(now.blocked, then.blocked);
    EXPECT_EQ(now.friends, list(kAlice).size() + list(kBob).size() == 2);
    if (now.friends) {
      EXPECT_EQ(count("SELECT COUNT(*) FROM direct_pairs"), 1) << "friends have a 1:1";
      EXPECT_EQ(count("SELECT COUNT(*) FROM contact_requests WHERE state = 1"), 0) << "friends wait for nothing";
    }
  }
}

}  // namespace
}  // namespace hongyan::contact
