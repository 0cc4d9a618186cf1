// What the server has, read by somebody who has no past.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/message.pb.h"
#include "simulation/ledger.h"
#include "wire/dispatcher.h"

namespace hongyan::simulation {

// A conversation as the server has it for one person.
struct Story {
  v1::Conversation view;
  // Of a former member: the end of what they may see.
  std::optional<std::int64_t> left_seq;
  std::vector<v1::Message> messages;
  // What they have hidden from themselves, as the disk has it.
  Ledger::Hidden hidden;
  std::set<std::int64_t> pins;
  // Of a group who is in it now, as its members are told.
  std::set<UserId> members;
  // Who has reacted to each message with what, by seq, as the lists of reactions say.
  std::map<std::int64_t, std::set<std::pair<std::string, UserId>>> reactions;
};

// All that one person may see.
struct Truth {
  UserId user;
  std::map<ConversationId, Story> stories;
};

// One request of a user, answered; in the test's own thread.
using Query = std::function<Result<wire::MessagePtr>(UserId user, const std::string& name,
                                                     const google::protobuf::Message& request)>;

// Reads all that the user is listed, and of `all` the rest what a former member may still see. Complains of what is refused.
Truth read_truth(const Query& query, Ledger& ledger, UserId user, const std::vector<ConversationId>& all);

}  // namespace hongyan::simulation
