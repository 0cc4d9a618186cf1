// The built web client, embedded in the binary by web_client.cmake.
#pragma once

#include <vector>

#include "infra/http/static_files.h"

namespace hongyan::edge {

// Every file of the build; empty when the binary was built without it.
std::vector<http::StaticFile> web_client_files();

}  // namespace hongyan::edge
