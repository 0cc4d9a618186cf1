// What the main thread does while the server runs.
#pragma once

#include "infra/net/module.h"

namespace hongyan::app {

// Waits for the first SIGTERM or SIGINT and answers its number; a second SIGINT ends the process at once. Meanwhile SIGHUP
// has the certificate read again, and so has a change of its files, which are looked at every now and then. Blocks; main
// thread only.
int wait_for_end(net::Module& tls);

}  // namespace hongyan::app
