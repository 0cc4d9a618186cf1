// Whom people know, for their copy of it.
#pragma once

#include "base/clock.h"
#include "domain/account/api.h"
#include "domain/contact/store.h"

namespace hongyan::contact {

// Contacts, requests received and sent, blocks. Thread-safe. Owned by Module; its collaborators must outlive it.
class ExportSource final : public account::ExportSource {
 public:
  // Of one part.
  static constexpr std::size_t kAtOnce = 100;

  ExportSource(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  async::Task<Result<account::ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  async::Task<Result<account::ExportPart>> contacts(UserId user, std::string after, async::Deadline deadline);
  async::Task<Result<account::ExportPart>> requests(UserId user, Direction direction, std::string after,
                                                    async::Deadline deadline);
  async::Task<Result<account::ExportPart>> blocked(UserId user, std::string after, async::Deadline deadline);

  Store& store_;
  const Clock& clock_;
};

}  // namespace hongyan::contact
