#include "app/chat/output.h"

#include <fmt/format.h>

#include "infra/ws/utf8.h"
#include "wire/frame_codec.h"

namespace hongyan::chat {
namespace {

// Length of the well-formed character at the front of `text`, 0 when there is none.
std::size_t character_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (ws::is_valid_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  char32_t code = lead & (0x7Fu >> character.size());
  for (const char byte : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(byte) & 0x3Fu);
  return code;
}

// What a terminal obeys instead of showing, or what makes shown text say something else.
bool acts_on_terminal(char32_t code) {
  const bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
  const bool separator = code == 0x2028 || code == 0x2029;
  const bool reorders = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return control || separator || reorders;
}

std::string escaped(char32_t code) {
  switch (code) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  const auto number = static_cast<std::uint32_t>(code);
  return code < 0x80 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

// `escape` writes a character that acts, `broken` a byte that is no UTF-8.
template <class Escape, class Broken>
std::string replace_acting(std::string_view text, Escape escape, Broken broken) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      out += broken(static_cast<unsigned char>(text[0]));
    } else if (const char32_t code = code_point(text.substr(0, length)); acts_on_terminal(code)) {
      out += escape(code);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return replace_acting(text, escaped, [](unsigned char byte) { return fmt::format("\\x{:02x}", byte); });
}

std::string printable_json(std::string_view json) {
  // Such characters stand only inside strings, where \u means the same; the codec has escaped those below 0x20.
  return replace_acting(
      json, [](char32_t code) { return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code)); },
      [](unsigned char) { return std::string("\\ufffd"); });
}

std::string describe(const Error& error) {
  std::string text =
      fmt::format("{}: {}", error_name(error.code), error.detail.empty() ? error_text(error.code) : error.detail);
  if (!error.field.empty()) text += fmt::format(" ({})", error.field);
  if (error.retry_after_ms) text += fmt::format(", try again in {} ms", *error.retry_after_ms);
  return text;
}

Result<void> Output::session(const v1::Me& me) {
  if (json_) return json_line("session", me);
  return line(fmt::format("logged in as {} (user_id {})", printable(me.username()), me.user_id()));
}

Result<void> Output::conversation(const v1::Conversation& conversation) {
  if (json_) return json_line("conversation", conversation);
  return line(fmt::format("{}\t{}\t{}", printable(conversation.title()), conversation.unread(),
                          printable(conversation.last_message().content().text().text())));
}

Result<void> Output::sent(std::string_view to, const v1::Message& message) {
  if (json_) return json_line("sent", message);
  return line(fmt::format("sent to {}: seq {}, message_id {}", printable(to), message.seq(), message.message_id()));
}

Result<void> Output::ready(const v1::ReadyFrame& ready) { return json_ ? json_line("ready", ready) : Result<void>(); }

Result<void> Output::message(std::string_view title, std::string_view sender, const v1::Message& message) {
  if (json_) return json_line("message", message);
  return line(fmt::format("[{}] #{} {}: {}", printable(title), message.seq(), printable(sender),
                          printable(message.content().text().text())));
}

Result<void> Output::read(const v1::ReadPush& read) { return json_ ? json_line("read", read) : Result<void>(); }

void Output::note(std::string_view text) { fmt::print(err_, "hongyan chat: {}\n", printable(text)); }

void Output::error(const Error& error) { fmt::print(err_, "hongyan chat: error: {}\n", printable(describe(error))); }

Result<void> Output::json_line(std::string_view type, const google::protobuf::Message& data) {
  return line(printable_json(wire::encode_frame(type, {}, data)));
}

Result<void> Output::line(std::string_view text) {
  const std::string whole = std::string(text) + "\n";
  // Flushed each time: whoever reads the pipe wants the line now.
  const bool written = std::fwrite(whole.data(), 1, whole.size(), out_) == whole.size() && std::fflush(out_) == 0;
  if (!written) return fail(ErrorCode::internal, "standard output cannot be written");
  return {};
}

}  // namespace hongyan::chat
