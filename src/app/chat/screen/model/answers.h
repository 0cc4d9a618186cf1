// What the server answers to the screen's commands, put into the state.
#pragma once

#include <cstdint>
#include <vector>

#include "app/chat/screen/model/state.h"
#include "base/error.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::chat::screen {

void take_newest(State& state, std::uint64_t chat, const v1::ListMessagesResponse& page);
void take_older(State& state, std::uint64_t chat, const v1::ListMessagesResponse& page);
// Changed messages; false when there are more to ask for.
[[nodiscard]] bool take_changes(State& state, std::uint64_t chat, const v1::ListChangesResponse& changes);

// The message with this client_msg_id stands at `seq`, or will never stand anywhere.
void take_sent(State& state, std::uint64_t chat, const std::string& client_msg_id, const v1::SendResponse& sent);
void take_refused(State& state, std::uint64_t chat, const std::string& client_msg_id, const Error& why);

// The lists of friends, whole.
struct Friends {
  std::vector<v1::Contact> contacts;
  std::vector<v1::ContactRequest> received;
  std::vector<v1::ContactRequest> asked;
  std::vector<v1::UserName> users;
};
void take_friends(State& state, Friends friends);
void take_groups(State& state, std::vector<v1::Group> groups);

// A command failed for good.
void take_failure(State& state, const Command& command, const Error& why);

}  // namespace hongyan::chat::screen
