// Everything a store in RocksDB holds.
#pragma once

#include <functional>

#include "domain/message/audit/inventory.h"
#include "infra/kv/database.h"

namespace hongyan::message {

// Owned by RocksStore, whose database it reads.
class RocksInventory final : public Inventory {
 public:
  explicit RocksInventory(kv::Database& database) : database_(database) {}

  Result<std::vector<ConversationId>> conversations(ConversationId after, std::size_t limit) override;
  Result<InventoryPage<KeyItem>> keys(std::string_view after) override;
  Result<InventoryPage<OwnItem>> own(std::string_view after) override;
  Result<InventoryPage<UserSeq>> mentions(std::string_view after) override;
  Result<InventoryPage<UserSeq>> hidden(std::string_view after) override;
  Result<InventoryPage<BoundItem>> bounds(std::string_view after) override;
  Result<InventoryPage<PlacedCursor>> cursors(std::string_view after) override;
  Result<InventoryPage<NumberItem>> numbers(std::string_view after) override;

 private:
  // Decodes a row; nothing for one that is of another list.
  template <class Item>
  using Decode = std::function<Result<std::optional<Item>>(std::string_view key, std::string_view value)>;
  template <class Item>
  Result<InventoryPage<Item>> page(kv::Family family, std::string_view after, const Decode<Item>& decode) const;

  kv::Database& database_;
};

}  // namespace hongyan::message
