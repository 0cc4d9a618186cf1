// The JSON codec over every request of the API: what is read and written again is read as the same.
#include <string>
#include <vector>

#include "input.h"
#include "wire/dispatcher.h"
#include "wire/json_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  static const wire::Dispatcher dispatcher;
  static const std::vector<const wire::Rpc*> rpcs = [] {
    std::vector<const wire::Rpc*> all;
    for (const auto& [name, rpc] : dispatcher.all()) all.push_back(&rpc);
    return all;
  }();
  fuzz::Input input(data, size);
  const wire::Rpc& rpc = *rpcs[input.byte() % rpcs.size()];
  const wire::MessagePtr first = rpc.new_request();
  if (!wire::from_json(input.rest(), *first)) return 0;
  const std::string written = wire::to_json(*first);
  const wire::MessagePtr second = rpc.new_request();
  fuzz::require(wire::from_json(written, *second).has_value(), "what is written can be read");
  fuzz::require(wire::to_json(*second) == written, "what is read again is the same");
  return 0;
}
