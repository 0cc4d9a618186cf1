#include "domain/message/commands/words.h"

namespace hongyan::message::commands {
namespace {

text::WordFinding censor_all(const text::WordMatcher& matcher, v1::Content& content) {
  text::WordFinding finding;
  if (content.has_fallback()) finding |= matcher.censor(*content.mutable_fallback());
  switch (content.kind_case()) {
    case v1::Content::kText: finding |= matcher.censor(*content.mutable_text()->mutable_text()); break;
    case v1::Content::kFile: finding |= matcher.censor(*content.mutable_file()->mutable_name()); break;
    case v1::Content::kLocation:
      finding |= matcher.censor(*content.mutable_location()->mutable_name());
      finding |= matcher.censor(*content.mutable_location()->mutable_address());
      break;
    case v1::Content::kMerged:
      finding |= matcher.censor(*content.mutable_merged()->mutable_title());
      for (v1::MergedItem& item : *content.mutable_merged()->mutable_items()) {
        finding |= censor_all(matcher, *item.mutable_content());
      }
      break;
    default: break;
  }
  return finding;
}

}  // namespace

text::WordFinding censor(const text::Words& words, v1::Content& content) {
  const auto matcher = words.matcher();
  return matcher ? censor_all(*matcher, content) : text::WordFinding();
}

bool is_clean(const text::Words& words, const v1::Content& content, std::size_t most) {
  const auto matcher = words.matcher();
  if (!matcher || content.ByteSizeLong() > most) return true;
  return content.has_text() && !content.has_fallback() && !matcher->finds_any(content.text().text());
}

v1::Message found_message(const UserPlace& sender, std::string client_msg_id, v1::Content content) {
  v1::Message message;
  message.set_conversation_id(sender.conversation.value);
  message.set_sender_id(sender.user.value);
  message.set_client_msg_id(std::move(client_msg_id));
  *message.mutable_content() = std::move(content);
  return message;
}

v1::Message with_ack(v1::Message message, const SendAck& ack) {
  message.set_message_id(ack.message.value);
  message.set_seq(ack.seq.value);
  message.set_time_ms(ack.time.value);
  return message;
}

}  // namespace hongyan::message::commands
