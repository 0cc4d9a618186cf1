#include "app/seed/seeder.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "app/seed/in_flight.h"
#include "domain/message/rules.h"

namespace hongyan::app {
namespace {

namespace sequencing = message::sequencing;

// Statements under way at a time; one writes, the others read.
constexpr std::size_t kWidth = 64;
// Below the number of commands of one conversation that may wait for a permission.
constexpr std::size_t kCommands = 900;
constexpr std::size_t kMarks = 20'000;
// Beyond what a busy disk takes for one step.
constexpr std::chrono::minutes kPatience{2};
// How many of a room have read everything; the others have read a part.
constexpr double kUpToDate = 0.6;

async::Deadline deadline() { return async::deadline_in(kPatience); }

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

v1::Content text_content(const std::string& text) {
  v1::Content content;
  content.mutable_text()->set_text(text);
  return content;
}

bool is_late(const Error& error) {
  return error.code == ErrorCode::recall_window_passed || error.code == ErrorCode::edit_window_passed;
}

}  // namespace

Result<void> Seeder::make_people(const std::string& password) {
  const auto hash = async::start(ports_.executor, ports_.accounts.hash(password, deadline())).get();
  HY_TRY(hash);
  people_.resize(plan_.people.size());
  return run_all(ports_.executor, people_.size(), kWidth, [&](std::size_t i) { return make_person(i, *hash); });
}

async::Task<Result<void>> Seeder::make_person(std::size_t index, std::string hash) {
  const PlannedPerson& person = plan_.people[index];
  auto made = co_await ports_.accounts.create({person.username, person.nickname, std::move(hash)}, deadline());
  if (!made && made.error().code == ErrorCode::already_exists) {
    co_return fail(ErrorCode::already_exists, "the folder was seeded with this --seed before");
  }
  HY_CO_TRY(people_[index], std::move(made));
  co_return Result<void>();
}

Result<void> Seeder::make_rooms() {
  rooms_.resize(plan_.rooms.size());
  return run_all(ports_.executor, rooms_.size(), kWidth, [&](std::size_t i) { return make_room(i); });
}

async::Task<Result<void>> Seeder::make_room(std::size_t index) {
  const PlannedRoom& planned = plan_.rooms[index];
  const UserId owner = id_of(planned.members.front());
  conversation::Membership place;
  if (planned.group) {
    HY_CO_TRY(const ConversationId group, co_await make_group(planned));
    HY_CO_TRY(place, co_await ports_.conversations.membership(group, owner, deadline()));
  } else {
    const UserId other = id_of(planned.members.back());
    HY_CO_TRY(co_await ports_.contacts.befriend(owner, other, deadline()));
    HY_CO_TRY(place, co_await ports_.conversations.open_direct(owner, other, deadline()));
  }
  HY_CO_TRY(const auto standings, co_await ports_.messages.standings(owner, {place}, deadline()));
  rooms_[index] = {place.conversation, standings.front().head};
  co_return Result<void>();
}

// Answers once all lines of the group are in its history.
async::Task<Result<ConversationId>> Seeder::make_group(const PlannedRoom& room) {
  conversation::NewGroup group{id_of(room.members.front()), room.name, {}, shape_.max_members};
  for (const std::size_t member : std::span(room.members).subspan(1)) group.members.push_back(id_of(member));
  const UserId owner = group.owner;
  HY_CO_TRY(auto made, co_await ports_.groups.create(std::move(group), deadline()));
  if (!made.failed.empty()) co_return fail(made.failed.front().code, "a member of a new group was refused");
  conversation::OutboxId line = made.line;
  for (std::size_t i = 1; i <= room.admins; ++i) {
    HY_CO_TRY(const auto raised, co_await ports_.groups.set_role(made.group.id, owner, id_of(room.members[i]),
                                                                 conversation::Role::admin, deadline()));
    line = raised.line;
  }
  HY_CO_TRY(const bool settled, co_await ports_.outbox.settled(line, deadline()));
  if (!settled) co_return fail(ErrorCode::timeout, "the line of a new group is not in its history yet");
  co_return made.group.id;
}

Result<void> Seeder::make_messages() {
  said_.resize(rooms_.size());
  if (shape_.messages == 0) return {};
  Activity activity(shape_, plan_);
  InFlight flight(kCommands);
  std::atomic<std::int64_t> late{0};
  while (counts_.messages < static_cast<std::int64_t>(shape_.messages) && flight.begin()) {
    const Step step = activity.next();
    std::optional<Seq> expected;
    if (const auto* said = std::get_if<Say>(&step.act)) expected = seq_of(step.room, said->number);
    ++(expected ? counts_.messages : counts_.changes);
    ports_.intake.commands.submit(command_of(step), [&, expected](Result<sequencing::Outcome> outcome) {
      if (!outcome && is_late(outcome.error())) {
        ++late;
        return flight.end({});
      }
      if (!outcome) return flight.end(fail(std::move(outcome).error()));
      const bool wrong = expected && outcome->ack.seq != *expected;
      flight.end(wrong ? fail(ErrorCode::conflict, "somebody else writes to this history") : Result<void>());
    });
  }
  HY_TRY(flight.finish());
  said_ = activity.said();
  counts_.late = late;
  counts_.changes -= late;
  return {};
}

sequencing::Command Seeder::command_of(const Step& step) const {
  const ConversationId room = rooms_[step.room].id;
  const auto at = [&](std::int64_t number) { return seq_of(step.room, number); };
  const auto send = [&](const Say& said) {
    sequencing::SendAction action;
    // Unique for a sender over all rooms: the room's own name is part of it.
    action.client_msg_id = fmt::format("seed-{}-{}", room.value, said.number);
    action.content = text_content(said.text);
    if (said.quotes) action.quote = at(*said.quotes);
    if (said.mentions_all || !said.mentions.empty()) {
      v1::Mentions& mentions = action.mentions.emplace();
      mentions.set_all(said.mentions_all);
      for (const std::size_t person : said.mentions) mentions.add_user_ids(id_of(person).value);
    }
    action.hash = message::content_hash(room, action.content, action.quote, action.mentions);
    return sequencing::Action(std::move(action));
  };
  auto action = std::visit(
      Overloaded{
          [&](const Say& said) { return send(said); },
          [&](const Recall& act) { return sequencing::Action(sequencing::RecallAction{.seq = at(act.number)}); },
          [&](const Edit& act) {
            return sequencing::Action(sequencing::EditAction{at(act.number), text_content(act.text)});
          },
          [&](const React& act) { return sequencing::Action(sequencing::ReactAction{at(act.number), act.emoji}); },
          [&](const Pin& act) { return sequencing::Action(sequencing::PinAction{at(act.number)}); }},
      step.act);
  return {room, id_of(step.actor), std::move(action), deadline()};
}

Result<void> Seeder::make_marks() {
  Random random(shape_.seed + 1);
  InFlight flight(kMarks);
  bool open = true;
  for (std::size_t room = 0; room < rooms_.size() && open; ++room) {
    const PlannedRoom& planned = plan_.rooms[room];
    const std::int64_t last = said_[room];
    for (std::size_t i = 0; i < planned.members.size() && last > 0; ++i) {
      const auto part = static_cast<std::int64_t>(random.unit() * static_cast<double>(last));
      const Seq seq = seq_of(room, random.chance(kUpToDate) ? last : part);
      message::Audience audience;
      if (!planned.group) audience.peer = id_of(planned.members[1 - i]);
      open = flight.begin();
      if (!open) break;
      ++counts_.marks;
      ports_.intake.marks.mark(
          {{id_of(planned.members[i]), rooms_[room].id}, message::MarkKind::read, seq, audience},
          [&flight](Result<Seq> done) { flight.end(done ? Result<void>() : fail(std::move(done).error())); });
    }
  }
  return flight.finish();
}

}  // namespace hongyan::app
