// The feed through the control socket.
#pragma once

#include "domain/message/feed/service.h"
#include "hongyan/internal/control.pb.h"

namespace hongyan::app {

// Does what the request says of the feed. Never fails otherwise than in the response. A repeat is harmless.
async::Task<internal::ControlResponse> use_feed(message::FeedService& feed, internal::ControlRequest request,
                                                async::Deadline deadline);

// A page as it travels, and back.
internal::FeedPageRecord to_record(const message::FeedPage& page);
message::FeedPage to_page(const internal::FeedPageRecord& record);

}  // namespace hongyan::app
