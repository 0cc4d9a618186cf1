// Where read and delivered marks are kept: a port of the slice.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "domain/message/types.h"

namespace hongyan::message {

// Number of a change of one user's view of cursors: dense, from 1.
using CursorNo = Strong<struct CursorNoTag, std::int64_t>;

enum class MarkKind { read, delivered };

// How far a user has got in a conversation. 0 everywhere before the first mark.
struct Cursor {
  Seq read;
  // At least `read`: what was read has arrived.
  Seq delivered;
  // The user's number of the last mark that concerns them here: their own and, in a 1:1, the other person's.
  CursorNo number;
  auto operator<=>(const Cursor&) const = default;
};

struct PlacedCursor {
  UserPlace place;
  Cursor cursor;
  auto operator<=>(const PlacedCursor&) const = default;
};

// Durable cursors. Thread-safe. Owned by the message module. Errors as in MessageStore.
class CursorStore {
 public:
  virtual ~CursorStore() = default;

  // The cursor at each place, in order.
  virtual Result<std::vector<Cursor>> cursors(std::span<const UserPlace> places) = 0;

  // The highest number each user has, in order.
  virtual Result<std::vector<CursorNo>> cursor_numbers(std::span<const UserId> users) = 0;

  // Sets the cursors and with them the numbers of their users, all or nothing, durable when it returns. That all of them only
  // rise is the caller's care: there is one writer.
  virtual Result<void> save_cursors(std::span<const PlacedCursor> cursors) = 0;
};

}  // namespace hongyan::message
