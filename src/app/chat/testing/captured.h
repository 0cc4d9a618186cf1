// What an Output prints, kept in memory.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/chat/output.h"

namespace hongyan::chat::testing {

// Owned by a test, used on its thread.
class Captured {
 public:
  explicit Captured(bool json)
      : out_(::open_memstream(&out_text_, &out_size_)),
        err_(::open_memstream(&err_text_, &err_size_)),
        output(json, out_, err_) {}
  ~Captured() {
    std::fclose(out_);
    std::fclose(err_);
    std::free(out_text_);
    std::free(err_text_);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string out() const { return text(out_, out_text_, out_size_); }
  std::string err() const { return text(err_, err_text_, err_size_); }
  // The lines of out(), each without its end.
  std::vector<std::string> lines() const {
    std::vector<std::string> found;
    const std::string all = out();
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find('\n', at), all.size());
      found.push_back(all.substr(at, end - at));
      at = end + 1;
    }
    return found;
  }

 private:
  static std::string text(std::FILE* file, char* const& data, const std::size_t& size) {
    std::fflush(file);
    return std::string(data, size);
  }

  char* out_text_ = nullptr;
  char* err_text_ = nullptr;
  std::size_t out_size_ = 0;
  std::size_t err_size_ = 0;
  std::FILE* out_;
  std::FILE* err_;

 public:
  Output output;
};

}  // namespace hongyan::chat::testing
