#include "domain/message/commands/forward_service.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>

#include "domain/message/await_answer.h"
#include "domain/message/commands/words.h"
#include "domain/message/reading/history.h"

namespace hongyan::message::commands {
namespace {

// Not sent yet, and nothing has gone wrong so far.
constexpr ErrorCode kPending = ErrorCode::internal;

bool is_pending(const Forwarded& result) { return !result.sent && result.sent.error().code == kPending; }

// Gathers the answers to several commands, each in a place of its own.
struct Answers {
  explicit Answers(std::size_t count) : all(count, fail(kPending)), missing(count) {}
  std::vector<Result<SendAck>> all;
  std::atomic<std::size_t> missing;
};

// Each message of one conversation, or why it cannot be had. Errors: those of the store.
Result<std::map<Place, Result<StoredMessage>>> read_all(const Stores& stores, const conversation::Membership& place,
                                                        const std::set<Seq>& seqs) {
  std::map<Place, Result<StoredMessage>> found;
  for (const Seq seq : seqs) {
    auto message = reading::read_message(stores, place, seq);
    if (!message && message.error().code != ErrorCode::not_found) return std::unexpected(std::move(message).error());
    found.emplace(Place{place.conversation, seq}, std::move(message));
  }
  return found;
}

using AllDone = std::move_only_function<void(Result<std::vector<Result<SendAck>>>)>;

}  // namespace

async::Task<Result<std::vector<Forwarded>>> ForwardService::forward(UserId user, ForwardRequest request,
                                                                    async::Deadline deadline) const {
  HY_CO_TRY(check_forward(request));
  std::vector<Draft> drafts = drafts_of(request);
  HY_CO_TRY(co_await fill_sent_before(user, drafts, deadline));
  HY_CO_TRY(const Sources sources, co_await read_sources(user, request.items, deadline));
  for (Draft& draft : drafts) {
    if (!is_pending(draft.result)) continue;
    if (auto filled = fill(user, draft, request, sources); !filled) {
      draft.result.sent = std::unexpected(std::move(filled).error());
    }
  }
  for (const ConversationId target : request.targets) {
    std::vector<Draft*> to_target;
    for (Draft& draft : drafts) {
      if (draft.result.target == target && is_pending(draft.result)) to_target.push_back(&draft);
    }
    if (!to_target.empty()) co_await send(user, std::move(to_target), deadline);
  }
  for (Draft& draft : drafts) {
    if (!draft.found || !draft.result.sent) continue;
    const auto told = co_await ports_.review(with_ack(*std::move(draft.found), *draft.result.sent), deadline);
    if (!told) draft.result.sent = std::unexpected(told.error());
  }
  std::vector<Forwarded> results;
  for (Draft& draft : drafts) results.push_back(std::move(draft.result));
  co_return results;
}

std::vector<ForwardService::Draft> ForwardService::drafts_of(const ForwardRequest& request) {
  std::vector<Draft> drafts;
  const auto add = [&](ConversationId target, std::optional<std::size_t> item, std::vector<Place> items) {
    Draft draft{.result = {target, item, fail(kPending)}, .items = std::move(items), .action = {}};
    draft.action.client_msg_id = forward_id(request.client_msg_id, draft.items, target);
    draft.action.hash = forward_hash(request, draft.items, target);
    drafts.push_back(std::move(draft));
  };
  for (const ConversationId target : request.targets) {
    if (request.merged) add(target, std::nullopt, request.items);
    for (std::size_t i = 0; i < request.items.size() && !request.merged; ++i) add(target, i, {request.items[i]});
  }
  return drafts;
}

async::Task<Result<void>> ForwardService::fill_sent_before(UserId user, std::vector<Draft>& drafts,
                                                           async::Deadline deadline) const {
  std::vector<MessageKey> keys;
  for (const Draft& draft : drafts) keys.push_back({user, draft.action.client_msg_id});
  HY_CO_TRY(const auto found,
            co_await ports_.store_pool.run(deadline, [&messages = ports_.stores.messages, keys = std::move(keys)] {
              return messages.find_keys(keys);
            }));
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!found[i]) continue;
    if (found[i]->hash == drafts[i].action.hash) {
      drafts[i].result.sent = found[i]->ack;
    } else {
      drafts[i].result.sent = fail(ErrorCode::conflict, "client_msg_id was used for another forward");
    }
  }
  co_return Result<void>();
}

async::Task<Result<ForwardService::Sources>> ForwardService::read_sources(UserId user, std::vector<Place> items,
                                                                          async::Deadline deadline) const {
  std::map<ConversationId, std::set<Seq>> wanted;
  for (const Place& item : items) wanted[item.conversation].insert(item.seq);
  Sources sources;
  for (const auto& [conversation, seqs] : wanted) {
    const auto membership = co_await ports_.conversations.membership(conversation, user, deadline);
    if (!membership) {
      if (membership.error().code != ErrorCode::not_found) co_return std::unexpected(membership.error());
      for (const Seq seq : seqs) sources.emplace(Place{conversation, seq}, fail(membership.error()));
      continue;
    }
    HY_CO_TRY(auto read, co_await ports_.store_pool.run(
                             deadline, [&stores = ports_.stores, &wanted_seqs = seqs, place = *membership] {
                               return read_all(stores, place, wanted_seqs);
                             }));
    sources.merge(read);
  }
  co_return sources;
}

Result<void> ForwardService::fill(UserId user, Draft& draft, const ForwardRequest& request,
                                  const Sources& sources) const {
  HY_TRY(draft.action.content, content_of(draft, request, sources));
  const text::WordFinding words = censor(ports_.words, draft.action.content);
  if (words.block) return fail(ErrorCode::content_rejected, "a word");
  if (words.review) {
    draft.found = found_message({user, draft.result.target}, draft.action.client_msg_id, draft.action.content);
  }
  return {};
}

// What the message will carry. Errors: why one of the items cannot be sent on, too_large.
Result<v1::Content> ForwardService::content_of(const Draft& draft, const ForwardRequest& request,
                                               const Sources& sources) const {
  v1::Content content;
  for (const Place& item : draft.items) {
    const Result<StoredMessage>& source = sources.at(item);
    if (!source) return std::unexpected(source.error());
    HY_TRY(may_forward(*source));
    if (request.merged) {
      *content.mutable_merged()->add_items() = merged_item(*source);
    } else {
      content = source->content;
    }
  }
  if (request.merged) content.mutable_merged()->set_title(request.title);
  if (content.ByteSizeLong() > options_.content.max_bytes) {
    Error error(ErrorCode::too_large, "the merged messages");
    error.field = "items";
    return fail(std::move(error));
  }
  return content;
}

// Hands all messages of one target to the sequencer in their order, then waits for them together.
async::Task<void> ForwardService::send(UserId user, std::vector<Draft*> drafts, async::Deadline deadline) const {
  const ConversationId target = drafts.front()->result.target;
  auto turn = ports_.order.enter({user, target});
  if (auto came = co_await turn.come(deadline); !came) {
    for (Draft* draft : drafts) draft->result.sent = fail(came.error());
    co_return;
  }
  auto begin = [&](AllDone done) {
    auto answers = std::make_shared<Answers>(drafts.size());
    auto shared_done = std::make_shared<AllDone>(std::move(done));
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      ports_.sink.submit({target, user, std::move(drafts[i]->action), deadline},
                         [answers, shared_done, i](Result<sequencing::Outcome> outcome) {
                           answers->all[i] = outcome ? Result<SendAck>(outcome->ack) : fail(outcome.error());
                           if (--answers->missing == 0) (*shared_done)(std::move(answers->all));
                         });
    }
    turn.leave();
  };
  auto all = co_await await_answer<std::vector<Result<SendAck>>>(deadline, std::move(begin));
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    drafts[i]->result.sent = all ? std::move((*all)[i]) : Result<SendAck>(fail(all.error()));
  }
}

}  // namespace hongyan::message::commands
