// What holds for every transfer by libcurl, whatever its protocol.
#pragma once

#include <curl/curl.h>

#include <string>

namespace hongyan::net {

// Only TLS 1.2 and newer, with certificates that are checked against the authorities in `ca_file`, or the system's when it is empty.
// `ca_file` must outlive the transfer.
void set_tls_policy(CURL* curl, const std::string& ca_file);

// Not what the environment of the process says: no proxy, no .netrc.
void ignore_environment(CURL* curl);

}  // namespace hongyan::net
