// rpc name -> handler, and REST route -> rpc. Built from the proto descriptors, so one definition serves every edge.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/result.h"
#include "hongyan/v1/options.pb.h"
#include "infra/async/task.h"
#include "wire/caller.h"

namespace hongyan::wire {

using MessagePtr = std::unique_ptr<google::protobuf::Message>;
using Handler = std::function<async::Task<Result<MessagePtr>>(Caller, MessagePtr)>;
// Answers a request; called once, from any thread.
using Reply = std::move_only_function<void(Result<MessagePtr>)>;
// Takes a request that needs no waiting before its reply. False, and caller, request and reply are untouched, for one that
// does and for one that lacks a required field: then the handler is to be called.
using DirectHandler = std::function<bool(const Caller&, google::protobuf::Message&, Reply&)>;

// One segment of a route: a literal or the name of a request field.
struct RouteSegment {
  std::string text;
  bool is_field = false;
};

// One declared rpc. Lives as long as the Dispatcher.
struct Rpc {
  // "message.send": the WebSocket type.
  std::string name;
  const google::protobuf::MethodDescriptor* method = nullptr;
  v1::RpcOptions::Access access = v1::RpcOptions::UNSPECIFIED;
  // An API key may call it whose scopes name it.
  bool for_keys = false;
  // "POST"
  std::string verb;
  // "/v1/conversations/{conversation_id}/messages": what logs and metrics name.
  std::string route;
  std::vector<RouteSegment> segments;
  const google::protobuf::Message* request_prototype = nullptr;
  // Fields of the request that are marked as required.
  std::vector<const google::protobuf::FieldDescriptor*> required;
  Handler handler;
  // Beside the handler, for what is asked very often; null for most.
  DirectHandler direct;

  MessagePtr new_request() const { return MessagePtr(request_prototype->New()); }
  // Errors: invalid_argument naming the first required field that is unset, empty or 0.
  Result<void> check_required(const google::protobuf::Message& request) const;
};

// A route that matched, with the texts of its path fields.
struct RouteMatch {
  const Rpc* rpc = nullptr;
  std::vector<std::pair<std::string, std::string>> fields;
};

// The table of all rpcs. Filled by the slices at start-up on the main thread, read-only afterwards, from any thread.
class Dispatcher {
 public:
  // Reads every service of package hongyan.v1. Throws std::logic_error on a method without http or access option, on a
  // route whose fields the request lacks, and on two routes that cannot be told apart.
  Dispatcher();

  // Registers the handler of `name`. Throws when the rpc is not declared, has other types or a handler already.
  template <class Req, class Resp>
  void add(std::string_view name, std::function<async::Task<Result<Resp>>(Caller, Req)> function) {
    Rpc& rpc = declared(name, Req::descriptor(), Resp::descriptor());
    rpc.handler = [function = std::move(function)](Caller caller, MessagePtr request) {
      return call_typed<Req, Resp>(function, std::move(caller), std::move(request));
    };
  }

  // Registers a coroutine of what it works on, a reference or a cheap copy, of the caller and of the request.
  template <class Target, class Req, class Resp>
  void add(std::string_view name, std::type_identity_t<Target> target,
           async::Task<Result<Resp>> (*handler)(Target, Caller, Req)) {
    add<Req, Resp>(name, [held = std::tuple<Target>(target), handler](Caller caller, Req request) {
      return handler(std::get<0>(held), std::move(caller), std::move(request));
    });
  }

  // Registers the direct way of an rpc that has a handler. `direct` gets what it works on, caller, request and reply.
  template <class Target, class Req>
  void add_direct(std::string_view name, Target& target, bool (*direct)(Target&, const Caller&, Req&, Reply&)) {
    const auto found = rpcs_.find(name);
    HY_CHECK(found != rpcs_.end() && found->second.handler);
    Rpc& rpc = found->second;
    HY_CHECK(rpc.method->input_type() == Req::descriptor());
    rpc.direct = [&target, direct](const Caller& caller, google::protobuf::Message& request, Reply& reply) {
      return direct(target, caller, static_cast<Req&>(request), reply);
    };
  }

  // Throws std::logic_error naming every declared rpc that has no handler.
  void verify() const;

  // The rpc of this name, null when there is none.
  const Rpc* find(std::string_view name) const;

  // The rpc for this verb and percent-decoded path segments. Literal segments win over fields, also when they have other verbs. Errors: not_found, and
  // method_not_allowed when the path exists with another verb.
  Result<RouteMatch> route(std::string_view verb, std::string_view path) const;

  // What the path answers, as the header Allow lists it: "GET, HEAD, PATCH". Empty for an unknown path.
  std::string allowed(std::string_view path) const;

  // All declared rpcs, by name.
  const std::map<std::string, Rpc, std::less<>>& all() const { return rpcs_; }

 private:
  template <class Req, class Resp>
  static async::Task<Result<MessagePtr>> call_typed(
      const std::function<async::Task<Result<Resp>>(Caller, Req)>& function, Caller caller, MessagePtr request) {
    // declared() has compared the types, so the cast cannot be wrong.
    auto& typed = static_cast<Req&>(*request);
    Result<Resp> response = co_await function(std::move(caller), std::move(typed));
    if (!response) co_return std::unexpected(std::move(response).error());
    co_return std::make_unique<Resp>(std::move(*response));
  }

  Rpc& declared(std::string_view name, const google::protobuf::Descriptor* request,
                const google::protobuf::Descriptor* response);
  void declare(const google::protobuf::MethodDescriptor& method);
  // The rpcs of a path, by verb: where a literal route matches, those with fields do not, whatever their verbs.
  std::vector<const Rpc*> at(const std::vector<std::string>& parts) const;
  void check_routes() const;

  std::map<std::string, Rpc, std::less<>> rpcs_;
};

// "hongyan.v1.AuthService" + "LoginByCode" -> "auth.login_by_code".
std::string rpc_name(const google::protobuf::MethodDescriptor& method);

}  // namespace hongyan::wire
