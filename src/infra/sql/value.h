// What goes into a statement and what comes out of it, without a word of SOCI.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"

namespace hongyan::sql {

// One bound parameter or one fetched cell. nullptr is NULL.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

enum class CellKind : std::uint8_t { integer, real, text };

// What a column is fetched as.
struct ColumnType {
  CellKind kind = CellKind::integer;
  // A NULL in a column that is not nullable is refused as `internal`: the schema promised otherwise.
  bool nullable = false;
};

// How a C++ type is bound and fetched: integers, bool, double, std::string, Strong ids, enums and std::optional of
// them.
template <class T>
struct ValueOf;

template <class T>
  requires std::integral<T> || std::is_enum_v<T>
struct ValueOf<T> {
  static constexpr ColumnType type{CellKind::integer, false};
  static Value bind(T value) { return static_cast<std::int64_t>(value); }
  static T fetch(Value value) { return static_cast<T>(std::get<std::int64_t>(value)); }
};

template <>
struct ValueOf<double> {
  static constexpr ColumnType type{CellKind::real, false};
  static Value bind(double value) { return value; }
  static double fetch(Value value) { return std::get<double>(value); }
};

template <>
struct ValueOf<std::string> {
  static constexpr ColumnType type{CellKind::text, false};
  static Value bind(std::string value) { return value; }
  static std::string fetch(Value value) { return std::get<std::string>(std::move(value)); }
};

template <>
struct ValueOf<std::string_view> {
  static Value bind(std::string_view value) { return std::string(value); }
};

template <>
struct ValueOf<const char*> {
  static Value bind(const char* value) { return std::string(value); }
};

template <>
struct ValueOf<std::nullptr_t> {
  static Value bind(std::nullptr_t) { return nullptr; }
};

template <>
struct ValueOf<Value> {
  static Value bind(Value value) { return value; }
};

template <class Tag, class Rep>
struct ValueOf<Strong<Tag, Rep>> {
  static constexpr ColumnType type{CellKind::integer, false};
  static Value bind(Strong<Tag, Rep> value) { return static_cast<std::int64_t>(value.value); }
  static Strong<Tag, Rep> fetch(Value value) {
    return Strong<Tag, Rep>(static_cast<Rep>(std::get<std::int64_t>(value)));
  }
};

template <class T>
struct ValueOf<std::optional<T>> {
  static constexpr ColumnType type{ValueOf<T>::type.kind, true};
  static Value bind(std::optional<T> value) { return value ? ValueOf<T>::bind(*std::move(value)) : Value(nullptr); }
  static std::optional<T> fetch(Value value) {
    if (std::holds_alternative<std::nullptr_t>(value)) return std::nullopt;
    return ValueOf<T>::fetch(std::move(value));
  }
};

// The parameters of a statement, in the order in which their placeholders appear.
template <class... Args>
std::vector<Value> values(Args&&... args) {
  std::vector<Value> list;
  list.reserve(sizeof...(args));
  (list.push_back(ValueOf<std::decay_t<Args>>::bind(std::forward<Args>(args))), ...);
  return list;
}

}  // namespace hongyan::sql
