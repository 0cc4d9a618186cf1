// Memory for bytes on their way out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace hongyan::bench::sockets {

// A queue of bytes: written at its end, sent from its front. It keeps its memory, so that nothing is allocated for a message
// once it has grown to what its socket needs. Owned by a socket, used on its thread.
class Bytes {
 public:
  // Room for `count` more bytes at the end, valid until the next call of any method; added() says how many were written.
  char* room(std::size_t count) {
    if (capacity_ - end_ < count) make_room(count);
    return memory_.get() + end_;
  }
  void added(std::size_t count) { end_ += count; }

  void append(std::string_view bytes) {
    std::ranges::copy(bytes, room(bytes.size()));
    added(bytes.size());
  }

  void drop_front(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  std::string_view view() const { return {memory_.get() + begin_, size()}; }

 private:
  static constexpr std::size_t kSmallest = 512;

  void make_room(std::size_t count) {
    const std::size_t held = size();
    if (begin_ > 0 && capacity_ - held >= count && begin_ >= held) {
      std::memcpy(memory_.get(), memory_.get() + begin_, held);
    } else {
      capacity_ = std::max({kSmallest, capacity_ * 2, held + count});
      auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
      if (held > 0) std::memcpy(larger.get(), memory_.get() + begin_, held);
      memory_ = std::move(larger);
    }
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hongyan::bench::sockets
