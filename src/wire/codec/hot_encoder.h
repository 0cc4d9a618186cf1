// JSON of the few messages that make nearly all of the traffic, written by hand instead of through reflection.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace hongyan::wire {

// Appends `data` as a JSON object if it is one of: the answers to message.send, conversation.mark_read and ping, and the
// pushes `message` and `read`. The text is the one append_json writes, to the byte. False, and nothing appended, for
// everything else. Thread-safe.
bool append_hot_json(const google::protobuf::Message& data, std::string& out);

}  // namespace hongyan::wire
