#include "wire/error_message.h"

#include <string>

namespace hongyan::wire {

v1::Error error_message(const Error& error, std::string_view request_id) {
  v1::Error out;
  out.set_code(std::string(error_name(error.code)));
  out.set_message(std::string(error_text(error.code)));
  if (!error.field.empty()) out.set_field(error.field);
  if (error.retry_after_ms) out.set_retry_after_ms(*error.retry_after_ms);
  if (error.until_ms) out.set_until_ms(*error.until_ms);
  out.set_request_id(std::string(request_id));
  return out;
}

}  // namespace hongyan::wire
