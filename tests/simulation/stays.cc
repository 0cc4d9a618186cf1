#include "simulation/stays.h"

#include <sstream>
#include <string>

namespace hongyan::simulation {

std::set<UserId> named_in(const v1::Message& line) {
  const auto& params = line.content().system().params();
  auto found = params.find("user_ids");
  if (found == params.end()) found = params.find("user_id");
  std::set<UserId> users;
  if (found == params.end()) return users;
  std::istringstream ids(found->second);
  for (std::string id; std::getline(ids, id, ',');) users.insert(UserId(std::stoull(id)));
  return users;
}

std::vector<Stay> stays_of(UserId user, const std::vector<v1::Message>& history) {
  std::vector<Stay> stays;
  for (const v1::Message& line : history) {
    if (!line.content().has_system() || !named_in(line).contains(user)) continue;
    const std::string& code = line.content().system().code();
    const bool inside = !stays.empty() && stays.back().left_seq == Stay::kOpen;
    if (!inside && (code == "group_created" || code == "member_added")) stays.push_back({line.seq()});
    if (inside && (code == "member_removed" || code == "member_left")) stays.back().left_seq = line.seq();
  }
  return stays;
}

}  // namespace hongyan::simulation
