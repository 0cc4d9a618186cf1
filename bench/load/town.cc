#include "bench/load/town.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace hongyan::bench::load {

Town Town::of_directs(std::vector<protocol::Person> people) {
  Town town(std::move(people));
  std::map<std::uint64_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < town.people_.size(); ++i) {
    for (const protocol::Direct& direct : town.people_[i].directs) members[direct.conversation].push_back(i);
  }
  for (auto& [conversation, pair] : members) {
    if (pair.size() == 2) town.add(conversation, std::move(pair));
  }
  if (town.conversations_.empty()) throw std::runtime_error("no 1:1 has both its people among those who connect");
  town.finish();
  return town;
}

Town Town::of_groups(std::vector<protocol::Person> people, std::size_t size, std::size_t most) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    for (const std::uint64_t group : people[i].groups) members[group].push_back(i);
  }
  std::erase_if(members, [&](const auto& group) { return size != 0 && group.second.size() != size; });
  while (most != 0 && members.size() > most) members.erase(std::prev(members.end()));
  if (members.empty()) throw std::runtime_error("there is no group of this size");

  std::map<std::uint32_t, std::uint32_t> numbers;
  for (const auto& [group, all] : members) {
    for (const std::uint32_t member : all) numbers.try_emplace(member, 0);
  }
  std::vector<protocol::Person> kept;
  for (auto& [before, number] : numbers) {
    number = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(people[before]));
  }
  Town town(std::move(kept));
  for (auto& [group, all] : members) {
    for (std::uint32_t& member : all) member = numbers.at(member);
    town.add(group, std::move(all));
  }
  town.finish();
  return town;
}

void Town::add(std::uint64_t conversation, std::vector<std::uint32_t> members) {
  const std::size_t count = members.size();
  conversations_.push_back({ConversationName(conversation), std::move(members), views_});
  views_ += count;
}

void Town::finish() {
  conversations_of_.resize(people_.size());
  for (std::uint32_t i = 0; i < conversations_.size(); ++i) {
    for (const std::uint32_t member : conversations_[i].members) conversations_of_[member].push_back(i);
  }
  for (std::uint32_t i = 0; i < people_.size(); ++i) {
    if (!conversations_of_[i].empty()) talkers_.push_back(i);
  }
}

std::size_t Town::view_of(const Conversation& conversation, std::uint32_t person) const {
  const auto& members = conversation.members;
  if (members.size() == 2) return conversation.first_view + (members[1] == person ? 1 : 0);
  const auto at = std::ranges::lower_bound(members, person);
  return conversation.first_view + static_cast<std::size_t>(at - members.begin());
}

}  // namespace hongyan::bench::load
