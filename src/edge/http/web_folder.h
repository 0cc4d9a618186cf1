// The web client from a folder.
#pragma once

#include <filesystem>
#include <optional>

#include "infra/http/message.h"

namespace hongyan::edge {

// Serves the files below a folder as they are at that moment, in place of those in the binary: for working on the web
// client. Reads each on the thread that asks and keeps nothing. Thread-safe. Owned by the http module.
class WebFolder {
 public:
  // Links are followed once, here; below the folder none leads out of it. A folder that is not there serves nothing.
  explicit WebFolder(const std::filesystem::path& root);

  // The response to a GET or HEAD of a file or of a page of the web client. Nothing for anything else: the caller
  // answers 404. "/" is index.html.
  std::optional<http::Response> serve(const http::Request& request) const;

 private:
  // The file at a decoded path; nothing when there is none, or when it lies elsewhere.
  std::optional<http::Response> answer(const std::string& path) const;

  std::filesystem::path root_;
};

}  // namespace hongyan::edge
