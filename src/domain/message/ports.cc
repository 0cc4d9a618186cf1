#include "domain/message/ports.h"

#include "domain/message/await_answer.h"

namespace hongyan::message {

async::Task<Result<sequencing::Outcome>> submit(sequencing::CommandSink& sink, sequencing::Command command,
                                                commands::ArrivalOrder::Turn* turn) {
  const async::Deadline deadline = command.deadline;
  auto begin = [&sink, turn, command = std::move(command)](sequencing::Done done) mutable {
    sink.submit(std::move(command), std::move(done));
    if (turn != nullptr) turn->leave();
  };
  return await_answer<sequencing::Outcome>(deadline, std::move(begin));
}

}  // namespace hongyan::message
