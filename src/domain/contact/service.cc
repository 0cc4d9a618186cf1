#include "domain/contact/service.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"
#include "infra/async/announcement.h"

namespace hongyan::contact {
namespace {

std::string query_of(std::string_view list, UserId user) {
  return std::string(list) + ":" + std::to_string(user.value);
}

std::string to_text(UserId user) { return std::to_string(user.value); }

UserId of_contact(const Contact& contact, UserId) { return contact.user; }
ContactPosition at_contact(const Contact& contact) { return {contact.sort_key, contact.user}; }
UserId of_request(const Request& request, UserId user) { return request.from == user ? request.to : request.from; }
RequestPosition at_request(const Request& request) { return {request.time, request.id}; }
UserId of_blocked(const Blocked& blocked, UserId) { return blocked.user; }
UserId at_blocked(const Blocked& blocked) { return blocked.user; }

}  // namespace

async::Task<Result<Asked>> Service::ask(UserId user, RequestForm form, async::Deadline deadline) {
  HY_CO_TRY(form.message, check_line(form.message, 0, kMaxMessage, "message"));
  HY_CO_TRY(text::refuse_words(ports_.words, form.message, "message"));
  HY_CO_TRY(form.remark, check_line(form.remark, 0, kMaxRemark, "remark"));
  HY_CO_TRY(co_await require_person(user, form.to, deadline));
  HY_CO_TRY(const auto settings, co_await ports_.privacy.look_up({form.to}, deadline));
  HY_CO_TRY(const std::uint64_t request_id, ports_.ids.next());
  HY_CO_TRY(const std::uint64_t conversation_id, ports_.ids.next());
  const TimeMs now = ports_.clock.now();
  NewRequest request{.from = user,
                     .to = form.to,
                     .message = std::move(form.message),
                     .source = form.source,
                     .remark = std::move(form.remark),
                     .now = now,
                     .expires = TimeMs(now.value + request_life_.count()),
                     .ids = {RequestId(request_id), ConversationId(conversation_id)},
                     .closed = settings.front().add_me != v1::AUDIENCE_EVERYONE};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(auto asked, co_await ports_.store.ask(std::move(request), hook_for(bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  if (asked.friendship) co_await await_line(asked.friendship->line, deadline);
  co_return asked;
}

async::Task<Result<Friendship>> Service::accept(UserId user, RequestId request, std::string remark,
                                                async::Deadline deadline) {
  HY_CO_TRY(remark, check_line(remark, 0, kMaxRemark, "remark"));
  HY_CO_TRY(const std::uint64_t fresh, ports_.ids.next());
  Answer answer{request, user, std::move(remark), ports_.clock.now(), ConversationId(fresh)};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(auto friendship, co_await ports_.store.accept(std::move(answer), hook_for(bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_await await_line(friendship.line, deadline);
  co_return friendship;
}

async::Task<Result<Request>> Service::reject(UserId user, RequestId request, bool block, async::Deadline deadline) {
  Answer answer{request, user, {}, ports_.clock.now(), {}};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(auto rejected,
            co_await ports_.store.reject(std::move(answer), block, hook_for(bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_return rejected;
}

async::Task<Result<void>> Service::befriend(UserId user, UserId other, async::Deadline deadline) {
  HY_CO_TRY(const std::uint64_t fresh, ports_.ids.next());
  Pairing pairing{user, {}, other, {}, {}, ports_.clock.now(), ConversationId(fresh)};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(const auto line, co_await ports_.store.befriend(std::move(pairing), hook_for(bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_await await_line(line, deadline);
  co_return Result<void>();
}

async::Task<Result<Contact>> Service::update(UserId user, UserId contact, ContactChange change,
                                             async::Deadline deadline) {
  if (change.remark) {
    HY_CO_TRY(change.remark, check_line(*change.remark, 0, kMaxRemark, "remark"));
  }
  if (change.tags) {
    HY_CO_TRY(change.tags, check_tags(*change.tags));
  }
  co_return co_await ports_.store.update(user, contact, std::move(change), deadline);
}

async::Task<Result<void>> Service::remove(UserId user, UserId contact, async::Deadline deadline) {
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(co_await ports_.store.remove(user, contact, hook_for(bumped.announce()), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_return Result<void>();
}

async::Task<Result<void>> Service::set_blocked(UserId user, UserId other, bool blocked, async::Deadline deadline) {
  HY_CO_TRY(co_await require_person(user, other, deadline));
  async::Announcement bumped(co_await async::this_loop(), deadline);
  HY_CO_TRY(co_await ports_.store.set_blocked(user, other, blocked, ports_.clock.now(), hook_for(bumped.announce()),
                                              deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_return Result<void>();
}

async::Task<Result<Page<Contact>>> Service::list(PageOf page, async::Deadline deadline) {
  const std::string query = query_of("contact.list", page.user);
  std::optional<ContactPosition> after;
  if (!page.cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(query, page.cursor));
    after = contact_position_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  // One more tells whether there is another page.
  HY_CO_TRY(auto items, co_await ports_.store.contacts(page.user, {}, std::move(after), page.limit + 1, deadline));
  co_return co_await finish(std::move(items), std::move(page), query, of_contact, at_contact, deadline);
}

async::Task<Result<Page<Request>>> Service::requests(PageOf page, Direction direction, async::Deadline deadline) {
  const bool received = direction == Direction::received;
  const std::string query = query_of(received ? "contact.received" : "contact.sent", page.user);
  std::optional<RequestPosition> after;
  if (!page.cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(query, page.cursor));
    after = request_position_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  HY_CO_TRY(auto items, co_await ports_.store.requests(page.user, direction, after, page.limit + 1, deadline));
  co_return co_await finish(std::move(items), std::move(page), query, of_request, at_request, deadline);
}

async::Task<Result<Page<Blocked>>> Service::blocked(PageOf page, async::Deadline deadline) {
  const std::string query = query_of("contact.list_blocked", page.user);
  UserId after;
  if (!page.cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(query, page.cursor));
    const auto user = number_from<std::uint64_t>(text);
    if (!user) co_return fail(Error::invalid("cursor", "no position"));
    after = UserId(*user);
  }
  HY_CO_TRY(auto items, co_await ports_.store.blocked(page.user, after, page.limit + 1, deadline));
  co_return co_await finish(std::move(items), std::move(page), query, of_blocked, at_blocked, deadline);
}

// Cuts what is beyond the page, and looks up who stands in it: each item names one person.
template <class Item, class Position>
async::Task<Result<Page<Item>>> Service::finish(std::vector<Item> items, PageOf page, std::string query,
                                                UserId (*person)(const Item&, UserId),
                                                Position (*position)(const Item&), async::Deadline deadline) {
  Page<Item> out;
  out.items = std::move(items);
  if (out.items.size() > page.limit) {
    out.items.resize(page.limit);
    out.next_cursor = ports_.cursors.seal(query, to_text(position(out.items.back())));
  }
  std::vector<UserId> people;
  for (const Item& item : out.items) people.push_back(person(item, page.user));
  if (!people.empty()) {
    HY_CO_TRY(out.users, co_await ports_.accounts.users(std::move(people), deadline));
  }
  co_return out;
}

// Bumps the 1:1 in which something else is allowed now, and announces that every sequencer knows it.
AfterCommit Service::hook_for(std::move_only_function<void()> announce) {
  return [this, announce = std::move(announce)](std::optional<ConversationId> direct) mutable {
    if (direct) return ports_.directs.committed(*direct, std::move(announce));
    announce();
  };
}

// Somebody else, who exists and is enabled.
async::Task<Result<void>> Service::require_person(UserId user, UserId other, async::Deadline deadline) {
  if (user == other) co_return fail(Error::invalid("user_id", "oneself"));
  HY_CO_TRY(const auto cards, co_await ports_.accounts.users(std::vector{other}, deadline));
  if (cards.empty() || !cards.front().enabled) co_return fail(ErrorCode::not_found, "no such person");
  co_return Result<void>();
}

// Whatever comes of it, the friendship is durable and its line follows.
async::Task<void> Service::await_line(conversation::OutboxId line, async::Deadline deadline) {
  if (line) (void)co_await ports_.outbox.settled(line, std::min(deadline, async::deadline_in(kLinePatience)));
}

}  // namespace hongyan::contact
