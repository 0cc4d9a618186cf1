// The services with everything around them under the test's control.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "domain/account/testing/fakes.h"
#include "domain/message/rpc.h"
#include "domain/message/sequencing/guard_loader.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/fake_conversations.h"
#include "domain/message/testing/sequencer_harness.h"
#include "infra/async/io_threads.h"

namespace hongyan::message::testing {

// Two people in two 1:1s and a stranger, on a memory store. Owns everything around the services.
class ServiceFixture : public ::testing::Test {
 protected:
  ServiceFixture() {
    EXPECT_TRUE(ids_.start());
    conversations_.add_direct(kRoom, kAnna, kBert);
    conversations_.add_direct(kOther, kBert, kAnna);
    sequencer_ = std::make_unique<sequencing::Sequencer>(
        sequencing::SequencerPorts{store_, guards_, ids_, clock_, topics_}, SequencerHarness::quick(),
        MessageMetrics(metrics_), [](const std::string&) { FAIL() << "gave up"; });
    merger_ =
        std::make_unique<CursorMerger>(CursorMergerPorts{store_, store_, privacy_, topics_}, MessageMetrics(metrics_),
                                       CursorMergerOptions{.window = std::chrono::milliseconds(0)}, [](Error) {});
    for (const UserId user : {kAnna, kBert, kStranger}) accounts_.add(user);
    const ServicePorts ports{
        .conversations = conversations_,
        .accounts = accounts_,
        .privacy = privacy_,
        .stores = {store_, store_, store_, store_},
        .merger = *merger_,
        .sink = *sequencer_,
        .order = order_,
        .store_pool = pool_,
        .words = words_,
        .review = [this](v1::Message message, async::Deadline) { return review(std::move(message)); },
        .on_store_failure = [this](Error seen) { sequencer_->recover(std::move(seen)); }};
    const ServiceOptions options{.content = {.max_bytes = 1000}, .page_bytes = 2000};
    service_ = std::make_unique<Service>(ports, options);
    reading_ = std::make_unique<reading::ReadService>(ports, options, cursors_);
    changing_ = std::make_unique<commands::ChangeService>(ports, options);
    forwarding_ = std::make_unique<commands::ForwardService>(ports, options);
    hiding_ = std::make_unique<commands::HideService>(ports, events_);
    register_rpcs(dispatcher_, {*service_, *reading_, *changing_, *forwarding_, *hiding_});
  }
  ~ServiceFixture() override {
    store_.release();
    sequencer_->stop();
    guards_.close();
    merger_->stop();
    pool_.stop();
  }

  template <class T>
  T wait(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }

  // Calls the handler as an edge does.
  template <class Response, class Request>
  Result<Response> call(const char* rpc, UserId user, const Request& request, async::Deadline deadline = in_time()) {
    wire::Caller caller;
    caller.user = user;
    caller.deadline = deadline;
    auto result = wait(dispatcher_.find(rpc)->handler(caller, std::make_unique<Request>(request)));
    if (!result) return std::unexpected(std::move(result).error());
    return static_cast<Response&>(**result);
  }
  static async::Deadline in_time() { return async::deadline_in(std::chrono::seconds(60)); }

  Result<v1::SendResponse> send(UserId user, std::string id, std::string words = "words",
                                std::optional<std::int64_t> read = {}, ConversationId conversation = kRoom) {
    v1::SendRequest request;
    request.set_conversation_id(conversation.value);
    request.set_client_msg_id(std::move(id));
    *request.mutable_content() = text(std::move(words));
    if (read) request.set_read_seq(*read);
    return call<v1::SendResponse>("message.send", user, request);
  }

  Result<v1::ListMessagesResponse> list(UserId user, v1::ListMessagesRequest request = {}) {
    request.set_conversation_id(kRoom.value);
    return call<v1::ListMessagesResponse>("message.list", user, request);
  }

  conversation::Membership membership(UserId user, ConversationId conversation = kRoom) {
    return wait(conversations_.membership(conversation, user, in_time())).value();
  }
  Summary summary(UserId user) {
    return wait(service_->summaries(user, {membership(user)}, in_time())).value().front();
  }
  Result<Seq> mark(UserId user, Seq seq) {
    return wait(service_->mark(MarkKind::read, user, membership(user), seq, in_time()));
  }

  // Notes the message, or fails as told.
  async::Task<Result<void>> review(v1::Message message) {
    if (review_fails_) co_return fail(ErrorCode::unavailable, "no moderator");
    reviewed_.push_back(std::move(message));
    co_return Result<void>();
  }

  text::Words words_;
  std::vector<v1::Message> reviewed_;
  bool review_fails_ = false;
  MemoryStore store_;
  account::testing::FakeAccounts accounts_;
  account::testing::FakePrivacy privacy_;
  account::testing::NotedEvents events_;
  commands::ArrivalOrder order_;
  FakeConversations conversations_;
  RecordingTopics topics_;
  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  metrics::Metrics metrics_;
  async::IoThreads io_{1};
  async::BlockingPool pool_{"store", 1, 100};
  // How the lines that wait were drained, and how often.
  std::atomic<bool> drains_{true};
  std::atomic<int> drained_{0};
  sequencing::GuardLoader guards_{conversations_,
                                  [this](ConversationId, std::move_only_function<void(bool)> done) {
                                    ++drained_;
                                    done(drains_);
                                  },
                                  io_.context(0).get_executor(), std::chrono::seconds(5)};
  std::unique_ptr<sequencing::Sequencer> sequencer_;
  std::unique_ptr<CursorMerger> merger_;
  wire::CursorSigner cursors_{"secret", clock_};
  std::unique_ptr<Service> service_;
  std::unique_ptr<reading::ReadService> reading_;
  std::unique_ptr<commands::ChangeService> changing_;
  std::unique_ptr<commands::ForwardService> forwarding_;
  std::unique_ptr<commands::HideService> hiding_;
  wire::Dispatcher dispatcher_;
};

}  // namespace hongyan::message::testing
