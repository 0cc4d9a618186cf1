#include "bench/protocol/people.h"

#include <fstream>
#include <stdexcept>

#include "bench/protocol/json_search.h"

namespace hongyan::bench::protocol {
namespace {

// What stands between the brackets of a list of strings or of flat objects; the key ends with the opening bracket.
std::string_view list_of(std::string_view line, std::string_view key) {
  const std::string_view rest = after(line, key);
  const auto end = rest.find(']');
  if (rest.empty() || end == std::string_view::npos) throw std::runtime_error("no list " + std::string(key));
  return rest.substr(0, end);
}

}  // namespace

Person parse_person(std::string_view line) {
  Person person;
  person.user = number_of(line, R"("user_id":")");
  person.access_token = string_of(line, R"("access_token":")");
  if (person.user == 0 || person.access_token.empty()) throw std::runtime_error("no user_id or access_token");
  constexpr std::string_view kConversation = R"("conversation_id":")";
  for (auto rest = after(list_of(line, R"("direct":[)"), kConversation); !rest.empty();
       rest = after(rest, kConversation)) {
    Direct direct;
    direct.conversation = take_decimal(rest);
    direct.user = number_of(rest, R"("user_id":")");
    person.directs.push_back(direct);
  }
  for (auto rest = after(list_of(line, R"("groups":[)"), "\""); !rest.empty(); rest = after(after(rest, "\""), "\"")) {
    person.groups.push_back(take_decimal(rest));
  }
  return person;
}

std::vector<Person> read_people(const std::string& file) {
  std::ifstream input(file);
  if (!input) throw std::runtime_error(file + ": cannot be read");
  std::vector<Person> people;
  for (std::string line; std::getline(input, line);) {
    try {
      people.push_back(parse_person(line));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(file + ":" + std::to_string(people.size() + 1) + ": " + error.what());
    }
  }
  return people;
}

}  // namespace hongyan::bench::protocol
