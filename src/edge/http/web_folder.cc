#include "edge/http/web_folder.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "infra/http/query.h"
#include "infra/http/static_files.h"

namespace hongyan::edge {
namespace {

namespace fs = std::filesystem;

constexpr char kIndex[] = "/index.html";

// As embed_files.cmake has them.
std::string_view type_of(const fs::path& file) {
  struct Type {
    std::string_view extension;
    std::string_view type;
  };
  static constexpr std::array kTypes{
      Type{".html", "text/html; charset=utf-8"},
      Type{".js", "text/javascript; charset=utf-8"},
      Type{".css", "text/css; charset=utf-8"},
      Type{".svg", "image/svg+xml"},
      Type{".json", "application/json"},
      Type{".png", "image/png"},
      Type{".ico", "image/x-icon"},
      Type{".woff2", "font/woff2"},
      Type{".webmanifest", "application/manifest+json"},
      Type{".txt", "text/plain; charset=utf-8"},
  };
  const std::string extension = file.extension().string();
  const auto* found = std::ranges::find(kTypes, std::string_view(extension), &Type::extension);
  return found == kTypes.end() ? "application/octet-stream" : found->type;
}

bool lies_below(const fs::path& file, const fs::path& root) {
  return std::ranges::mismatch(root, file).in1 == root.end();
}

}  // namespace

WebFolder::WebFolder(const fs::path& root) {
  std::error_code unknown;
  root_ = fs::canonical(root, unknown);
}

std::optional<http::Response> WebFolder::serve(const http::Request& request) const {
  if (request.method != http::Method::get && request.method != http::Method::head) return std::nullopt;
  const auto path = http::percent_decode(request.path);
  if (!path || root_.empty()) return std::nullopt;
  if (auto file = answer(*path == "/" ? kIndex : *path)) return file;
  return http::asks_for_page(request, *path) ? answer(kIndex) : std::nullopt;
}

std::optional<http::Response> WebFolder::answer(const std::string& path) const {
  // The system would end the name there.
  if (path.find('\0') != std::string::npos) return std::nullopt;
  std::error_code missing;
  const fs::path file = fs::canonical(root_.string() + path, missing);
  if (missing || !lies_below(file, root_) || !fs::is_regular_file(file, missing)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  http::Response response(200, type_of(file), std::string(std::istreambuf_iterator<char>(stream), {}));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace hongyan::edge
