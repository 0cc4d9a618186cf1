// Names and messages made of word lists, in Chinese and English, as long as people's are.
#pragma once

#include <cstdint>
#include <string>

#include "app/seed/random.h"

namespace hongyan::app {

enum class Language : std::uint8_t { chinese, english };

// A nickname, not unique.
std::string made_nickname(Random& random, Language language);
// What a group is called.
std::string made_group_name(Random& random, Language language);
// What somebody writes: mostly a few words, sometimes a paragraph.
std::string made_text(Random& random, Language language);
// One of the few emojis that people react with.
std::string made_reaction(Random& random);

}  // namespace hongyan::app
