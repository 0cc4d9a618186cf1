// Each socket is a file descriptor, and so is each file of a store: how many of them a process may have.
#pragma once

#include <cstdint>
#include <string>

namespace hongyan::net {

// Raises the limit of open files as far as this user may: the soft limit is often 1,024 where the hard one is far higher.
void raise_file_limit() noexcept;

// Open files that the hard limit allows; INT64_MAX where there is none.
std::int64_t allowed_files() noexcept;

// What is needed for so many connections and everything else that a server has open.
std::int64_t files_for(std::int64_t connections) noexcept;

// What an operator does so that a server may open so many files.
std::string how_to_allow(std::int64_t files);

// As many of `wanted` connections as so many open files leave room for: a store that cannot open a file fails, a connection
// that is turned away comes back. At least half of the files are for connections.
std::int64_t connections_within(std::int64_t files, std::int64_t wanted) noexcept;

}  // namespace hongyan::net
