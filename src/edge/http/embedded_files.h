// Files that are embedded in the binary by embed_files.cmake.
#pragma once

#include <vector>

#include "infra/http/static_files.h"

namespace hongyan::edge {

// Every file of the built web client; empty when the binary was built without it.
std::vector<http::StaticFile> web_client_files();

// The descriptions of the API, and below /docs the page that shows them, unless the binary was built without it.
std::vector<http::StaticFile> api_docs_files();

}  // namespace hongyan::edge
