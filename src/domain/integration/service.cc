#include "domain/integration/service.h"

#include "domain/integration/payload/payload.h"
#include "domain/integration/rules.h"
#include "infra/crypto/hash.h"
#include "infra/log/log.h"

namespace hongyan::integration {
namespace {

// How coarsely the time of the last use is kept.
constexpr std::int64_t kTouchMs = 60'000;
// A content is a little more than its text.
constexpr std::size_t kAroundText = 16;

bool is_stale(TimeMs used, TimeMs now) { return now.value - used.value >= kTouchMs; }

// That a use was not noted is no reason to refuse it.
void report(const Result<void>& noted) {
  if (!noted) log::debug("use_not_noted", {{"why", noted.error().detail}});
}

}  // namespace

async::Task<Result<KeyIdentity>> Service::authenticate(std::string key, std::string ip, async::Deadline deadline) {
  if (!has_form(key, kKeyPrefix)) co_return fail(ErrorCode::unauthenticated, "no API key");
  HY_CO_TRY(auto found, co_await ports_.store.key_of(crypto::sha256_text(key), deadline));
  if (!found) co_return fail(ErrorCode::unauthenticated, "no such API key");
  if (found->revoked) co_return fail(ErrorCode::token_revoked, "the API key was revoked");
  if (!found->enabled) co_return fail(ErrorCode::account_disabled, "the bot is disabled");
  HY_CO_TRY(check_address(found->networks, ip));
  const TimeMs now = ports_.clock.now();
  if (is_stale(found->used, now)) report(co_await ports_.store.touch_key(found->id, now, deadline));
  co_return KeyIdentity{found->id, found->user, std::move(found->scopes)};
}

async::Task<Result<HookTarget>> Service::find_hook(std::string token, std::string ip, async::Deadline deadline) {
  if (!has_form(token, kHookPrefix)) co_return fail(ErrorCode::not_found, "no token of a hook");
  HY_CO_TRY(const auto found, co_await ports_.store.hook_of(crypto::sha256_text(token), deadline));
  if (!found || found->revoked) co_return fail(ErrorCode::not_found, "no such hook");
  HY_CO_TRY(check_address(found->networks, ip));
  const TimeMs now = ports_.clock.now();
  if (is_stale(found->used, now)) report(co_await ports_.store.touch_hook(found->id, now, deadline));
  co_return HookTarget{found->id, found->user, found->group};
}

async::Task<Result<message::SendAck>> Service::post(HookTarget target, HookPost post, async::Deadline deadline) {
  message::SendRequest request{.conversation = target.group, .client_msg_id = {}, .content = {}};
  if (post.idempotency_key.empty()) {
    request.client_msg_id = crypto::random_token(ports_.random);
  } else {
    HY_CO_TRY(request.client_msg_id, message_id_of(post.idempotency_key));
  }
  const std::size_t room = ports_.messages.max_content_bytes();
  HY_CO_TRY(*request.content.mutable_text()->mutable_text(),
            read_payload(post.content_type, post.body, room - std::min(room, kAroundText)));
  co_return co_await ports_.messages.send(target.user, std::move(request), deadline);
}

async::Task<Result<account::CreatedUser>> Service::create_user(account::NewUser user, async::Deadline deadline) {
  return ports_.accounts.create_user(std::move(user), deadline);
}

}  // namespace hongyan::integration
