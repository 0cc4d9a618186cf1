#include "infra/http/static_files.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/assert.h"
#include "infra/http/compress.h"
#include "infra/http/query.h"

namespace hongyan::http {
namespace {

// Smaller files fit a packet as they are.
constexpr std::size_t kWorthCompressing = 1024;
constexpr std::string_view kIndex = "/index.html";

std::string digest_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  HY_CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  std::string out;
  for (std::size_t i = 0; i < 12; ++i) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    out.push_back(kHex[digest[i] >> 4]);
    out.push_back(kHex[digest[i] & 15]);
  }
  return out;
}

bool is_compressible(std::string_view content_type) {
  for (const std::string_view part : {"text/", "javascript", "json", "svg", "xml", "wasm", "manifest"}) {
    if (content_type.find(part) != std::string_view::npos) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Whether Accept-Encoding names `coding` with a weight above zero.
bool accepts(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (!iequals(trim(item.substr(0, semicolon)), coding)) continue;
    std::string_view weight = trim(item.substr(std::min(semicolon + 1, item.size())));
    if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return true;
    weight.remove_prefix(2);
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

// Whether If-None-Match lists the tag; weak comparison, as RFC 9110 section 13.1.2 wants.
bool lists_tag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view item = trim(if_none_match.substr(0, comma));
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == etag) return true;
  }
  return false;
}

}  // namespace

// The compressed forms of one file; null where there is none or it would not be smaller.
struct StaticFiles::Variants {
  std::shared_ptr<const std::string> brotli;
  std::shared_ptr<const std::string> gzip;
};

struct StaticFiles::Entry {
  StaticFile file;
  std::string digest;
  // Set once by compress(), read by all threads.
  std::atomic<std::shared_ptr<const Variants>> variants;
};

bool asks_for_page(const Request& request, std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return last.find('.') == std::string_view::npos &&
         request.headers.joined("Accept").find("text/html") != std::string::npos;
}

StaticFiles::StaticFiles(const std::vector<StaticFile>& files, StaticFilesOptions options)
    : options_(std::move(options)) {
  for (const StaticFile& file : files) {
    auto entry = std::make_unique<Entry>();
    entry->file = file;
    entry->digest = digest_of(file.bytes);
    entries_.push_back(std::move(entry));
  }
  std::ranges::sort(entries_, {}, [](const auto& entry) { return entry->file.path; });
}

StaticFiles::~StaticFiles() = default;

std::size_t StaticFiles::size() const { return entries_.size(); }

const StaticFiles::Entry* StaticFiles::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries_, path, {}, [](const auto& entry) { return entry->file.path; });
  return found != entries_.end() && (*found)->file.path == path ? found->get() : nullptr;
}

std::optional<Response> StaticFiles::serve(const Request& request) const {
  if (request.method != Method::get && request.method != Method::head) return std::nullopt;
  const auto path = percent_decode(request.path);
  if (!path) return std::nullopt;
  const Entry* entry = find(*path == "/" ? kIndex : std::string_view(*path));
  if (entry == nullptr) entry = page_for(request, *path);
  if (entry == nullptr) return std::nullopt;
  return answer(request, *entry);
}

const StaticFiles::Entry* StaticFiles::page_for(const Request& request, std::string_view path) const {
  if (options_.fallback.empty() || path.starts_with(options_.immutable_prefix)) return nullptr;
  return asks_for_page(request, path) ? find(options_.fallback) : nullptr;
}

Response StaticFiles::answer(const Request& request, const Entry& entry) const {
  const StaticFile& file = entry.file;
  const auto variants = entry.variants.load();
  const std::string accept_encoding = request.headers.joined("Accept-Encoding");
  Body body = Body::in_static_memory(file.bytes);
  std::string_view coding;
  if (accepts(accept_encoding, "br") && (!file.brotli.empty() || (variants && variants->brotli))) {
    coding = "br";
    body = file.brotli.empty() ? Body(variants->brotli) : Body::in_static_memory(file.brotli);
  } else if (accepts(accept_encoding, "gzip") && (!file.gzip.empty() || (variants && variants->gzip))) {
    coding = "gzip";
    body = file.gzip.empty() ? Body(variants->gzip) : Body::in_static_memory(file.gzip);
  }

  Response response(200);
  // Other bytes, another tag: a cache must not answer one coding with the other.
  std::string etag = '"' + entry.digest;
  if (!coding.empty()) etag.append("-").append(coding);
  etag += '"';
  if (lists_tag(request.headers.joined("If-None-Match"), etag)) {
    response.status = 304;
  } else {
    response.headers.add("Content-Type", std::string(file.content_type));
    if (!coding.empty()) response.headers.add("Content-Encoding", std::string(coding));
    response.body = std::move(body);
  }
  const bool immutable = file.path.starts_with(options_.immutable_prefix);
  response.headers.add("ETag", std::move(etag));
  response.headers.add("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("X-Content-Type-Options", "nosniff");
  return response;
}

void StaticFiles::compress() {
  for (const auto& entry : entries_) {
    const StaticFile& file = entry->file;
    if (file.bytes.size() < kWorthCompressing || !is_compressible(file.content_type)) continue;
    const auto keep = [&](std::string compressed) -> std::shared_ptr<const std::string> {
      // A gain of less than a tenth is not worth the client's work.
      if (compressed.empty() || compressed.size() > file.bytes.size() / 10 * 9) return nullptr;
      return std::make_shared<const std::string>(std::move(compressed));
    };
    auto variants = std::make_shared<Variants>();
    if (file.brotli.empty()) variants->brotli = keep(compress_brotli(file.bytes));
    if (file.gzip.empty()) variants->gzip = keep(compress_gzip(file.bytes));
    entry->variants.store(std::move(variants));
  }
}

}  // namespace hongyan::http
