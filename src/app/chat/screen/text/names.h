// What people are called.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace hongyan::chat::screen {

// Nicknames, and what the user calls their friends, which goes first. Notes whom it was asked for in vain. Value type.
class Names {
 public:
  explicit Names(std::uint64_t self = 0) : self_(self) {}

  std::uint64_t self() const { return self_; }
  void learn(std::uint64_t user_id, std::string nickname) { nicknames_[user_id] = std::move(nickname); }
  void remark(std::uint64_t user_id, std::string remark) { remarks_[user_id] = std::move(remark); }
  void forget_remarks() { remarks_.clear(); }

  // Their name, "…" while it is not known.
  std::string of(std::uint64_t user_id) const {
    const auto remark = remarks_.find(user_id);
    if (remark != remarks_.end() && !remark->second.empty()) return remark->second;
    const auto nickname = nicknames_.find(user_id);
    return nickname == nicknames_.end() ? "…" : nickname->second;
  }
  // Somebody is going to be named.
  void need(std::uint64_t user_id) {
    if (user_id != 0 && !nicknames_.contains(user_id)) needed_.insert(user_id);
  }
  // Those of whom no nickname is known, at most `limit`; they are not answered again.
  std::set<std::uint64_t> take_needed(std::size_t limit) {
    std::set<std::uint64_t> taken;
    while (!needed_.empty() && taken.size() < limit) taken.insert(needed_.extract(needed_.begin()));
    return taken;
  }
  bool has_needed() const { return !needed_.empty(); }

 private:
  std::uint64_t self_;
  std::map<std::uint64_t, std::string> nicknames_;
  std::map<std::uint64_t, std::string> remarks_;
  std::set<std::uint64_t> needed_;
};

}  // namespace hongyan::chat::screen
