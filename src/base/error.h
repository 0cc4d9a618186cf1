// What went wrong, as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/error_code.h"

namespace hongyan {

// An expected failure. `code` and the public extras reach the client; `detail` is for the log only and may name
// internals. Value type, no ownership.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;
  // Path of the offending field of the request, for example "content.text.text".
  std::string field;
  // When a repeat makes sense.
  std::optional<std::int64_t> retry_after_ms;
  // End of a mute, Unix milliseconds UTC.
  std::optional<std::int64_t> until_ms;

  Error() = default;
  explicit Error(ErrorCode error_code, std::string log_detail = {}) : code(error_code), detail(std::move(log_detail)) {}

  // An `invalid_argument` that names the field.
  static Error invalid(std::string field_path, std::string why) {
    Error error(ErrorCode::invalid_argument, std::move(why));
    error.field = std::move(field_path);
    return error;
  }

  // A refusal that says when to come back.
  static Error later(ErrorCode error_code, std::int64_t after_ms, std::string log_detail = {}) {
    Error error(error_code, std::move(log_detail));
    error.retry_after_ms = after_ms;
    return error;
  }
};

}  // namespace hongyan
