// What the services of the slice work with.
#pragma once

#include <cstddef>
#include <functional>

#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/message/commands/arrival_order.h"
#include "domain/message/cursors/cursor_merger.h"
#include "domain/message/rules.h"
#include "domain/message/sequencing/command.h"
#include "domain/message/store.h"
#include "infra/async/blocking_pool.h"
#include "infra/text/words.h"

namespace hongyan::message {

// All must outlive the services.
struct ServicePorts {
  conversation::Api& conversations;
  account::Api& accounts;
  account::Privacy& privacy;
  Stores stores;
  CursorMerger& merger;
  sequencing::CommandSink& sink;
  commands::ArrivalOrder& order;
  // Where the store is read.
  async::BlockingPool& store_pool;
  // What is looked for in messages.
  const text::Words& words;
  // Tells moderators of a message with a word to review; as Reviewer::review.
  std::function<async::Task<Result<void>>(v1::Message, async::Deadline)> review;
  // Hears of a failed write beside the sequencer.
  std::function<void(Error)> on_store_failure;
};

struct ServiceOptions {
  ContentLimits content;
  // A page of history ends early beyond this.
  std::size_t page_bytes = 256 * 1024;
  // In larger groups nobody is told who reads what they have sent: there it is asked for.
  std::int64_t max_told_members = 500;
};

// Hands the command to the sequencer before it suspends for the first time, and answers what became of it; `turn`, when
// there is one, is over by then. Errors: as CommandSink::submit.
async::Task<Result<sequencing::Outcome>> submit(sequencing::CommandSink& sink, sequencing::Command command,
                                                commands::ArrivalOrder::Turn* turn = nullptr);

}  // namespace hongyan::message
