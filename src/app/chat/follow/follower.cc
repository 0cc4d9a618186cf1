#include "app/chat/follow/follower.h"

#include <fmt/format.h>

#include "app/chat/conversations.h"
#include "app/chat/link/pause.h"
#include "app/chat/output.h"

namespace hongyan::chat {
namespace {

constexpr std::int64_t kMaxPage = 100;

}  // namespace

async::Task<Result<void>> Follower::begin() { co_return co_await catch_up(); }

async::Task<Result<void>> Follower::run() {
  for (;;) {
    HY_CO_TRY(const async::Deadline ask_again, co_await listener_.between_pushes());
    auto pulled = caught_up_ == transport_.generation() ? co_await pull_due() : co_await catch_up();
    if (!pulled) {
      if (!is_passing(pulled.error())) co_return pulled;
      listener_.note("trying again: " + describe(pulled.error()));
      co_await sleep(options_.try_again);
      continue;
    }
    // What was asked meanwhile may have made another connection.
    if (caught_up_ != transport_.generation()) continue;
    HY_CO_TRY(auto push, co_await transport_.next_push(std::min(next_pull(), ask_again)));
    if (push) HY_CO_TRY(co_await take(*std::move(push)));
  }
}

async::Task<Result<void>> Follower::catch_up() {
  const std::uint64_t generation = transport_.generation();
  HY_CO_TRY(const auto conversations, co_await list_conversations(transport_, async::deadline_in(options_.timeout)));
  // The connection was replaced meanwhile, perhaps by one to another history: these heads may be of either.
  if (transport_.generation() != generation) co_return Result<void>();

  const bool first = epoch_.empty();
  if (!first && epoch_ != transport_.epoch())
    listener_.note("the server's history was replaced: following from its end");
  const bool from_here = epoch_ != transport_.epoch();
  if (from_here) entries_.clear();
  epoch_ = transport_.epoch();
  caught_up_ = generation;
  listener_.on_conversations(conversations, from_here);
  for (const v1::Conversation& conversation : conversations) {
    Entry& entry = entry_of(conversation.conversation_id(), from_here ? conversation.seq() : 0);
    entry.timeline.note_head(conversation.seq());
    expect(entry, async::Deadline());
  }
  co_return co_await pull_due();
}

async::Task<Result<void>> Follower::pull_due() {
  const auto now = std::chrono::steady_clock::now();
  for (auto& [conversation_id, entry] : entries_) {
    if (entry.pull_at && *entry.pull_at <= now) HY_CO_TRY(co_await fill(conversation_id, entry));
  }
  co_return Result<void>();
}

async::Task<Result<void>> Follower::fill(std::uint64_t conversation_id, Entry& entry) {
  // Ends: every page moves the timeline's end towards its head.
  while (const auto hole = entry.timeline.hole()) {
    auto page = co_await pull(conversation_id, *hole);
    if (!page) {
      if (is_passing(page.error())) co_return std::unexpected(std::move(page).error());
      listener_.note(fmt::format("conversation {}: {}", conversation_id, describe(page.error())));
      page = v1::ListMessagesResponse();
    }
    std::vector<v1::Message> messages;
    if (!entry.timeline.take_page(*hole, *page, messages)) {
      listener_.note(fmt::format("messages {} to {} of conversation {} cannot be had", hole->after + 1, hole->up_to,
                                 conversation_id));
    }
    HY_CO_TRY(co_await tell(std::move(messages)));
  }
  entry.pull_at.reset();
  co_return Result<void>();
}

async::Task<Result<v1::ListMessagesResponse>> Follower::pull(std::uint64_t conversation_id, Timeline::Hole hole) {
  v1::ListMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.set_after(hole.after);
  request.set_limit(static_cast<std::int32_t>(std::min(kMaxPage, hole.up_to - hole.after)));
  co_return co_await call<v1::ListMessagesResponse>(transport_, "message.list", std::move(request),
                                                    async::deadline_in(options_.timeout));
}

async::Task<Result<void>> Follower::take(ServerFrame push) {
  HY_CO_TRY(listener_.on_push(push));
  // What cannot be read is left out: the next message shows the hole.
  if (push.type == "message") {
    v1::MessagePush data;
    if (wire::from_json(push.data, data)) co_return co_await take_message(std::move(data));
  } else if (push.type == "gap") {
    v1::GapPush data;
    if (wire::from_json(push.data, data)) take_gap(data);
  }
  co_return Result<void>();
}

async::Task<Result<void>> Follower::take_message(v1::MessagePush push) {
  Entry& entry = entry_of(push.conversation_id(), options_.skips_the_past ? push.seq() - 1 : 0);
  std::vector<v1::Message> messages;
  entry.timeline.take(std::move(*push.mutable_message()), messages);
  expect(entry, async::deadline_in(options_.hole_patience));
  co_return co_await tell(std::move(messages));
}

void Follower::take_gap(const v1::GapPush& gap) {
  if (gap.all()) caught_up_.reset();
  for (const v1::GapConversation& behind : gap.conversations()) {
    Entry& entry = entry_of(behind.conversation_id(), options_.skips_the_past ? behind.seq() : 0);
    entry.timeline.note_head(behind.seq());
    expect(entry, async::Deadline());
  }
}

async::Task<Result<void>> Follower::tell(std::vector<v1::Message> messages) {
  for (v1::Message& message : messages) HY_CO_TRY(co_await listener_.on_message(std::move(message)));
  co_return Result<void>();
}

Follower::Entry& Follower::entry_of(std::uint64_t conversation_id, std::int64_t last) {
  return entries_.try_emplace(conversation_id, Entry{Timeline(last), std::nullopt}).first->second;
}

void Follower::expect(Entry& entry, async::Deadline pull_at) {
  if (!entry.timeline.hole()) {
    entry.pull_at.reset();
  } else if (!entry.pull_at || pull_at < *entry.pull_at) {
    entry.pull_at = pull_at;
  }
}

async::Deadline Follower::next_pull() const {
  async::Deadline next = async::Deadline::max();
  for (const auto& [conversation_id, entry] : entries_) {
    if (entry.pull_at) next = std::min(next, *entry.pull_at);
  }
  return next;
}

}  // namespace hongyan::chat
