// The people that `hongyan seed --tokens` has written: who they are and in which conversations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hongyan::bench::protocol {

struct Direct {
  std::uint64_t conversation = 0;
  // The other one.
  std::uint64_t user = 0;
};

struct Person {
  std::uint64_t user = 0;
  std::string access_token;
  std::vector<Direct> directs;
  std::vector<std::uint64_t> groups;
};

// All of the file, in its order. Throws std::runtime_error naming the line that is not as it should be.
std::vector<Person> read_people(const std::string& file);

// One line of it; the error does not name the line.
Person parse_person(std::string_view line);

}  // namespace hongyan::bench::protocol
