#include "wire/topics.h"

#include <atomic>

namespace hongyan::wire {
namespace {

std::atomic<std::uint64_t> last_number{0};

}  // namespace

Push::Push(std::string_view type, std::unique_ptr<const google::protobuf::Message> data, ConversationId conversation,
           HistoryPlace place)
    : number_(last_number.fetch_add(1, std::memory_order_relaxed) + 1),
      type_(type),
      data_(std::move(data)),
      conversation_(conversation),
      place_(std::move(place)) {}

Push::~Push() = default;

const ws::SharedFrame& Push::frame(const Frames& frames) const {
  Encoded& encoded = encoded_[static_cast<std::size_t>(frames.format())];
  std::call_once(encoded.once, [&] { encoded.frame = frames.encode(type_, {}, *data_); });
  return encoded.frame;
}

}  // namespace hongyan::wire
