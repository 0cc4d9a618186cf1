// The use cases of hiding messages from oneself.
#pragma once

#include <mutex>

#include "domain/account/events.h"
#include "domain/message/ports.h"

namespace hongyan::message::commands {

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it. What is hidden stays so
// for the user alone, former members included; nobody else sees a difference. Success means that it is durable and that the
// user's other devices hear of it: a repeat hides nothing more and tells them again. Errors of all: not_found for strangers,
// unavailable and timeout (outcome unknown).
class HideService {
 public:
  HideService(const ServicePorts& ports, account::UserEvents& events) : ports_(ports), events_(events) {}

  // Hides one message. Errors: not_found also for messages the user may not see.
  async::Task<Result<void>> delete_for_me(UserId user, Place place, async::Deadline deadline);

  // Hides all messages up to this one, or to the newest they may see. Answers up to where they are hidden now: that never
  // falls. Errors: invalid_argument for a negative seq.
  async::Task<Result<Seq>> clear(UserPlace place, Seq up_to, async::Deadline deadline);

 private:
  // On the store pool.
  Result<void> hide(const conversation::Membership& membership, Seq seq);
  Result<Seq> hide_up_to(const conversation::Membership& membership, Seq up_to);
  Result<Seq> hidden_up_to(const UserPlace& place);
  Result<void> told(Result<void> written);

  const ServicePorts ports_;
  account::UserEvents& events_;
  // Held while one reads up to where something is cleared, and writes it.
  std::mutex clearing_;
};

}  // namespace hongyan::message::commands
