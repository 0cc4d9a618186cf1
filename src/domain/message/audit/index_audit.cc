#include "domain/message/audit/index_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace hongyan::message {
namespace {

std::string text_of(const UserSeq& message) {
  return fmt::format("user {}, conversation {}, message {}", message.place.user.value, message.place.conversation.value,
                     message.seq.value);
}

}  // namespace

Result<std::int64_t> IndexAudit::run() {
  HY_TRY(every_page([this](std::string_view after) { return inventory_.keys(after); },
                    [this](const auto& items) { return check_keys(items); }));
  HY_TRY(every_page([this](std::string_view after) { return inventory_.own(after); },
                    [this](const auto& items) { return check_own(items); }));
  HY_TRY(every_page([this](std::string_view after) { return inventory_.mentions(after); },
                    [this](const auto& items) { return check_mentions(items); }));
  HY_TRY(every_page([this](std::string_view after) { return inventory_.hidden(after); },
                    [this](const auto& items) { return check_hidden(items); }));
  std::int64_t bounds = 0;
  HY_TRY(every_page([this](std::string_view after) { return inventory_.bounds(after); },
                    [&bounds](const auto& items) {
                      bounds += static_cast<std::int64_t>(items.size());
                      return Result<void>();
                    }));
  HY_TRY(every_page([this](std::string_view after) { return inventory_.cursors(after); },
                    [this](const auto& items) { return check_cursors(items); }));
  HY_TRY(every_page([this](std::string_view after) { return inventory_.numbers(after); },
                    [this](const auto& items) { return check_numbers(items); }));
  for (const auto& [user, number] : newest_) {
    problem(fmt::format("user {}: marks up to number {}, but no newest number", user.value, number.value));
  }
  check_count("own index", own_rows_, counts_.countable);
  check_count("mentions", mention_rows_, counts_.mentions);
  check_count("bounds", bounds, counts_.bounds);
  return problems_;
}

Result<void> IndexAudit::check_keys(const std::vector<KeyItem>& items) {
  std::vector<Place> places;
  for (const KeyItem& item : items) places.push_back({item.entry.conversation, item.entry.ack.seq});
  HY_TRY(const auto messages, store_.find(places));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& [key, entry] = items[i];
    const auto wrong = [&](const char* what) {
      problem(fmt::format("key {} of user {}: {}", key.client_msg_id, key.sender.value, what));
    };
    if (!messages[i]) {
      HY_TRY(const Head head, head_of(entry.conversation));
      // Keys are for good, messages below the floor are gone.
      if (entry.ack.seq >= head.floor) wrong("leads to no message");
    } else if (messages[i]->sender != key.sender || messages[i]->client_msg_id != key.client_msg_id) {
      wrong("leads to another message");
    }
  }
  return {};
}

Result<void> IndexAudit::check_own(const std::vector<OwnItem>& items) {
  std::vector<Place> places;
  for (const OwnItem& item : items) places.push_back(item.place);
  HY_TRY(const auto messages, store_.find(places));
  for (std::size_t i = 0; i < items.size(); ++i) {
    ++own_rows_;
    const OwnItem& item = items[i];
    if (!messages[i] || messages[i]->sender != item.sender || messages[i]->own_ordinal != item.own) {
      problem(fmt::format("conversation {}: message {}: its place in its sender's own index is another one",
                          item.place.conversation.value, item.place.seq.value));
    }
  }
  return {};
}

Result<void> IndexAudit::check_mentions(const std::vector<UserSeq>& items) {
  HY_TRY(const Messages messages, messages_of(items));
  for (std::size_t i = 0; i < items.size(); ++i) {
    ++mention_rows_;
    const bool named = messages[i] && messages[i]->mentions &&
                       std::ranges::count(messages[i]->mentions->user_ids(), items[i].place.user.value) > 0;
    if (!named) problem("mention of " + text_of(items[i]) + ": the message does not name them");
  }
  return {};
}

Result<void> IndexAudit::check_hidden(const std::vector<UserSeq>& items) {
  HY_TRY(const Messages messages, messages_of(items));
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!messages[i]) problem("hidden: " + text_of(items[i]) + ": there is no such message");
  }
  return {};
}

Result<void> IndexAudit::check_cursors(const std::vector<PlacedCursor>& items) {
  for (const auto& [place, cursor] : items) {
    HY_TRY(const Head head, head_of(place.conversation));
    const auto wrong = [&, where = place](const char* what) {
      problem(
          fmt::format("cursor of user {} in conversation {}: {}", where.user.value, where.conversation.value, what));
    };
    if (cursor.read > head.seq || cursor.delivered > head.seq) wrong("above the head");
    if (cursor.read > cursor.delivered) wrong("read, but not delivered");
    CursorNo& newest = newest_[place.user];
    newest = std::max(newest, cursor.number);
  }
  return {};
}

Result<void> IndexAudit::check_numbers(const std::vector<NumberItem>& items) {
  for (const NumberItem& item : items) {
    const auto found = newest_.extract(item.user);
    const CursorNo newest = found.empty() ? CursorNo(0) : found.mapped();
    if (item.number != newest) {
      problem(fmt::format("user {}: the newest number of marks is {}, that of the marks {}", item.user.value,
                          item.number.value, newest.value));
    }
  }
  return {};
}

Result<IndexAudit::Messages> IndexAudit::messages_of(const std::vector<UserSeq>& items) {
  std::vector<Place> places;
  for (const UserSeq& item : items) places.push_back({item.place.conversation, item.seq});
  return store_.find(places);
}

Result<Head> IndexAudit::head_of(ConversationId conversation) {
  if (const auto known = heads_.find(conversation); known != heads_.end()) return known->second;
  HY_TRY(const auto heads, store_.heads(std::span(&conversation, 1)));
  return heads_.emplace(conversation, heads.front()).first->second;
}

void IndexAudit::check_count(const char* what, std::int64_t rows, std::int64_t expected) {
  if (rows != expected) problem(fmt::format("{}: {} rows, but the messages make {}", what, rows, expected));
}

void IndexAudit::problem(const std::string& what) {
  ++problems_;
  report_(what);
}

}  // namespace hongyan::message
