#include "wire/topics.h"

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
  if (encoded.done.load(std::memory_order_acquire)) return encoded.frame;
  const std::lock_guard lock(encoding_);
  if (!encoded.done.load(std::memory_order_relaxed)) {
    encoded.frame = frames.encode(type_, {}, *data_);
    encoded.done.store(true, std::memory_order_release);
  }
  return encoded.frame;
}

}  // namespace hongyan::wire
