#include "app/chat/screen/worker.h"

#include <algorithm>

#include "app/chat/link/pause.h"
#include "app/chat/screen/model/pushes.h"
#include "app/chat/screen/text/text.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::chat::screen {
namespace {

constexpr std::int32_t kMessagesOfPage = 50;
constexpr std::int32_t kItemsOfPage = 200;
// Lists longer than this are nobody's; a server that never ends one does not hold us.
constexpr int kMaxPages = 50;
constexpr std::size_t kNamesAtOnce = 100;

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

}  // namespace

void Worker::on_conversations(const std::vector<v1::Conversation>& all, bool replaced) {
  state_.link = Link::up;
  state_.trouble.clear();
  take_list(state_, all, replaced);
  display_.changed();
}

async::Task<Result<void>> Worker::on_message(v1::Message message) {
  take_message(state_, message);
  display_.changed();
  co_return Result<void>();
}

Result<void> Worker::on_push(const ServerFrame& push) {
  take_push(state_, push);
  display_.changed();
  return {};
}

void Worker::note(std::string_view text) {
  state_.trouble = text;
  display_.changed();
}

async::Task<Result<async::Deadline>> Worker::between_pushes() {
  take_due();
  while (!state_.commands.empty()) {
    Command command = std::move(state_.commands.front());
    state_.commands.pop_front();
    const auto done = co_await run(command);
    if (!done && is_passing(done.error())) {
      waiting_.push_back({async::deadline_in(options_.try_again), std::move(command)});
    } else if (!done) {
      take_failure(state_, command, done.error());
    }
    display_.changed();
  }
  const auto next = std::ranges::min_element(waiting_, {}, &Waiting::until);
  co_return next == waiting_.end() ? async::Deadline::max() : next->until;
}

void Worker::take_due() {
  const auto now = std::chrono::steady_clock::now();
  for (Waiting& waiting : waiting_) {
    if (waiting.until <= now) state_.want(waiting.command);
  }
  std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.until <= now; });
}

async::Task<Result<void>> Worker::run(Command command) {
  if (std::holds_alternative<LoadFriends>(command)) co_return co_await load_friends();
  if (std::holds_alternative<LoadGroups>(command)) co_return co_await load_groups();
  if (std::holds_alternative<LoadNames>(command)) co_return co_await load_names();
  if (const auto* ask = std::get_if<AskFriend>(&command)) co_return co_await ask_friend(*ask);
  if (const auto* answer = std::get_if<AnswerFriend>(&command)) co_return co_await answer_friend(*answer);
  if (const auto* open = std::get_if<OpenWith>(&command)) co_return co_await open_with(open->user);
  co_return co_await run_for_chat(std::move(command));
}

async::Task<Result<void>> Worker::run_for_chat(Command command) {
  if (const auto* newest = std::get_if<LoadNewest>(&command)) co_return co_await load_page(newest->chat, false);
  if (const auto* older = std::get_if<LoadOlder>(&command)) co_return co_await load_page(older->chat, true);
  if (const auto* changes = std::get_if<LoadChanges>(&command)) co_return co_await load_changes(changes->chat);
  if (const auto* one = std::get_if<LoadChat>(&command)) co_return co_await load_chat(one->chat);
  if (const auto* next = std::get_if<SendNext>(&command)) co_return co_await send_waiting(next->chat);
  if (const auto* read = std::get_if<MarkRead>(&command)) co_return co_await mark_read(*read);
  if (const auto* arrived = std::get_if<MarkDelivered>(&command)) co_return co_await mark_delivered(arrived->chat);
  co_return Result<void>();
}

async::Task<Result<void>> Worker::load_page(std::uint64_t chat, bool older) {
  const Chat* const held = state_.chat(chat);
  if (held == nullptr) co_return Result<void>();
  // Dropped meanwhile: the newest page comes first.
  older = older && held->history.is_held();
  v1::ListMessagesRequest request;
  request.set_conversation_id(chat);
  request.set_limit(kMessagesOfPage);
  if (older) request.set_before(held->history.from());
  HY_CO_TRY(const auto page,
            co_await call<v1::ListMessagesResponse>(transport_, "message.list", std::move(request), deadline()));
  older ? take_older(state_, chat, page) : take_newest(state_, chat, page);
  co_return Result<void>();
}

async::Task<Result<void>> Worker::load_changes(std::uint64_t chat) {
  for (int i = 0; i < kMaxPages; ++i) {
    const Chat* const held = state_.chat(chat);
    if (held == nullptr || !held->history.is_held()) break;
    v1::ListChangesRequest request;
    request.set_conversation_id(chat);
    request.set_after(held->history.change());
    request.set_min_seq(held->history.from());
    HY_CO_TRY(const auto changes,
              co_await call<v1::ListChangesResponse>(transport_, "message.changes", std::move(request), deadline()));
    if (take_changes(state_, chat, changes)) break;
  }
  co_return Result<void>();
}

async::Task<Result<void>> Worker::load_chat(std::uint64_t chat) {
  v1::GetConversationRequest request;
  request.set_conversation_id(chat);
  HY_CO_TRY(const auto answer,
            co_await call<v1::GetConversationResponse>(transport_, "conversation.get", std::move(request), deadline()));
  take_conversation(state_, answer.conversation());
  co_return Result<void>();
}

async::Task<Result<void>> Worker::send_waiting(std::uint64_t chat) {
  for (;;) {
    Chat* const held = state_.chat(chat);
    if (held == nullptr) co_return Result<void>();
    const auto first = std::ranges::find_if(held->outgoing, &Outgoing::is_waiting);
    if (first == held->outgoing.end()) co_return Result<void>();
    v1::SendRequest request;
    request.set_conversation_id(chat);
    request.set_client_msg_id(first->client_msg_id);
    request.mutable_content()->mutable_text()->set_text(first->text);
    const std::string id = first->client_msg_id;
    const auto sent = co_await call<v1::SendResponse>(transport_, "message.send", std::move(request), deadline());
    // The outcome is unknown: the same again, before anything later of this conversation.
    if (!sent && is_passing(sent.error())) co_return fail(sent.error());
    if (sent) {
      take_sent(state_, chat, id, *sent);
    } else {
      take_refused(state_, chat, id, sent.error());
    }
    display_.changed();
  }
}

async::Task<Result<void>> Worker::mark_read(MarkRead mark) {
  Chat* const held = state_.chat(mark.chat);
  if (held == nullptr) co_return Result<void>();
  v1::MarkReadRequest request;
  request.set_conversation_id(mark.chat);
  request.set_seq(held->about.seq());
  held->delivered_seq = held->about.seq();
  HY_CO_TRY(co_await call<v1::MarkReadResponse>(transport_, "conversation.mark_read", std::move(request), deadline()));
  if (!mark.was_marked) co_return Result<void>();
  v1::UpdateConversationRequest update;
  update.set_conversation_id(mark.chat);
  update.set_marked_unread(false);
  HY_CO_TRY(
      co_await call<v1::UpdateConversationResponse>(transport_, "conversation.update", std::move(update), deadline()));
  co_return Result<void>();
}

async::Task<Result<void>> Worker::mark_delivered(std::uint64_t chat) {
  Chat* const held = state_.chat(chat);
  if (held == nullptr || held->delivered_seq >= held->about.seq()) co_return Result<void>();
  v1::MarkDeliveredRequest request;
  request.set_conversation_id(chat);
  request.set_seq(held->about.seq());
  const std::int64_t seq = held->about.seq();
  HY_CO_TRY(co_await call<v1::MarkDeliveredResponse>(transport_, "conversation.mark_delivered", std::move(request),
                                                     deadline()));
  if (Chat* const still = state_.chat(chat)) still->delivered_seq = std::max(still->delivered_seq, seq);
  co_return Result<void>();
}

async::Task<Result<void>> Worker::load_friends() {
  Friends friends;
  v1::ListContactsRequest request;
  request.set_limit(kItemsOfPage);
  for (int i = 0; i < kMaxPages; ++i) {
    HY_CO_TRY(auto page, co_await call<v1::ListContactsResponse>(transport_, "contact.list", request, deadline()));
    std::ranges::move(*page.mutable_items(), std::back_inserter(friends.contacts));
    std::ranges::move(*page.mutable_users(), std::back_inserter(friends.users));
    if (page.next_cursor().empty()) break;
    request.set_cursor(page.next_cursor());
  }
  HY_CO_TRY(friends.received, co_await load_requests(v1::CONTACT_REQUEST_DIRECTION_RECEIVED, friends.users));
  HY_CO_TRY(friends.asked, co_await load_requests(v1::CONTACT_REQUEST_DIRECTION_SENT, friends.users));
  take_friends(state_, std::move(friends));
  co_return Result<void>();
}

async::Task<Result<std::vector<v1::ContactRequest>>> Worker::load_requests(v1::ContactRequestDirection direction,
                                                                           std::vector<v1::UserName>& users) {
  std::vector<v1::ContactRequest> requests;
  v1::ListContactRequestsRequest request;
  request.set_direction(direction);
  request.set_limit(kItemsOfPage);
  // Those that wait are among the newest.
  HY_CO_TRY(auto page, co_await call<v1::ListContactRequestsResponse>(transport_, "contact.list_requests",
                                                                      std::move(request), deadline()));
  std::ranges::move(*page.mutable_items(), std::back_inserter(requests));
  std::ranges::move(*page.mutable_users(), std::back_inserter(users));
  co_return requests;
}

async::Task<Result<void>> Worker::load_groups() {
  std::vector<v1::Group> groups;
  v1::ListGroupsRequest request;
  request.set_limit(kItemsOfPage);
  for (int i = 0; i < kMaxPages; ++i) {
    HY_CO_TRY(auto page, co_await call<v1::ListGroupsResponse>(transport_, "group.list", request, deadline()));
    std::ranges::move(*page.mutable_items(), std::back_inserter(groups));
    if (page.next_cursor().empty()) break;
    request.set_cursor(page.next_cursor());
  }
  take_groups(state_, std::move(groups));
  co_return Result<void>();
}

async::Task<Result<void>> Worker::load_names() {
  while (state_.names.has_needed()) {
    v1::BatchUsersRequest request;
    for (const std::uint64_t user : state_.names.take_needed(kNamesAtOnce)) request.add_user_ids(user);
    const auto users = co_await call<v1::BatchUsersResponse>(transport_, "user.batch", request, deadline());
    if (!users) {
      for (const std::uint64_t user : request.user_ids()) state_.names.need(user);
      co_return fail(users.error());
    }
    // Who is gone is called by their number.
    for (const std::uint64_t user : request.user_ids()) state_.names.learn(user, std::to_string(user));
    for (const v1::User& user : users->items()) state_.names.learn(user.user_id(), user.nickname());
  }
  co_return Result<void>();
}

async::Task<Result<void>> Worker::ask_friend(AskFriend ask) {
  v1::SearchUsersRequest search;
  search.set_q(ask.username);
  HY_CO_TRY(const auto found,
            co_await call<v1::SearchUsersResponse>(transport_, "user.search", std::move(search), deadline()));
  const auto user =
      std::ranges::find_if(found.items(), [&](const v1::User& one) { return same_name(one.username(), ask.username); });
  if (user == found.items().end()) {
    state_.complain("Nobody has the username " + one_row(ask.username));
    co_return Result<void>();
  }
  state_.names.learn(user->user_id(), user->nickname());
  v1::RequestContactRequest request;
  request.set_user_id(user->user_id());
  request.set_message(std::move(ask.greeting));
  request.set_source(v1::CONTACT_SOURCE_SEARCH);
  HY_CO_TRY(const auto answer,
            co_await call<v1::RequestContactResponse>(transport_, "contact.request", std::move(request), deadline()));
  const std::string name = state_.names.of(user->user_id());
  state_.say(answer.has_contact() ? name + " is your friend now" : name + " was asked");
  state_.want(LoadFriends{});
  co_return Result<void>();
}

async::Task<Result<void>> Worker::answer_friend(AnswerFriend answer) {
  const v1::ContactRequest* const asked = state_.request(answer.request);
  const std::string name = asked == nullptr ? std::string("They") : state_.names.of(asked->from_user_id());
  if (answer.accept) {
    v1::AcceptContactRequest request;
    request.set_contact_request_id(answer.request);
    HY_CO_TRY(const auto accepted,
              co_await call<v1::AcceptContactResponse>(transport_, "contact.accept", std::move(request), deadline()));
    state_.say(name + " is your friend now");
    if (accepted.conversation_id() != 0) state_.want(LoadChat{accepted.conversation_id()});
  } else {
    v1::RejectContactRequest request;
    request.set_contact_request_id(answer.request);
    HY_CO_TRY(co_await call<v1::RejectContactResponse>(transport_, "contact.reject", std::move(request), deadline()));
    state_.say("The request of " + name + " was rejected");
  }
  state_.want(LoadFriends{});
  co_return Result<void>();
}

async::Task<Result<void>> Worker::open_with(std::uint64_t user) {
  v1::OpenConversationRequest request;
  request.set_user_id(user);
  HY_CO_TRY(const auto opened, co_await call<v1::OpenConversationResponse>(transport_, "conversation.open",
                                                                           std::move(request), deadline()));
  const std::uint64_t id = opened.conversation().conversation_id();
  take_conversation(state_, opened.conversation());
  Chat& chat = state_.chats[id];
  chat.opened_ms = state_.now_ms;
  chat.about.mutable_settings()->set_hidden(false);
  state_.show_chat(id);
  co_return Result<void>();
}

}  // namespace hongyan::chat::screen
