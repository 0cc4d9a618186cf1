// The use cases of reading messages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/message/api.h"
#include "domain/message/ports.h"
#include "domain/message/reading/history.h"
#include "domain/message/reading/receipts.h"
#include "wire/cursor.h"

namespace hongyan::message::reading {

// A page of reactions, the first first. next_cursor is absent on the last page.
struct ReactionsPage {
  std::vector<ReactionEntry> items;
  std::optional<std::string> next_cursor;
};

struct ReactionsRequest {
  Place place;
  std::optional<std::string> emoji;
  std::size_t limit = 50;
  std::string cursor;
};

// A page of receipts by user id, with who is named in it. next_cursor is absent on the last page.
struct ReceiptsPage {
  std::vector<Receipt> items;
  std::vector<account::UserCard> users;
  // Of all pages.
  std::int64_t read = 0;
  std::int64_t members = 0;
  std::optional<std::string> next_cursor;
};

struct ReceiptsRequest {
  Place place;
  std::size_t limit = 50;
  std::string cursor;
};

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it. Everything is of
// what the caller may see. Errors of all: not_found for strangers, unavailable, timeout.
class ReadService final : public Reader {
 public:
  // Of reactions and of receipts.
  static constexpr std::size_t kMaxListPage = 200;

  ReadService(const ServicePorts& ports, const ServiceOptions& options, const wire::CursorSigner& cursors)
      : ports_(ports), options_(options), cursors_(cursors) {}

  async::Task<Result<HistoryPage>> list(UserId user, ConversationId conversation, PageRequest request,
                                        async::Deadline deadline) const;

  // Errors: not_found when there is no such message for the user.
  async::Task<Result<StoredMessage>> get(UserId user, Place place, async::Deadline deadline) const;
  async::Task<Result<v1::Message>> read(UserId user, Place place, async::Deadline deadline) const override;

  async::Task<Result<ChangedPage>> changes(UserId user, ConversationId conversation, ChangesRequest request,
                                           async::Deadline deadline) const;

  // Errors: as get, and invalid_argument for a cursor that is not of this list.
  async::Task<Result<ReactionsPage>> reactions(UserId user, ReactionsRequest request, async::Deadline deadline) const;

  // Errors: not_found when there is no such message for the user, permission_denied when it is not theirs, not_member for
  // former members, invalid_argument for a cursor that is not of this list.
  async::Task<Result<ReceiptsPage>> receipts(UserId user, ReceiptsRequest request, async::Deadline deadline) const;

  async::Task<Result<std::vector<StoredMessage>>> pins(UserId user, ConversationId conversation,
                                                       async::Deadline deadline) const;

 private:
  async::Task<Result<std::vector<Receipt>>> all_receipts(conversation::Membership reader, Seq seq,
                                                         async::Deadline deadline) const;

  const ServicePorts ports_;
  const ServiceOptions options_;
  const wire::CursorSigner& cursors_;
};

}  // namespace hongyan::message::reading
