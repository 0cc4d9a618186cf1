// Everything a store holds, page by page, for what looks through all of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/store.h"
#include "domain/message/types.h"

namespace hongyan::message {

// Some items in the order of their keys, and where to go on; empty after the last.
template <class Item>
struct InventoryPage {
  std::vector<Item> items;
  std::string next;
};

struct KeyItem {
  MessageKey key;
  KeyEntry entry;
};

// How many messages their sender has sent up to this one.
struct OwnItem {
  Place place;
  UserId sender;
  Ordinal own;
};

struct BoundItem {
  UserPlace place;
  Bound bound;
};

// A user's newest number of marks.
struct NumberItem {
  UserId user;
  CursorNo number;
};

// Pages begin after `after`, empty for the first. Thread-safe. Owned by the store, which nobody may write to meanwhile.
// Errors as in MessageStore.
class Inventory {
 public:
  virtual ~Inventory() = default;

  // Conversations that have a head, by id, after this one; at most `limit`.
  virtual Result<std::vector<ConversationId>> conversations(ConversationId after, std::size_t limit) = 0;

  virtual Result<InventoryPage<KeyItem>> keys(std::string_view after) = 0;
  virtual Result<InventoryPage<OwnItem>> own(std::string_view after) = 0;
  virtual Result<InventoryPage<UserSeq>> mentions(std::string_view after) = 0;
  virtual Result<InventoryPage<UserSeq>> hidden(std::string_view after) = 0;
  virtual Result<InventoryPage<BoundItem>> bounds(std::string_view after) = 0;
  virtual Result<InventoryPage<PlacedCursor>> cursors(std::string_view after) = 0;
  virtual Result<InventoryPage<NumberItem>> numbers(std::string_view after) = 0;
};

// Calls `take` with every page of a list, for example
//   every_page([&](std::string_view after) { return inventory.keys(after); }, check_keys)
template <class List, class Take>
Result<void> every_page(const List& list, const Take& take) {
  std::string after;
  do {
    HY_TRY(const auto page, list(after));
    HY_TRY(take(page.items));
    after = page.next;
  } while (!after.empty());
  return {};
}

}  // namespace hongyan::message
