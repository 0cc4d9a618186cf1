// What the numbers of MySQL's and MariaDB's errors mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::sql::mysql {

// As an error of Session, but for a duplicate key, which duplicate_key() reads. The server's text is in it only where it cannot
// quote what was bound.
Error error_of_server(unsigned number, const std::string& message);

// The connection is gone.
bool is_lost(unsigned number);
// The server has rolled the whole transaction back.
bool ended_transaction(unsigned number);
// A statement of a schema change finds that what it makes, or takes away, has been made or taken away.
bool was_done_before(unsigned number);

constexpr unsigned kDuplicateKey = 1062;

struct DuplicateKey {
  // Empty when the server does not tell it, as MariaDB.
  std::string table;
  std::string key;
};
// From "Duplicate entry 'x' for key 'users.username'".
std::optional<DuplicateKey> duplicate_key(std::string_view message);

}  // namespace hongyan::sql::mysql
