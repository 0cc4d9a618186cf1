// The log of the message store: whatever has become of a segment, what is read from it is what was written, from the beginning
// and whole; and whatever is in a record, the table either takes it or refuses it.
#include <memory>
#include <string>
#include <vector>

#include "infra/kv/live_table.h"
#include "infra/wal/record.h"
#include "input.h"

namespace hongyan {
namespace {

constexpr std::uint64_t kSalt = 0x5EED;

std::string segment_of(const std::vector<std::string>& payloads) {
  const auto begin = wal::segment_header(1, kSalt);
  std::string bytes(begin.data(), begin.size());
  wal::RecordNo number = 1;
  for (const std::string& payload : payloads) {
    const std::string_view part = payload;
    const auto header = wal::record_header(number++, kSalt, std::span(&part, 1));
    bytes.append(header.data(), header.size()).append(payload);
  }
  return bytes;
}

// Bytes that change, are cut off or come in.
void damage(fuzz::Input& input, std::string& bytes) {
  for (int times = input.byte() % 4; times > 0; --times) {
    const std::size_t at = (input.byte() * 256U + input.byte()) % (bytes.size() + 1);
    switch (input.byte() % 3) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(input.byte());
        break;
      case 1: bytes.resize(at); break;
      default: bytes.insert(at, 1 + input.byte() % 32, static_cast<char>(input.byte()));
    }
  }
}

void read_damaged(fuzz::Input& input) {
  std::vector<std::string> payloads;
  for (int count = input.byte() % 6; count > 0; --count) payloads.emplace_back(input.byte(), static_cast<char>(count));
  std::string bytes = segment_of(payloads);
  const std::string whole = bytes;
  damage(input, bytes);
  const auto content = wal::read_segment(bytes);
  if (bytes == whole) fuzz::require(content && content->payloads.size() == payloads.size(), "what is whole is read");
  if (!content) return;
  fuzz::require(content->payloads.size() <= payloads.size(), "nothing is made up");
  for (std::size_t i = 0; i < content->payloads.size(); ++i) {
    fuzz::require(content->payloads[i] == payloads[i], "what is read is what was written");
  }
}

void apply(std::string_view bytes) {
  const std::vector<kv::FamilySpec> families{{"plain"}, {"prefixed", 2}, {.name = "sequence", .sequence = true}};
  kv::LiveTable table(families);
  const auto kept = std::make_shared<const std::string>(bytes);
  (void)table.apply(kept, *kept);
  for (std::size_t family = 0; family < families.size(); ++family) {
    std::string_view last;
    for (const kv::Cell& cell : table.sorted(kv::Family{family})) {
      fuzz::require(last.empty() || last < cell.key(), "keys are sorted, and there once");
      const auto found = table.find(kv::Family{family}, cell.key());
      fuzz::require(found && found->erased() == cell.erased() && found->value() == cell.value(),
                    "what is listed is found");
      last = cell.key();
    }
  }
}

}  // namespace
}  // namespace hongyan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  fuzz::Input input(data, size);
  switch (input.byte() % 3) {
    case 0: (void)wal::read_segment(input.rest()); break;
    case 1: read_damaged(input); break;
    default: apply(input.rest());
  }
  return 0;
}
