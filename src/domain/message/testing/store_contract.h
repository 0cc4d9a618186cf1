// What every implementation of the storage ports must do. Include it in a test and instantiate it with a fixture that
// has: a type Store (both ports), store(), and restart() which closes the store and opens it again.
#pragma once

#include <gtest/gtest.h>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"

namespace hongyan::message::testing {

template <class Fixture>
class StoreContract : public ::testing::Test {
 protected:
  auto& store() { return fixture_.store(); }
  void restart() { fixture_.restart(); }

  std::vector<std::int64_t> seqs(const ReadRange& range) {
    std::vector<std::int64_t> found;
    for (const StoredMessage& message : store().read(range).value().messages) found.push_back(message.seq.value);
    return found;
  }

  Fixture fixture_;
};

TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, AnEmptyStoreKnowsNothing) {
  const std::vector<MessageKey> keys{{kAnna, "x"}};
  EXPECT_EQ(this->store().find_keys(keys).value(), (std::vector<std::optional<KeyEntry>>{std::nullopt}));
  EXPECT_EQ(this->store().heads(std::vector{kRoom}).value(), (std::vector{Head{}}));
  EXPECT_TRUE(this->store().read({kRoom, {Seq(1), Seq(100)}}).value().messages.empty());
  EXPECT_EQ(this->store().tallies(std::vector{TallyAt{kRoom, kAnna, Seq(5)}}).value(), (std::vector{Tally{}}));
  EXPECT_EQ(this->store().cursors(std::vector{UserPlace{kAnna, kRoom}}).value(), (std::vector{Cursor{}}));
  EXPECT_EQ(this->store().cursor_numbers(std::vector{kAnna}).value(), (std::vector{CursorNo(0)}));
  EXPECT_FALSE(this->store().epoch().empty());
}

TYPED_TEST_P(StoreContract, WhatWasCommittedIsThereInEveryView) {
  const CommitBatch batch = batch_of(kRoom, Seq(1), Seq(3), kAnna);
  ASSERT_TRUE(this->store().commit(batch));
  const StoredMessage& second = batch.messages[1].message;

  const std::vector<MessageKey> keys{{kAnna, second.client_msg_id}, {kBert, second.client_msg_id}};
  const auto entries = this->store().find_keys(keys).value();
  EXPECT_EQ(entries[0], (KeyEntry{kRoom, {second.id, second.seq, second.time}, batch.messages[1].hash}));
  EXPECT_EQ(entries[1], std::nullopt);

  EXPECT_EQ(this->store().heads(std::vector{kOther, kRoom}).value(), (std::vector{Head{}, batch.heads[0].second}));

  const auto found = this->store().find(std::vector{Place{kRoom, Seq(2)}, Place{kRoom, Seq(9)}}).value();
  ASSERT_TRUE(found[0].has_value());
  EXPECT_EQ(found[0]->id, second.id);
  EXPECT_EQ(found[0]->sender, kAnna);
  EXPECT_EQ(found[0]->client_msg_id, second.client_msg_id);
  EXPECT_EQ(found[0]->time, second.time);
  EXPECT_EQ(found[0]->ordinal, second.ordinal);
  EXPECT_EQ(found[0]->content.text().text(), "words");
  EXPECT_EQ(found[1], std::nullopt);
}

TYPED_TEST_P(StoreContract, EverythingOutlivesARestartAndAReopening) {
  const CommitBatch batch = batch_of(kRoom, Seq(1), Seq(2), kAnna);
  ASSERT_TRUE(this->store().commit(batch));
  ASSERT_TRUE(this->store().save_cursors(std::vector{PlacedCursor{{kBert, kRoom}, {Seq(1), Seq(1), CursorNo(1)}}}));
  const std::string epoch = this->store().epoch();
  for (int round = 0; round < 2; ++round) {
    if (round == 0) {
      this->restart();
    } else {
      ASSERT_TRUE(this->store().reopen());
    }
    EXPECT_EQ(this->store().heads(std::vector{kRoom}).value().front(), batch.heads[0].second);
    EXPECT_EQ(this->seqs({kRoom, {Seq(1), Seq(10)}}), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(this->store().cursors(std::vector{UserPlace{kBert, kRoom}}).value().front().read, Seq(1));
    EXPECT_EQ(this->store().epoch(), epoch);
  }
}

TYPED_TEST_P(StoreContract, ReadsRangesBothWaysOfOneConversationOnly) {
  ASSERT_TRUE(this->store().commit(batch_of(kRoom, Seq(1), Seq(9), kAnna)));
  ASSERT_TRUE(this->store().commit(batch_of(kOther, Seq(1), Seq(9), kAnna)));
  using enum ReadRange::Direction;
  EXPECT_EQ(this->seqs({kRoom, {Seq(3), Seq(5)}, ascending}), (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(this->seqs({kRoom, {Seq(3), Seq(5)}, descending}), (std::vector<std::int64_t>{5, 4, 3}));
  EXPECT_EQ(this->seqs({kRoom, {Seq(8), Seq(50)}, ascending}), (std::vector<std::int64_t>{8, 9}));
  EXPECT_EQ(this->seqs({kRoom, {Seq(8), Seq(50)}, descending}), (std::vector<std::int64_t>{9, 8}));
  EXPECT_TRUE(this->seqs({kRoom, {Seq(5), Seq(4)}, ascending}).empty());
}

TYPED_TEST_P(StoreContract, APageEndsEarlyAtItsBytesButHasAtLeastOneMessage) {
  ASSERT_TRUE(this->store().commit(batch_of(kRoom, Seq(1), Seq(5), kAnna, std::string(1000, 'x'))));
  ReadRange range{kRoom, {Seq(1), Seq(5)}};
  range.max_bytes = 1500;
  auto page = this->store().read(range).value();
  EXPECT_EQ(page.messages.size(), 2u);
  EXPECT_FALSE(page.complete);
  range.max_bytes = 1;
  range.direction = ReadRange::Direction::descending;
  page = this->store().read(range).value();
  ASSERT_EQ(page.messages.size(), 1u);
  EXPECT_EQ(page.messages.front().seq, Seq(5));
  EXPECT_FALSE(page.complete);
  range.seqs = {Seq(5), Seq(5)};
  EXPECT_TRUE(this->store().read(range).value().complete);
}

TYPED_TEST_P(StoreContract, TalliesCountAllAndOwnMessagesUpToAPlace) {
  CommitBatch batch;
  batch.messages = {message_at(kRoom, Seq(1), kAnna, Ordinal(1)), message_at(kRoom, Seq(2), kBert, Ordinal(1)),
                    message_at(kRoom, Seq(3), kAnna, Ordinal(2)), message_at(kRoom, Seq(4), kBert, Ordinal(2))};
  batch.heads = {{kRoom, Head{Seq(4), ChangeNo(0), Seq(1), Ordinal(4), TimeMs(1)}}};
  ASSERT_TRUE(this->store().commit(batch));
  const std::vector<TallyAt> places{{kRoom, kAnna, Seq(0)},  {kRoom, kAnna, Seq(2)}, {kRoom, kAnna, Seq(4)},
                                    {kRoom, kBert, Seq(1)},  {kRoom, kBert, Seq(3)}, {kRoom, UserId(99), Seq(3)},
                                    {kRoom, kAnna, Seq(50)}, {kOther, kAnna, Seq(4)}};
  const std::vector<Tally> expected{{Ordinal(0), Ordinal(0)}, {Ordinal(2), Ordinal(1)}, {Ordinal(4), Ordinal(2)},
                                    {Ordinal(1), Ordinal(0)}, {Ordinal(3), Ordinal(1)}, {Ordinal(3), Ordinal(0)},
                                    {Ordinal(4), Ordinal(2)}, {Ordinal(0), Ordinal(0)}};
  EXPECT_EQ(this->store().tallies(places).value(), expected);
}

TYPED_TEST_P(StoreContract, AnswersComeInTheOrderAsked) {
  ASSERT_TRUE(this->store().commit(batch_of(kRoom, Seq(1), Seq(2), kAnna)));
  ASSERT_TRUE(this->store().commit(batch_of(kOther, Seq(1), Seq(1), kBert)));
  const std::vector<PlacedCursor> cursors{{{kAnna, kRoom}, {Seq(2), Seq(2), CursorNo(4)}},
                                          {{kAnna, kOther}, {Seq(0), Seq(1), CursorNo(3)}},
                                          {{kBert, kRoom}, {Seq(1), Seq(1), CursorNo(1)}}};
  ASSERT_TRUE(this->store().save_cursors(cursors));
  const std::vector<UserPlace> places{{kBert, kRoom}, {kBert, kOther}, {kAnna, kRoom}};
  EXPECT_EQ(this->store().cursors(places).value(), (std::vector{cursors[2].cursor, Cursor{}, cursors[0].cursor}));
  EXPECT_EQ(this->store().cursor_numbers(std::vector{kBert, UserId(9), kAnna}).value(),
            (std::vector{CursorNo(1), CursorNo(0), CursorNo(4)}));
  const auto found = this->store().find(std::vector{Place{kOther, Seq(1)}, Place{kRoom, Seq(2)}}).value();
  EXPECT_EQ(found[0]->sender, kBert);
  EXPECT_EQ(found[1]->sender, kAnna);
}

// The second of three messages, changed, with everything that a message can have.
inline StoredMessage rich_message() {
  StoredMessage message = message_at(kRoom, Seq(2), kAnna, Ordinal(2)).message;
  message.change = ChangeNo(4);
  message.quote = v1::Quote();
  message.quote->set_seq(1);
  *message.quote->mutable_content() = text("quoted");
  message.mentions = v1::Mentions();
  message.mentions->add_user_ids(kBert.value);
  message.edited = TimeMs(5);
  message.reactions = {{"👍", {{kBert, TimeMs(6)}, {kAnna, TimeMs(7)}}}, {"🪿", {{kAnna, TimeMs(8)}}}};
  message.pinned = Mark{kBert, TimeMs(9)};
  message.join = {kBert};
  message.leave = {UserId(9), UserId(10)};
  return message;
}

inline Change change_of(const StoredMessage& message, ChangeNo number, ChangeKind kind) {
  return {.conversation = message.conversation,
          .number = number,
          .seq = message.seq,
          .kind = kind,
          .by = kBert,
          .emoji = kind == ChangeKind::reaction ? "👍" : "",
          .added = true,
          .time = TimeMs(11)};
}

TYPED_TEST_P(StoreContract, AChangedMessageReplacesTheOldOneWithAllItHas) {
  ASSERT_TRUE(this->store().commit(batch_of(kRoom, Seq(1), Seq(3), kAnna)));
  CommitBatch batch;
  const StoredMessage rich = rich_message();
  batch.changed = {rich};
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  const StoredMessage found = *this->store().find(std::vector{Place{kRoom, Seq(2)}}).value().front();
  EXPECT_EQ(found.change, ChangeNo(4));
  EXPECT_EQ(found.quote->content().text().text(), "quoted");
  EXPECT_EQ(found.mentions->user_ids(0), kBert.value);
  EXPECT_EQ(found.edited, TimeMs(5));
  EXPECT_EQ(found.reactions, rich.reactions);
  EXPECT_EQ(found.pinned, rich.pinned);
  EXPECT_EQ(found.recalled, std::nullopt);
  EXPECT_EQ(found.join, rich.join);
  EXPECT_EQ(found.leave, rich.leave);
  EXPECT_EQ(this->seqs({kRoom, {Seq(1), Seq(9)}}), (std::vector<std::int64_t>{1, 2, 3}));

  StoredMessage recalled = rich;
  recalled.recalled = Mark{kBert, TimeMs(12)};
  recalled.content.Clear();
  batch.changed = {recalled};
  ASSERT_TRUE(this->store().commit(batch));
  const StoredMessage gone = *this->store().find(std::vector{Place{kRoom, Seq(2)}}).value().front();
  EXPECT_EQ(gone.recalled, recalled.recalled);
  EXPECT_FALSE(gone.content.has_text());
}

TYPED_TEST_P(StoreContract, ChangesComeInOrderOfOneConversation) {
  const StoredMessage message = message_at(kRoom, Seq(1), kAnna, Ordinal(1)).message;
  const StoredMessage other = message_at(kOther, Seq(1), kAnna, Ordinal(1)).message;
  CommitBatch batch;
  for (const std::int64_t number : {1, 2, 3, 300}) {
    batch.changes.push_back(change_of(message, ChangeNo(number), ChangeKind::reaction));
  }
  batch.changes.push_back(change_of(other, ChangeNo(2), ChangeKind::edit));
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  const auto numbers = [&](ConversationId conversation, std::int64_t after, std::size_t limit) {
    std::vector<std::int64_t> found;
    for (const Change& change : this->store().changes({conversation, ChangeNo(after), limit}).value()) {
      found.push_back(change.number.value);
    }
    return found;
  };
  EXPECT_EQ(numbers(kRoom, 0, 100), (std::vector<std::int64_t>{1, 2, 3, 300}));
  EXPECT_EQ(numbers(kRoom, 1, 2), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(numbers(kRoom, 300, 100), (std::vector<std::int64_t>{}));
  EXPECT_EQ(numbers(kRoom, 0, 0), (std::vector<std::int64_t>{}));
  EXPECT_EQ(numbers(kOther, 0, 100), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(this->store().changes({kRoom, ChangeNo(2), 1}).value().front(), batch.changes[2]);
}

TYPED_TEST_P(StoreContract, BoundsAreOfOneUserInOneConversation) {
  CommitBatch batch;
  batch.bounds = {{{kAnna, kRoom}, Bound{Seq(3), Seq(0)}}, {{kBert, kRoom}, Bound{Seq(1), Seq(7)}}};
  ASSERT_TRUE(this->store().commit(batch));
  batch.bounds = {{{kAnna, kRoom}, Bound{Seq(3), Seq(9)}}};
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  const std::vector<UserPlace> places{{kBert, kRoom}, {kAnna, kOther}, {kAnna, kRoom}};
  const std::vector<std::optional<Bound>> expected{Bound{Seq(1), Seq(7)}, std::nullopt, Bound{Seq(3), Seq(9)}};
  EXPECT_EQ(this->store().bounds(places).value(), expected);
}

TYPED_TEST_P(StoreContract, BoundsOfAUserAreListedByGroup) {
  CommitBatch batch;
  const Bound in{Seq(3), Seq(0)};
  const Bound out{Seq(1), Seq(7)};
  batch.bounds = {{{kAnna, kOther}, in}, {{kBert, kRoom}, in}, {{kAnna, kRoom}, in}};
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  batch.bounds = {{{kAnna, kRoom}, out}};
  ASSERT_TRUE(this->store().commit(batch));
  std::vector<GroupBound> expected{{kRoom, out}, {kOther, in}};
  std::ranges::sort(expected, {}, &GroupBound::group);
  EXPECT_EQ(this->store().bounds_of(kAnna).value(), expected);
  EXPECT_TRUE(this->store().bounds_of(UserId(kAnna.value + 1000)).value().empty());
}

TYPED_TEST_P(StoreContract, MentionsAreListedNewestFirstUntilTheyAreRemoved) {
  CommitBatch batch = batch_of(kRoom, Seq(1), Seq(1), kAnna);
  for (const std::int64_t seq : {1, 2, 3, 300}) batch.mentions.push_back({{kBert, kRoom}, Seq(seq)});
  batch.mentions.push_back({{kAnna, kRoom}, Seq(4)});
  batch.mentions.push_back({{kBert, kOther}, Seq(5)});
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  const auto seqs = [&](UserPlace place, std::int64_t from, std::int64_t to, std::size_t limit) {
    std::vector<std::int64_t> found;
    for (const Seq seq : this->store().mentions_in({place, {Seq(from), Seq(to)}, limit}).value())
      found.push_back(seq.value);
    return found;
  };
  using Seqs = std::vector<std::int64_t>;
  EXPECT_EQ(seqs({kBert, kRoom}, 1, 1000, 10), (Seqs{300, 3, 2, 1}));
  EXPECT_EQ(seqs({kBert, kRoom}, 2, 299, 10), (Seqs{3, 2}));
  EXPECT_EQ(seqs({kBert, kRoom}, 1, 1000, 2), (Seqs{300, 3}));
  EXPECT_EQ(seqs({kBert, kRoom}, 1, 1000, 0), Seqs{});
  EXPECT_EQ(seqs({kBert, kRoom}, 3, 2, 10), Seqs{});
  EXPECT_EQ(seqs({kBert, kOther}, 1, 1000, 10), (Seqs{5}));
  EXPECT_EQ(seqs({UserId(99), kRoom}, 1, 1000, 10), Seqs{});

  batch = batch_of(kRoom, Seq(2), Seq(2), kAnna);
  batch.mentions_removed = {{{kBert, kRoom}, Seq(300)}};
  ASSERT_TRUE(this->store().commit(batch));
  EXPECT_EQ(seqs({kBert, kRoom}, 1, 1000, 10), (Seqs{3, 2, 1}));
}

TYPED_TEST_P(StoreContract, PinsFollowTheMessages) {
  StoredMessage message = message_at(kRoom, Seq(2), kAnna, Ordinal(2)).message;
  StoredMessage other = message_at(kRoom, Seq(1), kAnna, Ordinal(1)).message;
  message.pinned = other.pinned = Mark{kBert, TimeMs(9)};
  CommitBatch batch;
  batch.changed = {message, other};
  batch.changes = {change_of(message, ChangeNo(1), ChangeKind::pin), change_of(other, ChangeNo(2), ChangeKind::pin)};
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  EXPECT_EQ(this->store().pins(kRoom).value(),
            (std::vector{Pin{Seq(1), {kBert, TimeMs(9)}}, Pin{Seq(2), {kBert, TimeMs(9)}}}));
  EXPECT_TRUE(this->store().pins(kOther).value().empty());

  // A reaction leaves a pin alone; a recall and an unpinning remove it.
  message.pinned.reset();
  other.pinned.reset();
  batch.changed = {message};
  batch.changes = {change_of(message, ChangeNo(3), ChangeKind::reaction)};
  ASSERT_TRUE(this->store().commit(batch));
  EXPECT_EQ(this->store().pins(kRoom).value().size(), 2u);
  batch.changes = {change_of(message, ChangeNo(4), ChangeKind::recall), change_of(other, ChangeNo(5), ChangeKind::pin)};
  batch.changed = {message, other};
  ASSERT_TRUE(this->store().commit(batch));
  EXPECT_TRUE(this->store().pins(kRoom).value().empty());
}

TYPED_TEST_P(StoreContract, KnowsTheNumberOfItsLastCommit) {
  EXPECT_EQ(this->store().last_commit().value(), CommitNo(0));
  CommitBatch batch = batch_of(kRoom, Seq(1), Seq(1), kAnna);
  batch.number = CommitNo(41);
  batch.heads.front().second.commit = CommitNo(41);
  batch.heads.front().second.mention_all = Seq(1);
  ASSERT_TRUE(this->store().commit(batch));
  this->restart();
  EXPECT_EQ(this->store().last_commit().value(), CommitNo(41));
  EXPECT_EQ(this->store().heads(std::vector{kRoom}).value().front(), batch.heads.front().second);
}

TYPED_TEST_P(StoreContract, WhatAUserHidesIsTheirsAlone) {
  const UserPlace anna{kAnna, kRoom};
  const UserPlace bert{kBert, kRoom};
  ASSERT_TRUE(this->store().hide({anna, Seq(2)}));
  ASSERT_TRUE(this->store().hide({anna, Seq(2)}));
  ASSERT_TRUE(this->store().clear({anna, Seq(5)}));
  ASSERT_TRUE(this->store().clear({anna, Seq(7)}));
  this->restart();
  EXPECT_EQ(this->store().hidden(std::vector<UserSeq>{{anna, Seq(1)}, {anna, Seq(2)}, {bert, Seq(2)}}).value(),
            (std::vector<bool>{false, true, false}));
  ASSERT_TRUE(this->store().hide({anna, Seq(9)}));
  ASSERT_TRUE(this->store().hide({bert, Seq(3)}));
  EXPECT_EQ(this->store().hidden_in(anna, {Seq(2), Seq(9)}).value(), (std::vector{Seq(2), Seq(9)}));
  EXPECT_EQ(this->store().hidden_in(anna, {Seq(3), Seq(8)}).value(), std::vector<Seq>());
  EXPECT_EQ(this->store().hidden_in(bert, {Seq(1), Seq(100)}).value(), std::vector{Seq(3)});
  EXPECT_EQ(this->store().hidden_in(anna, {Seq(9), Seq(2)}).value(), std::vector<Seq>());
  EXPECT_EQ(this->store().cleared(std::vector{bert, anna, UserPlace{kAnna, kOther}}).value(),
            (std::vector{Seq(0), Seq(7), Seq(0)}));
}

TYPED_TEST_P(StoreContract, ConversationsAreListedByPages) {
  for (const std::uint64_t id : {7ull, 100ull, 3ull, ~0ull}) {
    ASSERT_TRUE(this->store().commit(batch_of(ConversationId(id), Seq(1), Seq(1), kAnna)));
  }
  EXPECT_EQ(this->store().inventory().conversations(ConversationId(), 2).value(),
            (std::vector{ConversationId(3), ConversationId(7)}));
  EXPECT_EQ(this->store().inventory().conversations(ConversationId(7), 9).value(),
            (std::vector{ConversationId(100), ConversationId(~0ull)}));
  EXPECT_TRUE(this->store().inventory().conversations(ConversationId(~0ull), 9).value().empty());
}

TYPED_TEST_P(StoreContract, EverythingStandsInTheInventory) {
  CommitBatch batch = batch_of(kRoom, Seq(1), Seq(2), kAnna);
  batch.messages[0].message.sender = UserId();
  batch.messages[1].message.own_ordinal = Ordinal(1);
  batch.bounds.emplace_back(UserPlace{kBert, kRoom}, Bound{Seq(1), Seq(2)});
  batch.mentions.push_back({{kBert, kRoom}, Seq(2)});
  ASSERT_TRUE(this->store().commit(batch));
  ASSERT_TRUE(this->store().hide({{kAnna, kRoom}, Seq(1)}));
  ASSERT_TRUE(this->store().clear({{kAnna, kRoom}, Seq(1)}));
  const PlacedCursor cursor{{kBert, kRoom}, {Seq(1), Seq(2), CursorNo(3)}};
  ASSERT_TRUE(this->store().save_cursors(std::vector{cursor}));
  Inventory& inventory = this->store().inventory();

  const auto keys = inventory.keys({}).value();
  ASSERT_EQ(keys.items.size(), 2U);
  EXPECT_EQ(keys.next, "");
  EXPECT_EQ(keys.items[1].key, (MessageKey{kAnna, batch.messages[1].message.client_msg_id}));
  EXPECT_EQ(keys.items[1].entry.ack.seq, Seq(2));
  const auto own = inventory.own({}).value().items;
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].place, (Place{kRoom, Seq(2)}));
  EXPECT_EQ(own[0].sender, kAnna);
  EXPECT_EQ(own[0].own, Ordinal(1));
  EXPECT_EQ(inventory.mentions({}).value().items, batch.mentions);
  EXPECT_EQ(inventory.hidden({}).value().items, (std::vector{UserSeq{{kAnna, kRoom}, Seq(1)}}));
  const auto bounds = inventory.bounds({}).value().items;
  ASSERT_EQ(bounds.size(), 1U);
  EXPECT_EQ(std::pair(bounds[0].place, bounds[0].bound), batch.bounds[0]);
  EXPECT_EQ(inventory.cursors({}).value().items, std::vector{cursor});
  const auto numbers = inventory.numbers({}).value().items;
  ASSERT_EQ(numbers.size(), 1U);
  EXPECT_EQ(numbers[0].user, kBert);
  EXPECT_EQ(numbers[0].number, CursorNo(3));
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract, MentionsAreListedNewestFirstUntilTheyAreRemoved,
                            EverythingStandsInTheInventory, ConversationsAreListedByPages, WhatAUserHidesIsTheirsAlone,
                            AChangedMessageReplacesTheOldOneWithAllItHas, ChangesComeInOrderOfOneConversation,
                            BoundsAreOfOneUserInOneConversation, BoundsOfAUserAreListedByGroup, PinsFollowTheMessages,
                            KnowsTheNumberOfItsLastCommit, AnEmptyStoreKnowsNothing, WhatWasCommittedIsThereInEveryView,
                            EverythingOutlivesARestartAndAReopening, ReadsRangesBothWaysOfOneConversationOnly,
                            APageEndsEarlyAtItsBytesButHasAtLeastOneMessage, TalliesCountAllAndOwnMessagesUpToAPlace,
                            AnswersComeInTheOrderAsked);

}  // namespace hongyan::message::testing
