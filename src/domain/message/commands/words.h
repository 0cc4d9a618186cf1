// Words in what a message says, before it is given to the sequencer.
#pragma once

#include "domain/message/types.h"
#include "infra/text/words.h"

namespace hongyan::message::commands {

// Looks through every text of the content that people read: the text, names of files and places, titles, what is inside a
// merged forward, the fallback. Not what only programs read (custom, encrypted). What is to be masked is, unless something is
// to be blocked.
text::WordFinding censor(const text::Words& words, v1::Content& content);

// Whether the content is known to hold no word, without looking at more than the text of a message. What is larger than `most`
// bytes is refused without being read, so it counts as clean.
bool is_clean(const text::Words& words, const v1::Content& content, std::size_t most);

// The message that a word has found, as it is to be stored; message_id, seq and time_ms come with its ack.
v1::Message found_message(const UserPlace& sender, std::string client_msg_id, v1::Content content);
v1::Message with_ack(v1::Message message, const SendAck& ack);

}  // namespace hongyan::message::commands
