#include "app/control/feed.h"

#include "app/control/admin.h"

namespace hongyan::app {

using internal::ControlRequest;
using internal::ControlResponse;
using message::FeedOffset;

async::Task<ControlResponse> use_feed(message::FeedService& feed, ControlRequest request, async::Deadline deadline) {
  ControlResponse response;
  response.set_done(true);
  if (request.has_ack_feed()) {
    const auto done = co_await feed.ack(request.ack_feed().name(), FeedOffset(request.ack_feed().offset()), deadline);
    co_return done ? std::move(response) : refused(done.error());
  }
  const auto limit = static_cast<std::size_t>(request.read_feed().limit());
  const auto page = co_await feed.read(request.read_feed().name(), limit, deadline);
  if (!page) co_return refused(page.error());
  *response.mutable_feed() = to_record(*page);
  co_return response;
}

internal::FeedPageRecord to_record(const message::FeedPage& page) {
  internal::FeedPageRecord record;
  record.set_lost_before(page.lost_before ? page.lost_before->value : 0);
  for (const message::FeedEntry& entry : page.entries) {
    auto& item = *record.add_entries();
    item.set_offset(entry.offset.value);
    item.set_conversation_id(entry.conversation.value);
    item.set_seq(entry.seq.value);
    item.set_change(entry.change.value);
    item.set_kind(static_cast<std::int32_t>(entry.kind));
    item.set_time_ms(entry.time.value);
  }
  return record;
}

message::FeedPage to_page(const internal::FeedPageRecord& record) {
  message::FeedPage page;
  if (record.lost_before() > 0) page.lost_before = FeedOffset(record.lost_before());
  for (const auto& item : record.entries()) {
    page.entries.push_back({FeedOffset(item.offset()), ConversationId(item.conversation_id()), Seq(item.seq()),
                            ChangeNo(item.change()), static_cast<message::FeedKind>(item.kind()),
                            TimeMs(item.time_ms())});
  }
  return page;
}

}  // namespace hongyan::app
