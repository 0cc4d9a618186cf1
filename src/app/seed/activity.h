// What people do in the planned rooms, one step after the other.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/seed/plan.h"

namespace hongyan::app {

// A message. Numbers of messages count those of the room's people, from 1.
struct Say {
  std::int64_t number = 0;
  std::string text;
  std::optional<std::int64_t> quotes;
  // Into the people.
  std::vector<std::size_t> mentions;
  bool mentions_all = false;
};
struct Recall {
  std::int64_t number = 0;
};
struct Edit {
  std::int64_t number = 0;
  std::string text;
};
struct React {
  std::int64_t number = 0;
  std::string emoji;
};
struct Pin {
  std::int64_t number = 0;
};

struct Step {
  // Into the plan's rooms and people.
  std::size_t room = 0;
  std::size_t actor = 0;
  std::variant<Say, Recall, Edit, React, Pin> act;
};

// Draws steps: busy rooms and busy members by Zipf's law, one room after another, as on a real day. Every step is one that
// the server allows. The same shape and plan give the same steps. One thread.
class Activity {
 public:
  // Both must outlive it. The plan has at least one room.
  Activity(const SeedShape& shape, const SeedPlan& plan);

  Step next();

  // Messages said so far in each room.
  const std::vector<std::int64_t>& said() const { return said_; }

 private:
  struct Recent {
    std::int64_t number;
    std::size_t sender;
  };
  struct Talk {
    // The newest last; recalled ones are taken out.
    std::deque<Recent> recent;
    std::optional<std::size_t> last_sender;
    std::size_t pins = 0;
  };

  Step say(std::size_t room);
  std::optional<Step> change(std::size_t room);
  std::size_t drawn_sender(std::size_t room);

  const SeedPlan& plan_;
  Random random_;
  const Zipf busy_rooms_;
  const Zipf busy_members_;
  std::vector<Talk> talks_;
  std::vector<std::int64_t> said_;
};

}  // namespace hongyan::app
