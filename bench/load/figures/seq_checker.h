// Whether every socket gets every message of a conversation once and in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hongyan::bench::load {

// What was wrong; all zero is what is promised.
struct SeqFaults {
  // Numbers that were jumped over and did not come later.
  std::uint64_t holes = 0;
  std::uint64_t repeats = 0;
  // Numbers that came after a higher one.
  std::uint64_t reordered = 0;

  bool none() const { return holes + repeats + reordered == 0; }
};

// Holds the last number of each view: one socket's view of one conversation. What came before the first number is not
// known, so that one is right whatever it is. One thread.
class SeqChecker {
 public:
  explicit SeqChecker(std::size_t views) : views_(views) {}

  // False when the number had come before.
  bool see(std::size_t view, std::uint64_t seq) {
    View& at = views_[view];
    if (at.last != 0 && seq != at.last + 1) return see_wrong(at, seq);
    at.last = seq;
    return true;
  }

  const SeqFaults& faults() const { return faults_; }

 private:
  struct View {
    std::uint64_t last = 0;
    // Numbers below the last one that did not come yet.
    std::uint64_t lacking = 0;
  };

  bool see_wrong(View& at, std::uint64_t seq) {
    if (seq > at.last) {
      at.lacking += seq - at.last - 1;
      faults_.holes += seq - at.last - 1;
      at.last = seq;
    } else if (at.lacking > 0 && seq < at.last) {
      --at.lacking;
      --faults_.holes;
      ++faults_.reordered;
    } else {
      ++faults_.repeats;
      return false;
    }
    return true;
  }

  std::vector<View> views_;
  SeqFaults faults_;
};

}  // namespace hongyan::bench::load
