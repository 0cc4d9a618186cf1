// From names to addresses.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "infra/egress/target.h"

namespace hongyan::egress {

// Thread-safe; outlives the client.
class Resolver {
 public:
  virtual ~Resolver() = default;

  // All addresses of `name`, at least one. Blocks. Errors: unavailable when there is none.
  virtual Result<std::vector<boost::asio::ip::address>> resolve(const std::string& name) = 0;
};

// The system's resolver, with its own time-outs (some 10 s as a rule).
class SystemResolver final : public Resolver {
 public:
  Result<std::vector<boost::asio::ip::address>> resolve(const std::string& name) override;
};

// The one that the target names, or else all that its name has. Blocks. Errors as of resolve().
Result<std::vector<boost::asio::ip::address>> addresses_of(const Target& target, Resolver& resolver);

}  // namespace hongyan::egress
