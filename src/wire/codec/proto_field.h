// How many bytes protobuf takes for the fields of texts, bytes and messages whose number is below 16.
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include <cstddef>
#include <cstdint>

namespace hongyan::wire {

// Of a field that holds so many bytes: its tag, its length and what it holds.
inline std::size_t field_size(std::size_t size) {
  return 1 + google::protobuf::io::CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(size)) + size;
}

// The same of a field without presence, which is left out when it is empty.
inline std::size_t plain_field_size(std::size_t size) { return size == 0 ? 0 : field_size(size); }

}  // namespace hongyan::wire
