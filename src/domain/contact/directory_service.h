// Finding people.
#pragma once

#include <string>
#include <vector>

#include "domain/account/api.h"
#include "domain/contact/config.h"
#include "domain/contact/store.h"

namespace hongyan::contact {

// Thread-safe. Owned by Module; its collaborators outlive it.
class DirectoryService {
 public:
  static constexpr std::size_t kMaxFound = 20;

  DirectoryService(Store& store, account::Api& accounts, account::Privacy& privacy, const DirectoryConfig& config)
      : store_(store), accounts_(accounts), privacy_(privacy), search_(config.search) {}

  // Who has exactly this username, in any case, then those whose nickname begins like this as far as the configuration lets
  // it; only enabled people who let the user find them, and nobody of whom one blocks the other. At most kMaxFound. Errors:
  // unavailable, timeout.
  async::Task<Result<std::vector<account::UserCard>>> search(UserId user, std::string text, async::Deadline deadline);

 private:
  async::Task<Result<std::vector<account::UserCard>>> candidates(UserId user, std::string text,
                                                                 async::Deadline deadline);

  Store& store_;
  account::Api& accounts_;
  account::Privacy& privacy_;
  const std::string search_;
};

}  // namespace hongyan::contact
