// Result<T>: a value or an Error; HY_TRY and HY_CO_TRY pass failures on in one statement.
#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace hongyan {

template <class T>
using Result = std::expected<T, Error>;

// Shorthand for a failed Result.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}) {
  return std::unexpected<Error>(Error(code, std::move(detail)));
}
[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace hongyan

#define HY_CONCAT_INNER(a, b) a##b
#define HY_CONCAT(a, b) HY_CONCAT_INNER(a, b)
#define HY_PICK(_1, _2, NAME, ...) NAME

#define HY_TRY_IMPL2(ret, tmp, decl, expr)               \
  auto tmp = (expr);                                     \
  if (!tmp) ret std::unexpected(std::move(tmp).error()); \
  decl = std::move(*tmp)
#define HY_TRY_IMPL1(ret, tmp, expr) \
  if (auto tmp = (expr); !tmp) ret std::unexpected(std::move(tmp).error())

// HY_TRY(expr); or HY_TRY(auto value, expr);  in a function that returns Result.
#define HY_TRY1(expr) HY_TRY_IMPL1(return, HY_CONCAT(hy_try_, __LINE__), expr)
#define HY_TRY2(decl, expr) HY_TRY_IMPL2(return, HY_CONCAT(hy_try_, __LINE__), decl, expr)
#define HY_TRY(...) HY_PICK(__VA_ARGS__, HY_TRY2, HY_TRY1)(__VA_ARGS__)

// The same in a coroutine: HY_CO_TRY(co_await f()); HY_CO_TRY(auto value, co_await f());
#define HY_CO_TRY1(expr) HY_TRY_IMPL1(co_return, HY_CONCAT(hy_try_, __LINE__), expr)
#define HY_CO_TRY2(decl, expr) HY_TRY_IMPL2(co_return, HY_CONCAT(hy_try_, __LINE__), decl, expr)
#define HY_CO_TRY(...) HY_PICK(__VA_ARGS__, HY_CO_TRY2, HY_CO_TRY1)(__VA_ARGS__)
