#include "simulation/truth.h"

#include <fmt/format.h>

#include "hongyan/v1/group_service.pb.h"

namespace hongyan::simulation {
namespace {

class Reader {
 public:
  Reader(const Query& query, Ledger& ledger, UserId user) : query_(query), ledger_(ledger), user_(user) {}

  std::vector<v1::Conversation> list() {
    std::vector<v1::Conversation> views;
    v1::ListConversationsRequest request;
    do {
      const auto page = ask<v1::ListConversationsResponse>("conversation.list", request);
      views.insert(views.end(), page.items().begin(), page.items().end());
      request.set_cursor(page.next_cursor());
    } while (!request.cursor().empty());
    return views;
  }

  Story read(const v1::Conversation& view) {
    Story story;
    story.view = view;
    const ConversationId conversation(view.conversation_id());
    story.messages = history(conversation);
    v1::ListPinsRequest pins;
    pins.set_conversation_id(conversation.value);
    const auto pinned = ask<v1::ListPinsResponse>("message.pins", pins);
    for (const v1::Message& message : pinned.items()) story.pins.insert(message.seq());
    if (view.type() == v1::CONVERSATION_TYPE_GROUP) story.members = members(conversation);
    for (const v1::Message& message : story.messages) {
      if (message.reactions_size() > 0) story.reactions[message.seq()] = reactions(message);
    }
    return story;
  }

  // Nothing when the user never was a member.
  std::optional<Story> read_rest(ConversationId group) {
    v1::ListMessagesRequest request;
    request.set_conversation_id(group.value);
    request.set_limit(1);
    const auto answer = query_(user_, "message.list", request);
    if (!answer && answer.error().code == ErrorCode::not_found) return std::nullopt;
    if (!answer) refused("message.list", answer.error());
    Story story;
    story.view.set_conversation_id(group.value);
    story.view.set_type(v1::CONVERSATION_TYPE_GROUP);
    if (!answer) return story;
    const v1::Head& head = static_cast<const v1::ListMessagesResponse&>(**answer).head();
    story.view.set_seq(head.seq());
    story.view.set_change(head.change());
    story.left_seq = head.seq();
    story.messages = history(group);
    return story;
  }

 private:
  template <class Response>
  Response ask(const std::string& name, const google::protobuf::Message& request) {
    const auto answer = query_(user_, name, request);
    if (answer) return static_cast<const Response&>(**answer);
    refused(name, answer.error());
    return {};
  }
  void refused(const std::string& name, const Error& error) {
    ledger_.complain(
        fmt::format("{} of user {} was refused: {} {}", name, user_.value, error_name(error.code), error.detail));
  }

  std::vector<v1::Message> history(ConversationId conversation) {
    std::vector<v1::Message> messages;
    v1::ListMessagesRequest request;
    request.set_conversation_id(conversation.value);
    request.set_after(0);
    request.set_limit(100);
    while (true) {
      const auto page = ask<v1::ListMessagesResponse>("message.list", request);
      messages.insert(messages.end(), page.items().begin(), page.items().end());
      if (!page.has_more_after() || page.to_seq() <= request.after()) return messages;
      request.set_after(page.to_seq());
    }
  }

  std::set<UserId> members(ConversationId group) {
    v1::ListMembersRequest request;
    request.set_group_id(group.value);
    std::set<UserId> users;
    const auto listed = ask<v1::ListMembersResponse>("group.members", request);
    for (const v1::Member& member : listed.items()) users.insert(UserId(member.user_id()));
    return users;
  }

  std::set<std::pair<std::string, UserId>> reactions(const v1::Message& message) {
    v1::ListReactionsRequest request;
    request.set_conversation_id(message.conversation_id());
    request.set_seq(message.seq());
    std::set<std::pair<std::string, UserId>> all;
    const auto listed = ask<v1::ListReactionsResponse>("message.reactions", request);
    for (const v1::ReactionItem& item : listed.items()) all.emplace(item.emoji(), UserId(item.user_id()));
    return all;
  }

  const Query& query_;
  Ledger& ledger_;
  const UserId user_;
};

}  // namespace

Truth read_truth(const Query& query, Ledger& ledger, UserId user, const std::vector<ConversationId>& all) {
  Reader reader(query, ledger, user);
  Truth truth{user, {}};
  for (const v1::Conversation& view : reader.list()) {
    truth.stories.emplace(ConversationId(view.conversation_id()), reader.read(view));
  }
  for (const ConversationId group : all) {
    if (truth.stories.contains(group)) continue;
    if (auto story = reader.read_rest(group)) truth.stories.emplace(group, *std::move(story));
  }
  return truth;
}

}  // namespace hongyan::simulation
