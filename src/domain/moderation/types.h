// What the moderation slice keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hongyan/v1/user.pb.h"
#include "infra/text/word_matcher.h"

namespace hongyan::moderation {

using ReportId = Strong<struct ReportIdTag, std::uint64_t>;
using Reason = v1::ReportReason;

// A change of the words that are looked for.
struct WordChange {
  // One that is there already, in any form, gets the new action.
  std::vector<text::Word> add;
  // Those that are not there are not missed.
  std::vector<std::string> remove;
};

// The numbers are stored.
enum class ReportKind : std::uint8_t {
  // Somebody has reported it.
  person = 0,
  // A word was found in it.
  word = 1,
};

// The numbers are stored.
enum class TargetKind : std::uint8_t { user = 0, group = 1, message = 2 };

// What is reported. Value type.
struct Target {
  TargetKind kind = TargetKind::user;
  // Of the user or the conversation.
  std::uint64_t id = 0;
  // Of a message.
  Seq seq;
  bool operator==(const Target&) const = default;
};

// Value type.
struct Report {
  ReportId id = {};
  ReportKind kind = ReportKind::person;
  // 0 for what a word has found.
  UserId reporter = {};
  Target target = {};
  Reason reason = v1::REPORT_REASON_UNSPECIFIED;
  std::string text = {};
  // What was reported, in JSON, as the reporter could see it.
  std::string snapshot = {};
  TimeMs time = {};
  // 0 while it is open.
  TimeMs closed = {};
  bool operator==(const Report&) const = default;
};

// Which reports are asked for, the oldest first.
struct ReportQuery {
  // Those that are closed instead of those that are open.
  bool closed = false;
  ReportId after = {};
  std::size_t limit = 50;
};

}  // namespace hongyan::moderation
