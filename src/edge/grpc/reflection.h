// What this server serves, for tools that ask: the answers of gRPC's reflection service.
#pragma once

#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.pb.h"

namespace hongyan::edge {

// Knows the services given to it and the files these need; of anything else that is linked into the process (records,
// node-to-node calls) it tells nothing. Immutable, thread-safe. Owned by the gRPC server.
class Reflection {
 public:
  explicit Reflection(const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  // The answer to one question; to what is not known an error_response with NOT_FOUND. Never fails.
  ::grpc::reflection::v1::ServerReflectionResponse answer(
      const ::grpc::reflection::v1::ServerReflectionRequest& request) const;

  // Full names of the services, sorted.
  const std::set<std::string>& services() const { return services_; }

 private:
  using File = google::protobuf::FileDescriptor;

  void add_file(const File& file);
  // Null for what is not public.
  const File* known(const File* file) const;

  std::set<std::string> services_;
  std::set<const File*> files_;
};

}  // namespace hongyan::edge
