// Changes that become durable together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hongyan::kv {

// Index into the families a database was opened with.
enum class Family : std::size_t {};

// One change of a batch; the views point into what it was read from.
struct Write {
  enum class Kind : std::uint8_t {
    put = 0,
    // The key need not be there.
    erase = 1,
    // Every key below `key`, cheaply however many those are. For sequences.
    erase_below = 2,
  };
  Kind kind = Kind::put;
  Family family{};
  std::string_view key;
  std::string_view value;
};

// Written one after the other into one buffer, in the form in which a log keeps them: a byte of kind and family, the lengths
// of key and value as varints, key, value. Batches that follow each other are one batch. Value type.
class WriteBatch {
 public:
  void put(Family family, std::string_view key, std::string_view value) {
    append(Write::Kind::put, family, key, value);
  }
  void erase(Family family, std::string_view key) { append(Write::Kind::erase, family, key, {}); }
  void erase_below(Family family, std::string_view key) { append(Write::Kind::erase_below, family, key, {}); }

  // Room for this many bytes in all.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  bool empty() const { return bytes_.empty(); }
  const std::string& bytes() const { return bytes_; }
  std::string take() && { return std::move(bytes_); }

 private:
  void append(Write::Kind kind, Family family, std::string_view key, std::string_view value);

  std::string bytes_;
};

// Reads the changes of encoded batches, one after the other.
class WriteReader {
 public:
  // `bytes` must stay where they are as long as what is read from them is used.
  explicit WriteReader(std::string_view bytes) : rest_(bytes) {}

  // The next change; nothing at the end, or when what follows is no change: then damaged() is true.
  std::optional<Write> next();
  bool damaged() const { return damaged_; }

 private:
  std::optional<std::size_t> length();

  std::string_view rest_;
  bool damaged_ = false;
};

}  // namespace hongyan::kv
