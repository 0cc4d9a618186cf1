// What others post to hooks: whatever it is, it is refused or read as a text that a message can hold.
#include <simdjson.h>

#include <string>

#include "domain/integration/payload/payload.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  const fuzz::Input input(data, size);
  for (const char* type : {"application/json", "application/x-www-form-urlencoded"}) {
    for (const std::size_t most : {std::size_t{1}, std::size_t{40}, std::size_t{65'536}}) {
      const auto text = integration::read_payload(type, input.rest(), most);
      if (!text) continue;
      fuzz::require(!text->empty() && text->size() <= most, "a text is within its bounds");
      fuzz::require(simdjson::validate_utf8(text->data(), text->size()), "a text is UTF-8");
    }
  }
  return 0;
}
