// What the run prints: answers on standard output, everything about the run itself on standard error.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "app/chat/notes.h"
#include "base/result.h"
#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::chat {

// `text` as one line that does nothing to a terminal: control characters (C0, DEL, C1), line separators and marks that
// reorder text become visible escapes such as \x1b, \n or \u202e, bytes that are no UTF-8 become \xNN.
std::string printable(std::string_view text);

// The same for a line of JSON, which stays the same document: what JSON allows raw and terminals obey becomes \uNNNN.
std::string printable_json(std::string_view json);

// "not_found: nobody is called bob" for people.
std::string describe(const Error& error);

// Writes lines, each at once. With `json` every line on `out` is an object {"type", "data"}, as the protocol has it.
// Lives as long as the run, one thread. The methods that write to `out` fail with internal when it cannot be written.
class Output final : public Notes {
 public:
  Output(bool json, std::FILE* out, std::FILE* err) : json_(json), out_(out), err_(err) {}

  bool is_json() const { return json_; }

  // "session": whose session it is.
  Result<void> session(const v1::Me& me);
  // "conversation": title, unread, text of the last message, separated by tabs.
  Result<void> conversation(const v1::Conversation& conversation);
  // "sent": the message as it was accepted.
  Result<void> sent(std::string_view to, const v1::Message& message);
  // "ready", JSON only: pushes are followed from here on.
  Result<void> ready(const v1::ReadyFrame& ready);
  // "message": `title` of the conversation and the name of the sender are for people only.
  Result<void> message(std::string_view title, std::string_view sender, const v1::Message& message);
  // "read", JSON only: somebody's read mark has moved.
  Result<void> read(const v1::ReadPush& read);

  // About the run.
  void note(std::string_view text) override;
  void connection_lost(std::string_view why) override { note("connection lost (" + std::string(why) + ")"); }
  void connection_back() override { note("connected again"); }
  void error(const Error& error);

 private:
  Result<void> line(std::string_view text);
  Result<void> json_line(std::string_view type, const google::protobuf::Message& data);

  const bool json_;
  std::FILE* const out_;
  std::FILE* const err_;
};

}  // namespace hongyan::chat
