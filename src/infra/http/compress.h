// Compression of whole files. Slow on purpose: done once, served often.
#pragma once

#include <string>
#include <string_view>

namespace hongyan::http {

// Empty when it failed.
std::string compress_brotli(std::string_view bytes);
std::string compress_gzip(std::string_view bytes);

}  // namespace hongyan::http
