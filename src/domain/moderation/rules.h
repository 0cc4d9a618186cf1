// Pure rules of moderation: no I/O, no clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/result.h"
#include "domain/moderation/types.h"

namespace hongyan::moderation {

// Characters of what is written with a report.
inline constexpr std::size_t kMaxReportText = 500;
inline constexpr std::chrono::milliseconds kReportDay = std::chrono::hours(24);

// Exactly one kind, with its ids. Errors: invalid_argument naming the field.
Result<Target> target_of(const v1::ReportTarget& target);
v1::ReportTarget to_proto(const Target& target);

// Each added word has a form. Errors: invalid_argument naming `word`.
Result<void> check_words(const WordChange& change);

// The key of a word: the same for all that have its form. Nothing has none.
std::string word_hash(std::u32string_view form);

// Names what a report says: who reports what. Of what a word has found, `change` tells the states of a message apart.
std::string repeat_hash(const Report& report, ChangeNo change);

}  // namespace hongyan::moderation
