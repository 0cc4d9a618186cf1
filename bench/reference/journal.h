// Where the reference stores messages when it is to be durable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hongyan::bench::reference {

// A file that grows by one write and one fdatasync for all messages of a turn. Owned by main(), used on the one thread. Every
// failure throws std::system_error: nothing that was not stored may be answered.
class Journal {
 public:
  // Appends to `file`, which is made when it is not there.
  explicit Journal(const std::string& file);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void add(std::string_view message) { gathered_ += message; }

  // Returns once everything added so far is on the disk.
  void commit();

  std::uint64_t commits() const { return commits_; }

 private:
  const int fd_;
  std::string gathered_;
  std::uint64_t commits_ = 0;
};

}  // namespace hongyan::bench::reference
