#include "wire/codec/hot_encoder.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/json_codec.h"

namespace hongyan::wire {
namespace {

// Writes one object. Keys are given as they stand on the wire, from the quote to the colon.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) {}

  // Ids of 0 are left out.
  void id(std::string_view key, std::uint64_t value) {
    if (value == 0) return;
    begin(key);
    out_.push_back('"');
    digits(value);
    out_.push_back('"');
  }
  void number(std::string_view key, std::int64_t value) {
    begin(key);
    digits(value);
  }
  void text(std::string_view key, std::string_view value) {
    begin(key);
    append_json_string(value, out_);
  }
  // The value is appended by the caller.
  std::string& begin(std::string_view key) {
    out_.push_back(std::exchange(separator_, ','));
    out_ += key;
    return out_;
  }
  void end() {
    if (separator_ == '{') out_.push_back('{');
    out_.push_back('}');
  }

 private:
  template <class T>
  void digits(T value) {
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  }

  std::string& out_;
  char separator_ = '{';
};

void append(const v1::Content& content, std::string& out) {
  // Kinds that are rare enough, and the one that is not set, go the general way.
  if (content.kind_case() != v1::Content::kText) return append_json(content, out);
  ObjectWriter text(ObjectWriter(out).begin(R"("text":)"));
  text.text(R"("text":)", content.text().text());
  text.end();
  out.push_back('}');
}

void append(const v1::Message& message, std::string& out) {
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

void append(const v1::MessagePush& push, std::string& out) {
  ObjectWriter object(out);
  object.id(R"("conversation_id":)", push.conversation_id());
  object.number(R"("seq":)", push.seq());
  object.number(R"("change":)", push.change());
  if (push.has_message()) append(push.message(), object.begin(R"("message":)"));
  object.end();
}

void append(const v1::ReadPush& push, std::string& out) {
  ObjectWriter object(out);
  object.id(R"("conversation_id":)", push.conversation_id());
  object.id(R"("user_id":)", push.user_id());
  object.number(R"("seq":)", push.seq());
  object.end();
}

void append(const v1::SendResponse& response, std::string& out) {
  ObjectWriter object(out);
  object.id(R"("message_id":)", response.message_id());
  object.number(R"("seq":)", response.seq());
  object.number(R"("time_ms":)", response.time_ms());
  object.end();
}

void append(const v1::MarkReadResponse& response, std::string& out) {
  ObjectWriter object(out);
  object.number(R"("read_seq":)", response.read_seq());
  object.end();
}

void append(const v1::PongFrame& pong, std::string& out) {
  ObjectWriter object(out);
  object.number(R"("time_ms":)", pong.time_ms());
  object.end();
}

template <class T>
bool append_if(const google::protobuf::Message& data, const google::protobuf::Descriptor* type, std::string& out) {
  if (type != T::descriptor()) return false;
  append(static_cast<const T&>(data), out);
  return true;
}

}  // namespace

bool append_hot_json(const google::protobuf::Message& data, std::string& out) {
  const google::protobuf::Descriptor* type = data.GetDescriptor();
  return append_if<v1::MessagePush>(data, type, out) || append_if<v1::SendResponse>(data, type, out) ||
         append_if<v1::ReadPush>(data, type, out) || append_if<v1::MarkReadResponse>(data, type, out) ||
         append_if<v1::PongFrame>(data, type, out);
}

}  // namespace hongyan::wire
