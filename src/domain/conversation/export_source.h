// In which conversations people are and were, for their copy of it.
#pragma once

#include "domain/account/api.h"
#include "domain/conversation/api.h"

namespace hongyan::conversation {

// By id. Thread-safe. Owned by Module; its collaborators must outlive it.
class ExportSource final : public account::ExportSource {
 public:
  // Conversations of one part.
  static constexpr std::size_t kAtOnce = 200;

  ExportSource(Api& conversations, SettingsStore& settings) : conversations_(conversations), settings_(settings) {}

  async::Task<Result<account::ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  Api& conversations_;
  SettingsStore& settings_;
};

}  // namespace hongyan::conversation
