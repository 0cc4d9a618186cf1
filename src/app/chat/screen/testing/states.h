// People, conversations and messages for tests of the screen.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "app/chat/screen/model/press.h"
#include "app/chat/screen/model/pushes.h"
#include "app/chat/screen/model/state.h"
#include "app/chat/screen/text/text.h"
#include "app/chat/screen/view/view.h"
#include "hongyan/v1/frame.pb.h"
#include "wire/json_codec.h"

namespace hongyan::chat::screen::testing {

// Texts are measured as UTF-8, and days are those of UTC, from the start of the test program on.
inline const bool kIsUtf8 = [] {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  return use_utf8();
}();

inline constexpr std::uint64_t kAlice = 1;
inline constexpr std::uint64_t kBob = 2;
inline constexpr std::uint64_t kCarol = 3;
inline constexpr std::uint64_t kWithBob = 7;
inline constexpr std::uint64_t kTeam = 8;
// 2026-11-29 14:00 UTC.
inline constexpr std::int64_t kNow = 1'795'960'800'000;
inline constexpr std::int64_t kMinute = 60'000;

// Ids of messages that are not random.
class CountingRandom final : public crypto::RandomSource {
 public:
  void fill(std::span<char> out) override { std::ranges::fill(out, static_cast<char>(++last_)); }

 private:
  int last_ = 0;
};

inline v1::Message said(std::uint64_t chat, std::int64_t seq, std::uint64_t by, std::string text,
                        std::int64_t time_ms = kNow) {
  v1::Message message;
  message.set_conversation_id(chat);
  message.set_seq(seq);
  message.set_sender_id(by);
  message.set_time_ms(time_ms);
  message.mutable_content()->mutable_text()->set_text(std::move(text));
  return message;
}

inline v1::Message line(std::uint64_t chat, std::int64_t seq, std::string code,
                        const std::vector<std::pair<std::string, std::string>>& params) {
  v1::Message message;
  message.set_conversation_id(chat);
  message.set_seq(seq);
  message.set_time_ms(kNow);
  message.mutable_content()->mutable_system()->set_code(std::move(code));
  for (const auto& [key, value] : params) (*message.mutable_content()->mutable_system()->mutable_params())[key] = value;
  return message;
}

// A conversation in which the last `unread` of `seq` messages are new.
inline v1::Conversation conversation(std::uint64_t id, v1::ConversationType type, std::string title, std::int64_t seq,
                                     std::int64_t unread) {
  v1::Conversation about;
  about.set_conversation_id(id);
  about.set_type(type);
  about.set_title(std::move(title));
  about.set_seq(seq);
  about.set_read_seq(seq - unread);
  about.set_unread(unread);
  return about;
}

inline v1::Conversation with_bob(std::int64_t seq = 0, std::int64_t unread = 0) {
  v1::Conversation about = conversation(kWithBob, v1::CONVERSATION_TYPE_DIRECT, "Bob", seq, unread);
  about.set_peer_user_id(kBob);
  if (seq > 0) *about.mutable_last_message() = said(kWithBob, seq, kBob, "text " + std::to_string(seq));
  return about;
}

inline v1::Conversation team(std::int64_t seq = 0, std::int64_t unread = 0) {
  v1::Conversation about = conversation(kTeam, v1::CONVERSATION_TYPE_GROUP, "Team 鸿雁", seq, unread);
  about.set_my_role(v1::GROUP_ROLE_MEMBER);
  if (seq > 0) *about.mutable_last_message() = said(kTeam, seq, kCarol, "from Carol", kNow - kMinute);
  return about;
}

// A page with the messages [from, to] of Bob.
inline v1::ListMessagesResponse page(std::int64_t from, std::int64_t to) {
  v1::ListMessagesResponse out;
  for (std::int64_t seq = from; seq <= to; ++seq)
    *out.add_items() = said(kWithBob, seq, kBob, "text " + std::to_string(seq));
  out.set_from_seq(from);
  out.set_to_seq(to);
  out.set_has_more_before(from > 1);
  out.mutable_head()->set_seq(to);
  return out;
}

// Alice's screen, with nothing on it yet.
inline State screen_of_alice(Size size = {80, 24}) {
  v1::Me me;
  me.set_user_id(kAlice);
  me.set_username("alice");
  me.set_nickname("Alice");
  State state(me);
  state.names.learn(kCarol, "Carol");
  state.size = size;
  state.now_ms = kNow;
  state.link = Link::up;
  return state;
}

inline void push(State& state, std::string type, const google::protobuf::Message& data) {
  take_push(state, {std::move(type), {}, wire::to_json(data), std::nullopt});
}

// All rows of the screen, one a line.
inline std::string drawn(const Frame& frame) {
  std::string text;
  for (int row = 0; row < frame.grid.size().rows; ++row) text += frame.grid.row_text(row) + "\n";
  return text;
}

// Draws as the screen does, with what follows from it.
inline std::string shown(State& state) {
  const Frame frame = draw(state);
  settle(state, frame);
  return drawn(frame);
}

template <class C>
bool wants(const State& state, const C& command) {
  return std::ranges::find(state.commands, Command(command)) != state.commands.end();
}

}  // namespace hongyan::chat::screen::testing
