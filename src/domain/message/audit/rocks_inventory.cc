#include "domain/message/audit/rocks_inventory.h"

#include <limits>

#include "domain/message/families.h"
#include "domain/message/records.h"
#include "infra/kv/big_endian.h"

namespace hongyan::message {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;
// Above every key: ids begin with a lower byte.
const std::string kAboveAll(32, '\xff');

// The n-th number of a key.
std::uint64_t number_at(std::string_view key, std::size_t n) {
  return key.size() < (n + 1) * 8 ? 0 : kv::read_big_endian(key, n * 8);
}

UserPlace user_place_of(std::string_view key) { return {UserId(number_at(key, 0)), ConversationId(number_at(key, 1))}; }

Result<std::optional<UserSeq>> user_seq_of(std::string_view key, std::string_view) {
  return std::optional(UserSeq{user_place_of(key), seq_of_key(key)});
}

}  // namespace

template <class Item>
Result<InventoryPage<Item>> RocksInventory::page(kv::Family family, std::string_view after,
                                                 const Decode<Item>& decode) const {
  InventoryPage<Item> page;
  std::size_t rows = 0;
  Result<void> decoded;
  // The key right above `after`.
  const std::string from = after.empty() ? std::string() : std::string(after) + '\0';
  HY_TRY(database_.scan(family, {.from = from, .to = kAboveAll, .many_prefixes = true, .once = true},
                        [&](std::string_view key, std::string_view value) {
                          auto item = decode(key, value);
                          if (!item) {
                            decoded = std::unexpected(std::move(item).error());
                            return false;
                          }
                          if (*item) page.items.push_back(**std::move(item));
                          if (++rows == kRowsAtOnce) page.next = key;
                          return rows < kRowsAtOnce;
                        }));
  HY_TRY(std::move(decoded));
  return page;
}

Result<std::vector<ConversationId>> RocksInventory::conversations(ConversationId after, std::size_t limit) {
  std::vector<ConversationId> found;
  const ConversationId last(std::numeric_limits<std::uint64_t>::max());
  if (after == last || limit == 0) return found;
  HY_TRY(database_.scan(family::kHeads, {head_key(ConversationId(after.value + 1)), head_key(last)},
                        [&](std::string_view key, std::string_view) {
                          found.push_back(conversation_of_head_key(key));
                          return found.size() < limit;
                        }));
  return found;
}

Result<InventoryPage<KeyItem>> RocksInventory::keys(std::string_view after) {
  return page<KeyItem>(
      family::kKeys, after, [](std::string_view key, std::string_view value) -> Result<std::optional<KeyItem>> {
        HY_TRY(const auto entry, decode_key(value));
        return std::optional(
            KeyItem{{UserId(number_at(key, 0)), std::string(key.substr(std::min<std::size_t>(8, key.size())))}, entry});
      });
}

Result<InventoryPage<OwnItem>> RocksInventory::own(std::string_view after) {
  return page<OwnItem>(
      family::kOwn, after, [](std::string_view key, std::string_view value) -> Result<std::optional<OwnItem>> {
        HY_TRY(const Ordinal own, decode_own(value));
        return std::optional(
            OwnItem{{ConversationId(number_at(key, 0)), seq_of_key(key)}, UserId(number_at(key, 1)), own});
      });
}

Result<InventoryPage<UserSeq>> RocksInventory::mentions(std::string_view after) {
  return page<UserSeq>(family::kMentions, after, user_seq_of);
}

Result<InventoryPage<UserSeq>> RocksInventory::hidden(std::string_view after) {
  return page<UserSeq>(family::kHidden, after,
                       [](std::string_view key, std::string_view value) -> Result<std::optional<UserSeq>> {
                         // Up to where the user has cleared is no message.
                         if (key == cleared_key(user_place_of(key))) return std::optional<UserSeq>();
                         return user_seq_of(key, value);
                       });
}

Result<InventoryPage<BoundItem>> RocksInventory::bounds(std::string_view after) {
  return page<BoundItem>(family::kBounds, after,
                         [](std::string_view key, std::string_view value) -> Result<std::optional<BoundItem>> {
                           HY_TRY(const Bound bound, decode_bound(value));
                           return std::optional(BoundItem{user_place_of(key), bound});
                         });
}

// Under conversation 0 stands the user's newest number.
Result<InventoryPage<PlacedCursor>> RocksInventory::cursors(std::string_view after) {
  return page<PlacedCursor>(family::kCursors, after,
                            [](std::string_view key, std::string_view value) -> Result<std::optional<PlacedCursor>> {
                              HY_TRY(const Cursor cursor, decode_cursor(value));
                              const UserPlace place = user_place_of(key);
                              if (!place.conversation) return std::optional<PlacedCursor>();
                              return std::optional(PlacedCursor{place, cursor});
                            });
}

Result<InventoryPage<NumberItem>> RocksInventory::numbers(std::string_view after) {
  return page<NumberItem>(family::kCursors, after,
                          [](std::string_view key, std::string_view value) -> Result<std::optional<NumberItem>> {
                            HY_TRY(const Cursor cursor, decode_cursor(value));
                            const UserPlace place = user_place_of(key);
                            if (place.conversation) return std::optional<NumberItem>();
                            return std::optional(NumberItem{place.user, cursor.number});
                          });
}

}  // namespace hongyan::message
