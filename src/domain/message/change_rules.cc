// The rules of rules.h about who may change which message.
#include <simdjson.h>

#include <algorithm>

#include "base/numbers.h"
#include "domain/message/rules.h"

namespace hongyan::message {
namespace {

constexpr std::size_t kMaxEmojiBytes = 32;

// Roles mean something where there can be more than two.
bool has_roles(conversation::Type type) {
  return type != conversation::Type::direct && type != conversation::Type::self;
}

bool is_moderator(const Actor& actor) { return has_roles(actor.type) && actor.role >= conversation::Role::admin; }

bool passed(TimeMs since, TimeMs now, std::chrono::milliseconds window) {
  return now.value - since.value > window.count();
}

bool is_system_line(const StoredMessage& message) { return !message.sender; }

// What nobody does to a message that is gone or was nobody's.
Result<void> check_alive(const StoredMessage& message, const char* field) {
  if (is_system_line(message)) return fail(Error::invalid(field, "a system line"));
  if (message.recalled) return fail(ErrorCode::message_recalled);
  return {};
}

// C0 and DEL as bytes, C1 (U+0080 to U+009F) as it is in UTF-8.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// The front of a text, cut between characters.
std::string_view cut(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins_character && characters-- == 0) break;
  }
  return text.substr(0, at);
}

}  // namespace

bool stops_changes(const Error& refusal) {
  return refusal.code != ErrorCode::muted && refusal.code != ErrorCode::all_muted;
}

Result<void> may_recall(const StoredMessage& message, const Actor& actor, conversation::Role sender_role, TimeMs now,
                        const Windows& windows) {
  if (is_system_line(message)) return fail(ErrorCode::permission_denied, "a system line");
  if (message.sender != actor.user) {
    if (is_moderator(actor) && actor.role > sender_role) return {};
    return fail(ErrorCode::permission_denied, "somebody else's message");
  }
  if (message.recalled) return {};
  if (passed(message.time, now, windows.recall)) return fail(ErrorCode::recall_window_passed);
  return {};
}

Result<void> may_edit(const StoredMessage& message, const Actor& actor, TimeMs now, const Windows& windows) {
  if (message.sender != actor.user) return fail(ErrorCode::permission_denied, "somebody else's message");
  if (message.recalled) return fail(ErrorCode::message_recalled);
  if (!message.content.has_text()) return fail(Error::invalid("content", "only text can be edited"));
  if (passed(message.time, now, windows.edit)) return fail(ErrorCode::edit_window_passed);
  return {};
}

Result<void> may_pin(const StoredMessage& message, const Actor& actor) {
  if (has_roles(actor.type) && !is_moderator(actor)) return fail(ErrorCode::permission_denied, "only admins pin");
  return check_alive(message, "seq");
}

Result<void> may_react(const StoredMessage& message) { return check_alive(message, "seq"); }

Result<void> may_quote(const StoredMessage& message) { return check_alive(message, "quote_seq"); }

Result<void> may_mention_all(const Actor& actor) {
  if (!is_moderator(actor)) return fail(ErrorCode::permission_denied, "only admins of a group mention all");
  return {};
}

bool line_names_all(const v1::Content& content) {
  const auto& params = content.system().params();
  const auto wish = params.find("notify_all");
  return content.system().code() == "notice_changed" && wish != params.end() && wish->second == "true";
}

UserId speaker_of(const StoredMessage& message) {
  if (!line_names_all(message.content)) return message.sender;
  const auto& params = message.content.system().params();
  const auto by = params.find("by");
  return UserId(by == params.end() ? 0 : number_from<std::uint64_t>(by->second).value_or(0));
}

Result<void> check_emoji(std::string_view emoji) {
  if (emoji.empty() || emoji.size() > kMaxEmojiBytes) return fail(Error::invalid("emoji", "not 1 to 32 bytes"));
  if (!simdjson::validate_utf8(emoji.data(), emoji.size())) return fail(Error::invalid("emoji", "not UTF-8"));
  if (has_control_character(emoji)) return fail(Error::invalid("emoji", "a control character"));
  return {};
}

v1::Quote quote_of(const StoredMessage& message) {
  v1::Quote quote;
  quote.set_seq(message.seq.value);
  quote.set_sender_id(message.sender.value);
  *quote.mutable_content() = message.content;
  if (message.content.has_text()) {
    const std::string_view text = message.content.text().text();
    quote.mutable_content()->mutable_text()->set_text(std::string(cut(text, kMaxQuoteCharacters)));
  } else if (message.content.has_merged()) {
    quote.mutable_content()->mutable_merged()->clear_items();
  }
  return quote;
}

std::vector<std::string> mine_of(const StoredMessage& message, UserId user) {
  std::vector<std::string> mine;
  for (const Reaction& reaction : message.reactions) {
    if (std::ranges::find(reaction.reactors, user, &Reactor::user) != reaction.reactors.end()) {
      mine.push_back(reaction.emoji);
    }
  }
  return mine;
}

}  // namespace hongyan::message
