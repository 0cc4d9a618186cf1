// A request and a response as plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hongyan::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

// "GET" and so on; "OTHER" for what the server has no name for.
std::string_view method_name(Method method);
// The method with this (case-sensitive) name.
Method method_of(std::string_view name);

// ASCII comparison without case.
bool iequals(std::string_view a, std::string_view b);

// Header fields in their order; names compare without case. Linear: a message has few.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  // The first value of `name`, nothing when it is absent. The view lives until the headers change.
  std::optional<std::string_view> find(std::string_view name) const;
  // The same, empty when absent.
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view()); }
  // All values of `name`, joined by ", ".
  std::string joined(std::string_view name) const;
  // How often `name` stands there.
  std::size_t count(std::string_view name) const;
  // Whether a comma-separated list header holds `token`, without case.
  bool has_token(std::string_view name, std::string_view token) const;

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  // Replaces all fields of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

struct Request {
  Method method = Method::get;
  // As sent, for methods that are `other`.
  std::string method_text;
  // Path as sent: begins with "/" (or is "*"), is percent-encoded, has no "." or ".." segment in any spelling.
  std::string path;
  // What follows the "?", still encoded (query.h).
  std::string query;
  Headers headers;
  std::string body;
  // Who asks: the other end of the connection, or, when that is a trusted proxy, whom it names.
  std::string client_ip;
  // Whether the client's connection is encrypted: ours, or the one to a trusted proxy.
  bool secure = false;
  // 10 or 11.
  int version = 11;
  bool keep_alive = true;
};

// The content of a response: owned, shared, or in static memory. Shared bodies are sent without a copy.
class Body {
 public:
  Body() = default;
  Body(std::string owned) : owned_(std::move(owned)) {}  // NOLINT(google-explicit-constructor)
  Body(const char* text) : owned_(text) {}               // NOLINT(google-explicit-constructor)
  Body(std::shared_ptr<const std::string> shared)
      : shared_(std::move(shared)) {}  // NOLINT(google-explicit-constructor)
  // `bytes` must live as long as the process, as embedded files do.
  static Body in_static_memory(std::string_view bytes) {
    Body body;
    body.static_ = bytes;
    return body;
  }

  std::string_view view() const {
    if (shared_) return *shared_;
    return static_.empty() ? std::string_view(owned_) : static_;
  }

 private:
  std::string owned_;
  std::shared_ptr<const std::string> shared_;
  std::string_view static_;
};

// The server adds Content-Length, Date and Connection itself.
struct Response {
  int status = 200;
  Headers headers;
  Body body;
  // Ends the connection after this response.
  bool close = false;

  Response() = default;
  explicit Response(int status_code) : status(status_code) {}
  Response(int status_code, std::string_view content_type, Body content)
      : status(status_code), body(std::move(content)) {
    headers.add("Content-Type", std::string(content_type));
  }
};

// "Not Found" for 404, "Unknown" for what has no phrase.
std::string_view reason_phrase(int status);

}  // namespace hongyan::http
