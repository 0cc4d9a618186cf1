#include "domain/account/invites/service.h"

#include "infra/log/log.h"

namespace hongyan::account {

async::Task<Result<std::string>> InviteService::invite(InviteWish wish, async::Deadline deadline) {
  using namespace std::chrono_literals;
  if (wish.max_uses < 0 || wish.max_uses > InviteWish::kMaxUses) co_return fail(Error::invalid("uses", "0 to 100000"));
  if (wish.life < 1min || wish.life > InviteWish::kMaxLife) co_return fail(Error::invalid("days", "up to 366 days"));
  std::string token = tokens_.new_refresh();
  NewInvite invite;
  HY_CO_TRY(invite.id, ids_.next());
  HY_CO_TRY(invite.token_hash, Tokens::refresh_hash(token));
  invite.created = tokens_.now();
  invite.expires = TimeMs(invite.created.value + wish.life.count());
  invite.max_uses = wish.max_uses;
  const std::uint64_t id = invite.id;
  HY_CO_TRY(co_await invites_.add(std::move(invite), deadline));
  log::info("invite_created", {{"invite", id}, {"uses", wish.max_uses}});
  co_return token;
}

}  // namespace hongyan::account
