// Whether a browser's request comes from our own pages.
#pragma once

#include <string>
#include <string_view>

namespace hongyan::edge {

// Whether `origin` (the Origin header) names this server: `public_url` when one is configured, otherwise the Host the
// request was sent to: over https when the request came that way (`secure`), else over either, as a proxy that we do not
// know may stand in between. "null" and anything malformed is foreign.
bool is_same_origin(std::string_view origin, std::string_view host, std::string_view public_url, bool secure);

// Whether the browser reaches us by https.
bool is_https(std::string_view public_url);

}  // namespace hongyan::edge
