#include "wire/codec/hot_encoder.h"

#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/json_codec.h"

namespace hongyan::wire {
namespace {

// Gathers short pieces on the stack and gives them to the string in one go.
class Pieces {
 public:
  explicit Pieces(std::string& out) : out_(out) {}
  ~Pieces() { flush(); }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  // Keys are literals and short.
  void add(std::string_view piece) {
    need(piece.size());
    std::memcpy(buffer_ + used_, piece.data(), piece.size());
    used_ += piece.size();
  }
  void add(char c) {
    need(1);
    buffer_[used_++] = c;
  }
  template <class T>
  void digits(T value) {
    constexpr std::size_t kMost = 20;
    need(kMost);
    used_ = static_cast<std::size_t>(std::to_chars(buffer_ + used_, buffer_ + used_ + kMost, value).ptr - buffer_);
  }
  // The string, for what is written in other ways.
  std::string& flush() {
    out_.append(buffer_, used_);
    used_ = 0;
    return out_;
  }

 private:
  void need(std::size_t bytes) {
    if (used_ + bytes > sizeof buffer_) flush();
  }

  std::string& out_;
  std::size_t used_ = 0;
  char buffer_[512];
};

// Writes one object. Keys are given as they stand on the wire, from the quote to the colon.
class ObjectWriter {
 public:
  explicit ObjectWriter(Pieces& out) : out_(out) {}

  // Ids of 0 are left out.
  void id(std::string_view key, std::uint64_t value) {
    if (value == 0) return;
    begin(key);
    out_.add('"');
    out_.digits(value);
    out_.add('"');
  }
  void number(std::string_view key, std::int64_t value) { begin(key).digits(value); }
  void flag(std::string_view key, bool value) { begin(key).add(value ? std::string_view("true") : "false"); }
  void text(std::string_view key, std::string_view value) { append_json_string(value, begin(key).flush()); }
  // The value is appended by the caller.
  Pieces& begin(std::string_view key) {
    out_.add(std::exchange(separator_, ','));
    out_.add(key);
    return out_;
  }
  void end() {
    if (separator_ == '{') out_.add('{');
    out_.add('}');
  }

 private:
  Pieces& out_;
  char separator_ = '{';
};

void append(const v1::Content& content, Pieces& out) {
  // Kinds that are rare enough, and the one that is not set, go the general way.
  if (content.kind_case() != v1::Content::kText || content.has_fallback()) return append_json(content, out.flush());
  ObjectWriter text(ObjectWriter(out).begin(R"("text":)"));
  text.text(R"("text":)", content.text().text());
  text.end();
  out.add('}');
}

// What few messages have goes the general way.
bool is_plain(const v1::Message& message) {
  return !message.has_quote() && !message.has_mentions() && !message.has_edited_ms() && !message.has_recalled() &&
         message.reactions().empty() && message.mine().empty() && !message.has_pinned() && !message.has_expires_ms() &&
         !message.has_thread_root_seq();
}

void append(const v1::Message& message, Pieces& out) {
  if (!is_plain(message)) return append_json(message, out.flush());
  ObjectWriter object(out);
  object.id(R"("message_id":)", message.message_id());
  object.id(R"("conversation_id":)", message.conversation_id());
  object.number(R"("seq":)", message.seq());
  object.id(R"("sender_id":)", message.sender_id());
  object.text(R"("client_msg_id":)", message.client_msg_id());
  object.number(R"("time_ms":)", message.time_ms());
  if (message.has_content()) append(message.content(), object.begin(R"("content":)"));
  object.number(R"("change":)", message.change());
  object.end();
}

void append(const v1::MessagePush& push, Pieces& out) {
  if (!push.join().empty() || !push.leave().empty()) return append_json(push, out.flush());
  ObjectWriter object(out);
  object.id(R"("conversation_id":)", push.conversation_id());
  object.number(R"("seq":)", push.seq());
  object.number(R"("change":)", push.change());
  if (push.has_message()) append(push.message(), object.begin(R"("message":)"));
  object.end();
}

void append(const v1::ListMessagesResponse& page, Pieces& out) {
  ObjectWriter object(out);
  object.begin(R"("items":)").add('[');
  for (int i = 0; i < page.items_size(); ++i) {
    if (i > 0) out.add(',');
    append(page.items(i), out);
  }
  out.add(']');
  object.number(R"("from_seq":)", page.from_seq());
  object.number(R"("to_seq":)", page.to_seq());
  object.flag(R"("has_more_before":)", page.has_more_before());
  object.flag(R"("has_more_after":)", page.has_more_after());
  if (page.has_head()) {
    ObjectWriter head(object.begin(R"("head":)"));
    head.number(R"("seq":)", page.head().seq());
    head.number(R"("change":)", page.head().change());
    head.end();
  }
  object.number(R"("floor_seq":)", page.floor_seq());
  object.end();
}

void append(const v1::ReadPush& push, Pieces& out) {
  ObjectWriter object(out);
  object.id(R"("conversation_id":)", push.conversation_id());
  object.id(R"("user_id":)", push.user_id());
  object.number(R"("seq":)", push.seq());
  object.end();
}

void append(const v1::TypingPush& push, Pieces& out) {
  ObjectWriter object(out);
  object.id(R"("conversation_id":)", push.conversation_id());
  object.id(R"("user_id":)", push.user_id());
  object.number(R"("until_ms":)", push.until_ms());
  object.end();
}

void append(const v1::SendResponse& response, Pieces& out) {
  ObjectWriter object(out);
  object.id(R"("message_id":)", response.message_id());
  object.number(R"("seq":)", response.seq());
  object.number(R"("time_ms":)", response.time_ms());
  object.end();
}

void append(const v1::MarkReadResponse& response, Pieces& out) {
  ObjectWriter object(out);
  object.number(R"("read_seq":)", response.read_seq());
  object.end();
}

void append(const v1::PongFrame& pong, Pieces& out) {
  // What a heartbeat asks once in a while goes the general way.
  if (pong.has_user_version() || pong.behind_size() > 0) return append_json(pong, out.flush());
  ObjectWriter object(out);
  object.number(R"("time_ms":)", pong.time_ms());
  object.end();
}

// By the type itself: asking for a descriptor costs as much as encoding an answer.
template <class T>
bool append_if(const google::protobuf::Message& data, std::string& out) {
  const auto* typed = dynamic_cast<const T*>(&data);
  if (typed == nullptr) return false;
  Pieces pieces(out);
  append(*typed, pieces);
  return true;
}

}  // namespace

bool append_hot_json(const google::protobuf::Message& data, std::string& out) {
  return append_if<v1::MessagePush>(data, out) || append_if<v1::SendResponse>(data, out) ||
         append_if<v1::ReadPush>(data, out) || append_if<v1::MarkReadResponse>(data, out) ||
         append_if<v1::ListMessagesResponse>(data, out) || append_if<v1::TypingPush>(data, out) ||
         append_if<v1::PongFrame>(data, out);
}

}  // namespace hongyan::wire
