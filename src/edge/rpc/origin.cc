#include "edge/rpc/origin.h"

#include <algorithm>

namespace hongyan::edge {
namespace {

bool iequals(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

bool is_same_origin(std::string_view origin, std::string_view host, std::string_view public_url, bool secure) {
  if (!public_url.empty()) {
    if (public_url.ends_with('/')) public_url.remove_suffix(1);
    return iequals(origin, public_url);
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (secure && scheme == "http://") continue;
    if (origin.starts_with(scheme)) return !host.empty() && iequals(origin.substr(scheme.size()), host);
  }
  return false;
}

bool is_https(std::string_view public_url) { return public_url.starts_with("https://"); }

}  // namespace hongyan::edge
