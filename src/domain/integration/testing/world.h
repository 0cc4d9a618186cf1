// The slice on a real database, with a history that only notes what is sent.
#pragma once

#include "base/testing/memory_ceiling.h"
#include "domain/account/testing/fakes.h"
#include "domain/account/testing/real_bots.h"
#include "domain/conversation/testing/fake_outbox.h"
#include "domain/conversation/testing/group_world.h"
#include "domain/conversation/testing/noted_leaves.h"
#include "domain/conversation/testing/real_directs.h"
#include "domain/integration/admin_service.h"
#include "domain/integration/service.h"
#include "domain/integration/sql_store.h"
#include "infra/crypto/testing/counting_random.h"

namespace hongyan::integration::testing {

// Takes every message.
class NotedMessages final : public message::Api {
 public:
  async::Task<Result<message::SendAck>> send(UserId sender, message::SendRequest request, async::Deadline) override {
    sent.emplace_back(sender, std::move(request));
    co_return message::SendAck{.message = MessageId(1), .seq = Seq(1), .time = TimeMs(1)};
  }
  async::Task<Result<std::vector<message::Summary>>> summaries(UserId, std::vector<conversation::Membership>,
                                                               async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<Seq>> mark(message::MarkKind, UserId, conversation::Membership, Seq, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::Stamp>> stamp(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<message::Standing>>> standings(UserId, std::vector<conversation::Membership>,
                                                                async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::Marks>> marks(conversation::Membership, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::SendAck>> append_system_line(message::SystemLine, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<std::optional<message::Bound>>>> bounds(std::vector<message::UserPlace>,
                                                                         async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<message::GroupBound>>> bounds_of(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  bool ready() const override { return true; }
  std::size_t max_content_bytes() const override { return 1024; }
  std::string epoch() const override { return "e"; }

  std::vector<std::pair<UserId, message::SendRequest>> sent;
};

// Lives in a test, on its thread.
class World : public conversation::testing::GroupWorld {
 protected:
  World() {
    EXPECT_TRUE(ids_.start());
    create({UserId(2)});
  }

  Result<Fresh<ApiKey>> new_key(ApiKeyWish wish) { return run(admin_.create_key(std::move(wish), soon())); }
  Result<Fresh<Hook>> new_hook(HookWish wish) { return run(admin_.create_hook(std::move(wish), soon())); }
  Result<KeyIdentity> authenticate(const std::string& key, const std::string& ip = "192.0.2.1") {
    return run(service_.authenticate(key, ip, soon()));
  }
  Result<HookTarget> find(const std::string& token, const std::string& ip = "192.0.2.1") {
    return run(service_.find_hook(token, ip, soon()));
  }
  template <class T>
  static ErrorCode code(const Result<T>& result) {
    return result ? ErrorCode::internal : result.error().code;
  }

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  crypto::testing::CountingRandom random_;
  account::testing::FakeAccounts accounts_;
  account::testing::RealBots bots_{database_.database()};
  wire::PermissionHub permissions_;
  conversation::testing::RealDirects directs_{database_.database(), events_, permissions_};
  conversation::testing::FakeOutbox lines_waited_for_;
  conversation::testing::NotedLeaves leaves_;
  NotedMessages messages_;
  SqlStore sql_{database_.database(), bots_.store, groups_};
  const Ports ports_{.store = sql_,
                     .accounts = accounts_,
                     .directs = directs_.directs,
                     .groups = leaves_,
                     .outbox = lines_waited_for_,
                     .messages = messages_,
                     .ids = ids_,
                     .random = random_,
                     .clock = clock_,
                     .scopes = {"message.send", "user.create"},
                     .max_members = 3};
  Service service_{ports_};
  AdminService admin_{ports_};
};

}  // namespace hongyan::integration::testing
