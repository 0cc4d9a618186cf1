// The column families of the message store, in the order in which they were added: never reordered, only appended to.
#pragma once

#include "infra/kv/write_batch.h"

namespace hongyan::message::family {

inline constexpr kv::Family kMessages{0};
inline constexpr kv::Family kKeys{1};
inline constexpr kv::Family kHeads{2};
inline constexpr kv::Family kCursors{3};
inline constexpr kv::Family kOwn{4};
inline constexpr kv::Family kMeta{5};
inline constexpr kv::Family kChanges{6};
inline constexpr kv::Family kBounds{7};
inline constexpr kv::Family kMentions{8};
inline constexpr kv::Family kPins{9};
inline constexpr kv::Family kHidden{10};
inline constexpr kv::Family kFeed{11};

}  // namespace hongyan::message::family
