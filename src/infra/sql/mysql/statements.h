// The text of statements, as far as MySQL needs it looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hongyan::sql::mysql {

// Gives nameless placeholders a name: SOCI knows no others here.
std::string with_names(std::string_view statement);

// The statements of a migration file, without comments and semicolons.
std::vector<std::string> split_script(std::string_view script);

// Whether the server commits before and after it: everything that changes the schema.
bool commits_by_itself(std::string_view statement);

// The table that an INSERT or UPDATE writes.
std::string_view written_table(std::string_view statement);

}  // namespace hongyan::sql::mysql
