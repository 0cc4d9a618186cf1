// Everything the screen shows.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/chat/screen/model/command.h"
#include "app/chat/screen/model/history.h"
#include "app/chat/screen/text/grid.h"
#include "app/chat/screen/text/input_line.h"
#include "app/chat/screen/text/names.h"
#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/contact.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/group.pb.h"

namespace hongyan::chat::screen {

// A message of the user that has not come back as a message of the conversation yet.
struct Outgoing {
  std::string client_msg_id{};
  std::string text{};
  std::int64_t time_ms = 0;
  // Where it stands, once it is accepted.
  std::int64_t seq = 0;
  // Why it was refused, in words; empty when it was not.
  std::string refused{};

  bool is_waiting() const { return seq == 0 && refused.empty(); }
};

// The last row that is seen of a conversation.
struct Anchor {
  // Of the message, or of the outgoing one beyond the history.
  std::int64_t item = 0;
  int row = 0;
};

struct Chat {
  v1::Conversation about;
  History history;
  std::vector<Outgoing> outgoing;
  InputLine input;
  // Nothing: the end is shown, and stays shown.
  std::optional<Anchor> anchor;
  // Rows to go towards the end, or back; done by the next drawing.
  int scroll_by = 0;
  // When it was opened what stands above this seq was new.
  std::optional<std::int64_t> new_after;
  bool is_loading = false;
  bool older_failed = false;
  // Up to where the server was told that messages have arrived.
  std::int64_t delivered_seq = 0;

  bool is_group() const { return about.type() == v1::CONVERSATION_TYPE_GROUP; }
  std::int64_t active_ms() const { return std::max(about.last_message().time_ms(), opened_ms); }
  // When it was opened without having a message.
  std::int64_t opened_ms = 0;
};

enum class Tab : std::uint8_t { chats, friends, groups };
inline constexpr std::size_t kTabs = 3;

// A row of the list on the left.
enum class RowKind : std::uint8_t { heading, chat, request, contact, asked, group };
struct ListRow {
  RowKind kind = RowKind::chat;
  // Of the conversation, the request, the person or the group.
  std::uint64_t id = 0;
  // Of headings.
  std::string text;
};

enum class Link : std::uint8_t { connecting, up, down };

// Value type. Keys (press.h), what the server tells (pushes.h) and its answers (answers.h) change it, the view draws it.
struct State {
  explicit State(v1::Me user) : me(std::move(user)), names(me.user_id()) { names.learn(me.user_id(), me.nickname()); }

  v1::Me me;
  Names names;
  std::map<std::uint64_t, Chat> chats;
  std::vector<v1::Contact> contacts;
  std::vector<v1::ContactRequest> received;
  std::vector<v1::ContactRequest> asked;
  std::vector<v1::Group> groups;

  Tab tab = Tab::chats;
  // Of each tab: what is chosen, and the row where it stood.
  std::array<ListRow, kTabs> chosen{};
  std::array<int, kTabs> chosen_at{};
  std::optional<std::uint64_t> open;
  InputLine ask;
  bool shows_help = false;

  Link link = Link::connecting;
  // What goes wrong in the run just now.
  std::string trouble;
  std::string notice;
  bool notice_is_error = false;
  // The user wants to go; what was written is sent before.
  bool is_leaving = false;

  Size size;
  std::int64_t now_ms = 0;

  std::deque<Command> commands;

  // Puts a command behind the others, unless it is there already.
  void want(Command command);
  void say(std::string text) { notice = std::move(text), notice_is_error = false; }
  void complain(std::string text) { notice = std::move(text), notice_is_error = true; }

  Chat* chat(std::uint64_t id);
  const Chat* chat(std::uint64_t id) const;
  Chat* open_chat() { return open ? chat(*open) : nullptr; }
  const Chat* open_chat() const { return open ? chat(*open) : nullptr; }
  const v1::Group* group(std::uint64_t id) const;
  const v1::ContactRequest* request(std::uint64_t id) const;

  // What a conversation is called.
  std::string title(const Chat& chat) const;
  // Its unread messages, 1 when it is only marked.
  static std::int64_t unread(const Chat& chat);
  // Of all that are not muted.
  std::int64_t total_unread() const;
  // Some message is neither accepted nor refused.
  bool has_unsent() const;

  // The rows of the list.
  std::vector<ListRow> rows() const;
  // Index of the chosen one among them, -1 when nothing can be chosen.
  int chosen_row(const std::vector<ListRow>& rows) const;

  // Shows a conversation, which marks it as read.
  void show_chat(std::uint64_t id);
  // The end of the open conversation is before the user's eyes.
  void mark_seen();
};

}  // namespace hongyan::chat::screen
