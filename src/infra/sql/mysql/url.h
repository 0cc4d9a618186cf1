// The server of a configuration, as a URL.
#pragma once

#include <string_view>

#include "infra/sql/connection.h"

namespace hongyan::sql::mysql {

// Reads mysql://USER@HOST[:PORT]/DATABASE, or mysql://USER@localhost/DATABASE?socket=/PATH. A password is refused, because it
// would be printed with the configuration. Errors: invalid_argument, which does not quote the URL.
Result<Server> parse_server(std::string_view url);

}  // namespace hongyan::sql::mysql
