// Codes by a gateway that is told over HTTP, for phone numbers.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/result.h"
#include "domain/account/codes/types.h"
#include "infra/egress/resolver.h"
#include "infra/egress/target.h"

namespace hongyan::account {

struct HttpGateway {
  // The operator's, so it may lie anywhere.
  std::string url;
  // Empty: none is sent.
  std::string bearer_token;
  // Empty: the system's authorities.
  std::string ca_file;
};

// Thread-safe. Owned by PooledSender.
class HttpSender {
 public:
  explicit HttpSender(HttpGateway gateway) : gateway_(std::move(gateway)) {}

  // See CodeSender: any answer 2xx is a success. Blocks, at most `timeout`, name resolution aside.
  Result<void> send(const CodeLetter& letter, std::chrono::milliseconds timeout, const std::atomic<bool>& stopped);

 private:
  const HttpGateway gateway_;
  egress::SystemResolver resolver_;
};

}  // namespace hongyan::account
