// A server in memory, and a line to it that loses, repeats and reorders pushes as a test wants.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/chat/transport.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::chat::testing {

// Owned by a test, used on its thread. When all events are used up, the session ends with token_revoked.
class FakeTransport final : public Transport {
 public:
  static constexpr std::int32_t kPageOfServer = 7;

  // Commits a message; nobody is told.
  v1::Message commit(std::uint64_t conversation_id) {
    auto& history = histories_[conversation_id];
    v1::Message message;
    message.set_message_id(++last_message_id_);
    message.set_conversation_id(conversation_id);
    message.set_seq(static_cast<std::int64_t>(history.size()) + 1);
    message.set_sender_id(2);
    message.mutable_content()->mutable_text()->set_text("text " + std::to_string(message.seq()));
    history.push_back(message);
    return message;
  }
  void push(const v1::Message& message) {
    v1::MessagePush data;
    data.set_conversation_id(message.conversation_id());
    data.set_seq(message.seq());
    *data.mutable_message() = message;
    push("message", data);
  }
  void push(std::string type, const google::protobuf::Message& data) {
    events_.push_back({ServerFrame{std::move(type), {}, wire::to_json(data), std::nullopt}, false, {}});
  }
  // The connection is replaced.
  void reconnect(std::string epoch = {}) { events_.push_back({{}, true, std::move(epoch)}); }
  // The next request of this type is answered so.
  void refuse(std::string type, Error error) { refusals_.emplace_back(std::move(type), std::move(error)); }
  // The next request of this type that is not refused is answered so.
  void answer(std::string type, const google::protobuf::Message& data) {
    answers_.emplace_back(std::move(type), wire::to_json(data));
  }
  // The connection is replaced within the next request of this type.
  void reconnect_within(std::string type) { reconnects_within_ = std::move(type); }
  void erase_histories() { histories_.clear(); }

  // Requests so far, for example "message.list 7 after 3 limit 2".
  const std::vector<std::string>& requests() const { return requests_; }

  async::Task<Result<std::string>> request(std::string type, MessagePtr data, async::Deadline) override {
    requests_.push_back(type);
    if (reconnects_within_ == type) {
      reconnects_within_.clear();
      ++generation_;
    }
    const auto refusal = std::ranges::find(refusals_, type, &std::pair<std::string, Error>::first);
    if (refusal != refusals_.end()) {
      Error error = std::move(refusal->second);
      refusals_.erase(refusal);
      co_return fail(std::move(error));
    }
    const auto answer = std::ranges::find(answers_, type, &std::pair<std::string, std::string>::first);
    if (answer != answers_.end()) {
      std::string json = std::move(answer->second);
      answers_.erase(answer);
      co_return json;
    }
    if (type == "conversation.list") co_return list();
    if (type == "message.list") co_return page(static_cast<const v1::ListMessagesRequest&>(*data));
    if (type == "conversation.get") co_return get(static_cast<const v1::GetConversationRequest&>(*data));
    if (type == "user.get") co_return get(static_cast<const v1::GetUserRequest&>(*data));
    co_return fail(ErrorCode::unimplemented, type);
  }

  async::Task<Result<std::optional<ServerFrame>>> next_push(async::Deadline until) override {
    if (events_.empty() && until != async::Deadline::max()) co_return std::nullopt;
    if (events_.empty()) co_return fail(ErrorCode::token_revoked, "the script has ended");
    Event event = std::move(events_.front());
    events_.pop_front();
    if (!event.is_reconnect) co_return std::move(event.push);
    ++generation_;
    if (!event.epoch.empty()) epoch_ = event.epoch;
    co_return std::nullopt;
  }

  void interrupt() override {}
  std::uint64_t generation() const override { return generation_; }
  const std::string& epoch() const override { return epoch_; }

 private:
  struct Event {
    ServerFrame push;
    bool is_reconnect = false;
    std::string epoch;
  };

  v1::Conversation conversation(std::uint64_t id) const {
    v1::Conversation out;
    out.set_conversation_id(id);
    out.set_title("Bob");
    out.set_peer_user_id(2);
    const auto history = histories_.find(id);
    if (history != histories_.end()) out.set_seq(static_cast<std::int64_t>(history->second.size()));
    return out;
  }
  std::string list() const {
    v1::ListConversationsResponse out;
    for (const auto& [id, history] : histories_) *out.add_items() = conversation(id);
    return wire::to_json(out);
  }
  std::string get(const v1::GetConversationRequest& request) const {
    v1::GetConversationResponse out;
    *out.mutable_conversation() = conversation(request.conversation_id());
    return wire::to_json(out);
  }
  static std::string get(const v1::GetUserRequest& request) {
    v1::GetUserResponse out;
    out.mutable_user()->set_nickname("user " + std::to_string(request.user_id()));
    return wire::to_json(out);
  }
  std::string page(const v1::ListMessagesRequest& request) {
    requests_.back() += " " + std::to_string(request.conversation_id()) + " after " + std::to_string(request.after()) +
                        " limit " + std::to_string(request.limit());
    const auto& history = histories_[request.conversation_id()];
    const auto head = static_cast<std::int64_t>(history.size());
    v1::ListMessagesResponse out;
    out.set_from_seq(request.after() + 1);
    out.set_to_seq(std::min(head, request.after() + std::min(request.limit(), kPageOfServer)));
    for (std::int64_t seq = out.from_seq(); seq <= out.to_seq(); ++seq) {
      *out.add_items() = history[static_cast<std::size_t>(seq) - 1];
    }
    return wire::to_json(out);
  }

  std::map<std::uint64_t, std::vector<v1::Message>> histories_;
  std::uint64_t last_message_id_ = 0;
  std::deque<Event> events_;
  std::vector<std::pair<std::string, Error>> refusals_;
  std::vector<std::pair<std::string, std::string>> answers_;
  std::string reconnects_within_;
  std::vector<std::string> requests_;
  std::uint64_t generation_ = 1;
  std::string epoch_ = "e1";
};

}  // namespace hongyan::chat::testing
