#include "domain/group/door_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"
#include "domain/group/rules.h"
#include "infra/async/announcement.h"
#include "infra/crypto/hash.h"

namespace hongyan::group {
namespace {

std::uint64_t position_of(const JoinRequest& request) { return request.user.value; }
std::uint64_t position_of(const Invite& invite) { return invite.id.value; }
std::uint64_t position_of(const Notice& notice) { return notice.id.value; }

UserId person_in(const JoinRequest& request) { return request.user; }
UserId person_in(const Invite& invite) { return invite.by; }
UserId person_in(const Notice& notice) { return notice.by; }

}  // namespace

async::Task<Result<Joined>> DoorService::join(ConversationId group, UserId user, std::string token, std::string message,
                                              async::Deadline deadline) {
  HY_CO_TRY(message, check_line(message, 0, kMaxMessage, "message"));
  HY_CO_TRY(text::refuse_words(ports_.words, message, "message"));
  JoinTry wish{group,
               user,
               token.empty() ? std::string() : crypto::sha256_text(token),
               std::move(message),
               max_members_,
               ports_.clock.now()};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(auto joined, co_await ports_.store.join(std::move(wish), hook_for(group, bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_await await_line(joined.change.line, deadline);
  co_return joined;
}

async::Task<Result<conversation::Group>> DoorService::accept(ConversationId group, UserId by, UserId user,
                                                             async::Deadline deadline) {
  const JoinAnswer answer{group, by, user, max_members_, ports_.clock.now()};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(auto change, co_await ports_.store.accept(answer, hook_for(group, bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_await await_line(change.line, deadline);
  co_return std::move(change.group);
}

async::Task<Result<void>> DoorService::reject(ConversationId group, UserId by, UserId user, async::Deadline deadline) {
  return ports_.store.reject({group, by, user, max_members_, ports_.clock.now()}, deadline);
}

async::Task<Result<FreshInvite>> DoorService::create_invite(ConversationId group, UserId by,
                                                            std::optional<std::chrono::milliseconds> life,
                                                            std::int64_t max_uses, async::Deadline deadline) {
  const auto good_for = life.value_or(kDefaultLife);
  if (good_for < kShortestLife || good_for > kLongestLife) {
    co_return fail(Error::invalid("expires_in_ms", "a minute to 30 days"));
  }
  if (max_uses < 0 || max_uses > kMaxUses) co_return fail(Error::invalid("max_uses", "0 to 100000"));
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  const TimeMs now = ports_.clock.now();
  FreshInvite fresh{{InviteId(id), group, by, now, TimeMs(now.value + good_for.count()), max_uses, 0},
                    crypto::random_token(ports_.random)};
  HY_CO_TRY(co_await ports_.store.create_invite({fresh.invite, crypto::sha256_text(fresh.token)}, deadline));
  co_return fresh;
}

async::Task<Result<void>> DoorService::revoke_invite(ConversationId group, UserId by, InviteId invite,
                                                     async::Deadline deadline) {
  return ports_.store.revoke_invite(group, by, invite, deadline);
}

async::Task<Result<KnownInvite>> DoorService::preview(std::string token, UserId reader, async::Deadline deadline) {
  KnownInvite known;
  HY_CO_TRY(known.preview,
            co_await ports_.store.preview(crypto::sha256_text(token), reader, ports_.clock.now(), deadline));
  HY_CO_TRY(auto cards, co_await ports_.accounts.users(std::vector{known.preview.invite.by}, deadline));
  if (!cards.empty()) known.by = std::move(cards.front());
  co_return known;
}

async::Task<Result<Notice>> DoorService::announce(ConversationId group, UserId by, std::string text, bool notify_all,
                                                  async::Deadline deadline) {
  HY_CO_TRY(text, check_notice(text));
  HY_CO_TRY(text::refuse_words(ports_.words, text, "text"));
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  NewNotice fresh{group, {NoticeId(id), by, std::move(text), ports_.clock.now()}, notify_all};
  Notice notice = fresh.notice;
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(const auto line,
            co_await ports_.store.add_notice(std::move(fresh), hook_for(group, bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_await await_line(line, deadline);
  co_return notice;
}

async::Task<Result<std::optional<Notice>>> DoorService::notice(ConversationId group, UserId reader,
                                                               async::Deadline deadline) {
  HY_CO_TRY(auto newest, co_await ports_.store.notices({group, reader, 1}, NoticeId(), deadline));
  if (newest.empty() || newest.front().text.empty()) co_return std::optional<Notice>();
  co_return std::move(newest.front());
}

async::Task<Result<Page<JoinRequest>>> DoorService::requests(PageWish wish, async::Deadline deadline) {
  return page<JoinRequest>(std::move(wish), "group.requests", &DoorService::read_requests, deadline);
}

async::Task<Result<Page<Invite>>> DoorService::invites(PageWish wish, async::Deadline deadline) {
  return page<Invite>(std::move(wish), "group.invites", &DoorService::read_invites, deadline);
}

async::Task<Result<Page<Notice>>> DoorService::notices(PageWish wish, async::Deadline deadline) {
  return page<Notice>(std::move(wish), "group.notices", &DoorService::read_notices, deadline);
}

async::Task<Result<std::vector<JoinRequest>>> DoorService::read_requests(PageOf page, std::uint64_t after,
                                                                         async::Deadline deadline) {
  return ports_.store.requests(page, UserId(after), deadline);
}

async::Task<Result<std::vector<Invite>>> DoorService::read_invites(PageOf page, std::uint64_t after,
                                                                   async::Deadline deadline) {
  return ports_.store.invites(page, InviteId(after), ports_.clock.now(), deadline);
}

async::Task<Result<std::vector<Notice>>> DoorService::read_notices(PageOf page, std::uint64_t after,
                                                                   async::Deadline deadline) {
  return ports_.store.notices(page, NoticeId(after), deadline);
}

// One page of a list whose places are ids.
template <class Item>
async::Task<Result<Page<Item>>> DoorService::page(
    PageWish wish, std::string list,
    async::Task<Result<std::vector<Item>>> (DoorService::*read)(PageOf, std::uint64_t, async::Deadline),
    async::Deadline deadline) {
  const std::string query = fmt::format("{}:{}:{}", list, wish.group.value, wish.reader.value);
  std::uint64_t after = 0;
  if (!wish.cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(query, wish.cursor));
    const auto id = number_from<std::uint64_t>(text);
    if (!id) co_return fail(Error::invalid("cursor", "no position"));
    after = *id;
  }
  Page<Item> page;
  // One more tells whether there is another page.
  HY_CO_TRY(page.items, co_await (this->*read)({wish.group, wish.reader, wish.limit + 1}, after, deadline));
  if (page.items.size() > wish.limit) {
    page.items.resize(wish.limit);
    page.next_cursor = ports_.cursors.seal(query, std::to_string(position_of(page.items.back())));
  }
  std::vector<UserId> people;
  for (const Item& item : page.items) {
    if (std::ranges::find(people, person_in(item)) == people.end()) people.push_back(person_in(item));
  }
  HY_CO_TRY(page.users, co_await ports_.accounts.users(std::move(people), deadline));
  co_return page;
}

AfterCommit DoorService::hook_for(ConversationId group, std::move_only_function<void()> announce) {
  return
      [this, group, announce = std::move(announce)]() mutable { ports_.directs.committed(group, std::move(announce)); };
}

// Whatever comes of it, the change is durable and its line follows.
async::Task<void> DoorService::await_line(conversation::OutboxId line, async::Deadline deadline) {
  if (line) (void)co_await ports_.outbox.settled(line, std::min(deadline, async::deadline_in(kLinePatience)));
}

}  // namespace hongyan::group
