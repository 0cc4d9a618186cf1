#include "domain/contact/directory_service.h"

#include <algorithm>

namespace hongyan::contact {
namespace {

// Looked at for kMaxFound: some do not want to be found.
constexpr std::size_t kLookedAt = 100;

bool is_latin(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool may_find(const account::Settings& settings, const Standing& standing, bool oneself) {
  if (oneself) return true;
  if (standing.blocked) return false;
  return settings.find_me == v1::AUDIENCE_EVERYONE ||
         (settings.find_me == v1::AUDIENCE_CONTACTS && standing.knows_user);
}

}  // namespace

async::Task<Result<std::vector<account::UserCard>>> DirectoryService::search(UserId user, std::string text,
                                                                             async::Deadline deadline) {
  HY_CO_TRY(auto cards, co_await candidates(user, std::move(text), deadline));
  std::vector<UserId> people;
  for (const account::UserCard& card : cards) people.push_back(card.user_id);
  HY_CO_TRY(const auto settings, co_await privacy_.look_up(people, deadline));
  HY_CO_TRY(const auto standings, co_await store_.standings(user, people, deadline));
  std::vector<account::UserCard> found;
  for (std::size_t i = 0; i < cards.size() && found.size() < kMaxFound; ++i) {
    if (may_find(settings[i], standings[i], people[i] == user)) found.push_back(std::move(cards[i]));
  }
  co_return found;
}

// Whoever is called like this, whether or not they want to be found; each once.
async::Task<Result<std::vector<account::UserCard>>> DirectoryService::candidates(UserId user, std::string text,
                                                                                 async::Deadline deadline) {
  std::vector<account::UserCard> cards;
  HY_CO_TRY(auto named, co_await accounts_.named(text, deadline));
  if (named && named->enabled) cards.push_back(*std::move(named));
  std::vector<account::UserCard> others;
  if (search_ == "all") {
    HY_CO_TRY(others, co_await accounts_.sounding_like(text, kLookedAt, deadline));
    // Who types Chinese means these characters, not all that sound like them.
    if (!is_latin(text)) {
      std::erase_if(others, [&](const account::UserCard& card) { return !card.nickname.starts_with(text); });
    }
  } else if (search_ == "contacts") {
    HY_CO_TRY(const auto contacts, co_await store_.contacts(user, text, {}, kLookedAt, deadline));
    std::vector<UserId> people;
    for (const Contact& contact : contacts) people.push_back(contact.user);
    HY_CO_TRY(others, co_await accounts_.users(std::move(people), deadline));
    std::erase_if(others, [](const account::UserCard& card) { return !card.enabled; });
  }
  for (account::UserCard& card : others) {
    const bool first = cards.empty() || cards.front().user_id != card.user_id;
    if (first) cards.push_back(std::move(card));
  }
  co_return cards;
}

}  // namespace hongyan::contact
