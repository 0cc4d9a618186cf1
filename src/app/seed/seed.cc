#include "app/seed/seed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/seed/seeder.h"
#include "domain/account/module.h"
#include "domain/contact/module.h"
#include "domain/conversation/module.h"
#include "domain/group/config.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/log/log.h"

namespace hongyan::app {
namespace {

// Runs a step and prints how many things it made, and how quickly. Throws when it fails.
void timed(const char* what, const std::function<Result<void>()>& step, const std::function<std::int64_t()>& count) {
  const auto start = std::chrono::steady_clock::now();
  if (const auto done = step(); !done) {
    throw std::runtime_error(fmt::format("{}: {} ({})", what, error_name(done.error().code), done.error().detail));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const auto made = static_cast<double>(count());
  fmt::print("{:<14} {:>10}  {:>7.1f} s  {:>8.0f}/s\n", what, count(), took.count(), made / took.count());
  std::fflush(stdout);
}

// Items of a person's lists in the file of tokens, with commas between them.
struct PlacesOfPerson {
  std::string direct;
  std::string groups;
};

std::vector<PlacesOfPerson> places_of_people(const SeedPlan& plan, const Seeder& seeder) {
  std::vector<PlacesOfPerson> places(plan.people.size());
  const auto append = [](std::string& list, const std::string& item) { list += (list.empty() ? "" : ",") + item; };
  for (std::size_t i = 0; i < plan.rooms.size(); ++i) {
    const auto& members = plan.rooms[i].members;
    const auto id = seeder.rooms()[i].id.value;
    for (std::size_t at = 0; at < members.size(); ++at) {
      if (plan.rooms[i].group) {
        append(places[members[at]].groups, fmt::format("\"{}\"", id));
        continue;
      }
      const auto other = seeder.people()[members[1 - at]].user.card.user_id.value;
      append(places[members[at]].direct, fmt::format(R"({{"conversation_id":"{}","user_id":"{}"}})", id, other));
    }
  }
  return places;
}

// One JSON object a line: {"user_id", "username", "device_id", "access_token", "direct": [{"conversation_id", "user_id"}],
// "groups": [conversation_id]}; the user of a 1:1 is the other one. No value needs escaping.
std::string token_lines(const SeedPlan& plan, const Seeder& seeder) {
  const auto places = places_of_people(plan, seeder);
  std::string lines;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const account::Session& session = seeder.people()[i];
    lines += fmt::format(
        R"({{"user_id":"{}","username":"{}","device_id":"{}","access_token":"{}","direct":[{}],"groups":[{}]}})"
        "\n",
        session.user.card.user_id.value, plan.people[i].username, session.device.value, session.access_token,
        places[i].direct, places[i].groups);
  }
  return lines;
}

void write_tokens(const std::string& file, const SeedPlan& plan, const Seeder& seeder) {
  if (const auto written = config::write_file_durably(std::filesystem::absolute(file), token_lines(plan, seeder));
      !written) {
    throw std::runtime_error(fmt::format("{}: {}", file, written.error().detail));
  }
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(seeder.people().front().expires_in);
  fmt::print("tokens         {} (for {} s; auth.access_token_ms sets how long)\n", file, life.count());
}

// Throws when it cannot be made as asked.
void check_shape(const SeedShape& shape) {
  const std::size_t most = std::min(shape.users, shape.max_members);
  if (shape.group_size > most) throw std::runtime_error(fmt::format("--group-size: at most {} here", most));
  if (shape.messages > 0 && shape.groups == 0 && shape.directs == 0) {
    throw std::runtime_error("--messages: there is no conversation to write them to");
  }
}

void fill(Registry& registry, const SeedOptions& options, const SeedShape& shape) {
  auto& accounts = registry.need<account::Module>();
  auto& contacts = registry.need<contact::Module>();
  auto& conversations = registry.need<conversation::Module>();
  auto& messages = registry.need<message::Module>();
  // Else the first start of a server would find people, and make no administrator.
  if (const auto made = accounts.api().ensure_initial_admin(); !made) {
    throw std::runtime_error("first administrator: " + made.error().detail);
  }
  registry.start();
  const SeedPlan plan = make_plan(shape);
  Seeder seeder({.accounts = accounts.bulk(),
                 .contacts = contacts.api(),
                 .conversations = conversations.api(),
                 .groups = conversations.groups(),
                 .outbox = conversations.outbox(),
                 .messages = messages.api(),
                 .intake = messages.intake(),
                 .executor = registry.need<async::Module>().io().context(0).get_executor()},
                shape, plan);
  const std::string password = options.password.empty() ? accounts.bulk().new_password() : options.password;
  const auto size = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
  timed("people", [&] { return seeder.make_people(password); }, [&] { return size(plan.people); });
  timed("conversations", [&] { return seeder.make_rooms(); }, [&] { return size(plan.rooms); });
  const SeedCounts& counts = seeder.counts();
  timed("messages", [&] { return seeder.make_messages(); }, [&] { return counts.messages + counts.changes; });
  timed("read marks", [&] { return seeder.make_marks(); }, [&] { return counts.marks; });
  fmt::print("               {} messages, {} changes, {} changes came too late\n", counts.messages, counts.changes,
             counts.late);
  if (!options.tokens.empty()) write_tokens(options.tokens, plan, seeder);
  fmt::print("usernames      {} to {}\n", plan.people.front().username, plan.people.back().username);
  fmt::print("password       {}\n", password);
}

}  // namespace

int seed(const SeedOptions& options) {
  const auto values = valid_settings(options.settings);
  if (!values) return 1;
  log::open({.standard = log::Level::warn}, {});
  try {
    std::vector<std::string> none;
    SeedShape shape = options.shape;
    shape.max_members = static_cast<std::size_t>(config::load<group::Config>(*values, none).max_members);
    check_shape(shape);
    Registry registry;
    registry.provide(std::make_unique<config::Module>(*values));
    registry.provide(std::make_unique<config::DataFolder>(data_folder_of(options.data)));
    try {
      fill(registry, options, shape);
    } catch (...) {
      registry.stop();
      throw;
    }
    registry.stop();
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace hongyan::app
