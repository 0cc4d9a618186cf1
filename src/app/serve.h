// `hongyan serve`: from the command line to a drained end.
#pragma once

#include <string>

#include "app/settings.h"

namespace hongyan::app {

struct ServeOptions {
  std::string role = "all";
  std::string data;
  SettingsSource settings;
};

// Runs until SIGTERM or SIGINT. Prints how to reach the server, then "ready http=… metrics=… grpc=…". Answers the exit status:
// 0 after a drained stop, 1 when it could not start (with the reason on stderr).
int serve(const ServeOptions& options);

}  // namespace hongyan::app
