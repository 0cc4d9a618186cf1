// Invites to register, as administrators make them.
#pragma once

#include <string>

#include "base/id_generator.h"
#include "domain/account/access/tokens.h"
#include "domain/account/api.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Thread-safe. Owned by Module; its collaborators outlive it.
class InviteService final : public Invites {
 public:
  InviteService(InviteStore& invites, const Tokens& tokens, IdGenerator& ids)
      : invites_(invites), tokens_(tokens), ids_(ids) {}

  async::Task<Result<std::string>> invite(InviteWish wish, async::Deadline deadline) override;

 private:
  InviteStore& invites_;
  const Tokens& tokens_;
  IdGenerator& ids_;
};

}  // namespace hongyan::account
