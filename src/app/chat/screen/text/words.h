// Contents, lines of groups, refusals and times in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/chat/screen/text/names.h"
#include "base/error.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::chat::screen {

// Whom a message names, so that their names are known when it is shown.
std::vector<std::uint64_t> named_in(const v1::Message& message);

// What a message says: of a text the text itself, of everything else what it is.
std::string words_of(const v1::Content& content, const Names& names);

// A line of the server's own in words; empty for a code this client does not know.
std::string words_of(const v1::SystemContent& line, const Names& names);

// A message in one row of a list; `with_sender` puts the name in front.
std::string preview_of(const v1::Message& message, const Names& names, bool with_sender);

// Why something was refused, for the person who wanted it: "you are not friends".
std::string refusal(const Error& error);

// "14:02" in local time.
std::string clock_time(std::int64_t time_ms);
// The day in local time: "Today", "Yesterday", "Mon 24 Nov", with the year when it is another one.
std::string day_name(std::int64_t time_ms, std::int64_t now_ms);
// For a list: the time today, "Yesterday", else the day as "24 Nov" or "2025-11-24".
std::string short_time(std::int64_t time_ms, std::int64_t now_ms);
// Whether both are on one day of local time.
bool same_day(std::int64_t one_ms, std::int64_t other_ms);

}  // namespace hongyan::chat::screen
