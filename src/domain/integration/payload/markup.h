// Slack's markup as plain text. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hongyan::integration::payload {

// Links `<url|text>` as "text (url)", mentions as they read ("@here", "#general"), and the entities &lt; &gt; &amp; as what
// they stand for. Emphasis stays as it is typed.
std::string plain(std::string_view marked);

// The entities alone.
std::string decoded(std::string_view text);

// "text (url)", or one of them alone when the other is empty or the same.
std::string link(std::string_view text, std::string_view url);

// Without control characters but line ends and tabs, and without blanks at either end.
std::string cleaned(std::string_view text);

// At most so many bytes of UTF-8, the last of them an ellipsis when something is left out. `text` is UTF-8.
std::string cut(std::string text, std::size_t max_bytes);

}  // namespace hongyan::integration::payload
