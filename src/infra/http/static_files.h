// Files embedded in the binary, served with compression and cache headers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/http/message.h"

namespace hongyan::http {

// One embedded file. The views point into static memory.
struct StaticFile {
  // Begins with "/", for example "/assets/index-3f2a.js".
  std::string_view path;
  std::string_view content_type;
  std::string_view bytes;
  // Compressed at build time; empty when there is none.
  std::string_view brotli;
  std::string_view gzip;
};

struct StaticFilesOptions {
  // Paths that begin with this carry a hash in their name and never change.
  std::string immutable_prefix = "/assets/";
  // Answers navigation to a path that is no file; empty for none.
  std::string fallback = "/index.html";
};

// Whether a browser navigates to a page of the web client: such a path has no extension, and only who navigates asks for
// HTML. A missing script or an unknown API path stays a 404.
bool asks_for_page(const Request& request, std::string_view path);

// Serves a fixed set of files by exact path, so that no path can reach anything else. Built at start; afterwards
// thread-safe. compress() may run while requests are served.
class StaticFiles {
 public:
  explicit StaticFiles(const std::vector<StaticFile>& files, StaticFilesOptions options = {});
  ~StaticFiles();
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  // The response to a GET or HEAD of a known file or of a page of the web client: 200 or 304. Nothing for anything
  // else: the caller answers 404. "/" is index.html.
  std::optional<Response> serve(const Request& request) const;

  // Compresses (brotli, gzip) what has no compressed form yet and gains from it. Takes about a second of CPU for some
  // megabytes: call it once, off the io threads. Until then files are sent as they are.
  void compress();

  std::size_t size() const;

 private:
  struct Entry;
  struct Variants;

  const Entry* find(std::string_view path) const;
  const Entry* page_for(const Request& request, std::string_view path) const;
  Response answer(const Request& request, const Entry& entry) const;

  const StaticFilesOptions options_;
  // Sorted by path.
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace hongyan::http
