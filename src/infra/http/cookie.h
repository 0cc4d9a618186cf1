// Cookies (RFC 6265): reading the Cookie header, writing Set-Cookie.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hongyan::http {

// The value of the cookie `name` in a Cookie header; the first one when it repeats.
std::optional<std::string_view> find_cookie(std::string_view cookie_header, std::string_view name);

enum class SameSite { strict, lax };

// One Set-Cookie header.
struct SetCookie {
  // Token characters; `value` without spaces, commas, semicolons, quotes and backslashes.
  std::string name;
  std::string value;
  std::string path = "/";
  // Absent: until the browser ends. Zero: delete it now.
  std::optional<std::chrono::seconds> max_age;
  bool http_only = true;
  bool secure = true;
  SameSite same_site = SameSite::strict;
};

// The header's value.
std::string to_header(const SetCookie& cookie);

}  // namespace hongyan::http
