// Who is connected, and which conversations there are among them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/load/wire/requests.h"
#include "bench/protocol/people.h"

namespace hongyan::bench::load {

// People are numbers into the town's list of them.
struct Conversation {
  ConversationName name;
  // Ascending; only those who are connected.
  std::vector<std::uint32_t> members;
  // The first of the members' views, for SeqChecker.
  std::size_t first_view = 0;
};

// Immutable once made. Owned by the scenario, used on its thread.
class Town {
 public:
  // 1:1s of which both are among these people; throws when there is none.
  static Town of_directs(std::vector<protocol::Person> people);
  // Groups, of whose members these people are: all of exactly `size` members, or of any size when that is 0; at most `most`
  // groups. Who is in none of them is left out. Throws when there is no such group.
  static Town of_groups(std::vector<protocol::Person> people, std::size_t size, std::size_t most);

  const std::vector<protocol::Person>& people() const { return people_; }
  const std::vector<Conversation>& conversations() const { return conversations_; }
  // Of one of the people, as numbers into conversations().
  const std::vector<std::uint32_t>& conversations_of(std::uint32_t person) const { return conversations_of_[person]; }
  // Those who are in a conversation at all.
  const std::vector<std::uint32_t>& talkers() const { return talkers_; }

  std::size_t views() const { return views_; }
  // Of somebody who is a member.
  std::size_t view_of(const Conversation& conversation, std::uint32_t person) const;

 private:
  explicit Town(std::vector<protocol::Person> people) : people_(std::move(people)) {}

  // Members below are numbers into people_.
  void add(std::uint64_t conversation, std::vector<std::uint32_t> members);
  void finish();

  std::vector<protocol::Person> people_;
  std::vector<Conversation> conversations_;
  std::vector<std::vector<std::uint32_t>> conversations_of_;
  std::vector<std::uint32_t> talkers_;
  std::size_t views_ = 0;
};

}  // namespace hongyan::bench::load
