#include "wire/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/contact.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/group_service.pb.h"
#include "hongyan/v1/message.pb.h"
#include "hongyan/v1/presence.pb.h"
#include "hongyan/v1/sync.pb.h"
#include "hongyan/v1/user.pb.h"
#include "wire/names.h"

namespace hongyan::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// The files that declare services. Naming them keeps the linker from dropping them and the list explicit.
std::vector<const FileDescriptor*> service_files() {
  return {v1::LoginRequest::descriptor()->file(),    v1::User::descriptor()->file(),
          v1::Contact::descriptor()->file(),         v1::Conversation::descriptor()->file(),
          v1::GetGroupRequest::descriptor()->file(), v1::Message::descriptor()->file(),
          v1::Presence::descriptor()->file(),        v1::PullRequest::descriptor()->file()};
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t begin = path.starts_with('/') ? 1 : 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<RouteSegment> parse_template(const MethodDescriptor& method, std::string_view path) {
  std::vector<RouteSegment> segments;
  for (const std::string& part : split_path(path)) {
    const bool is_field = part.starts_with('{') && part.ends_with('}');
    RouteSegment segment{is_field ? part.substr(1, part.size() - 2) : part, is_field};
    const FieldDescriptor* field = is_field ? method.input_type()->FindFieldByName(segment.text) : nullptr;
    if (is_field &&
        (field == nullptr || field->is_repeated() || field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)) {
      throw std::logic_error("route of " + method.full_name() + " names no plain field: " + segment.text);
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

// Two templates are ambiguous when no literal tells them apart at any place.
bool ambiguous(const Rpc& a, const Rpc& b) {
  if (a.verb != b.verb || a.segments.size() != b.segments.size()) return false;
  return std::ranges::equal(a.segments, b.segments, [](const RouteSegment& x, const RouteSegment& y) {
    return x.is_field == y.is_field && (x.is_field || x.text == y.text);
  });
}

bool matches(const Rpc& rpc, const std::vector<std::string>& parts) {
  return std::ranges::equal(rpc.segments, parts, [](const RouteSegment& segment, const std::string& part) {
    return segment.is_field ? !part.empty() : segment.text == part;
  });
}

// Literal segments win over fields, from the left.
bool more_literal(const Rpc& a, const Rpc& b) {
  for (std::size_t i = 0; i < a.segments.size(); ++i) {
    if (a.segments[i].is_field != b.segments[i].is_field) return b.segments[i].is_field;
  }
  return false;
}

bool is_required(const FieldDescriptor& field) { return field.options().GetExtension(v1::json).required(); }

// Whether the field says anything: proto3 cannot tell "" and 0 from absent, and neither is ever a value of a required one.
bool is_given(const google::protobuf::Message& message, const FieldDescriptor& field) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
}

}  // namespace

Result<void> Rpc::check_required(const google::protobuf::Message& request) const {
  const auto missing = std::ranges::find_if(required, [&](const auto* field) { return !is_given(request, *field); });
  if (missing == required.end()) return {};
  return fail(Error::invalid((*missing)->name(), "is missing"));
}

std::string rpc_name(const MethodDescriptor& method) {
  std::string service(method.service()->name());
  if (service.ends_with("Service")) service.resize(service.size() - std::string_view("Service").size());
  return snake_case(service) + "." + snake_case(method.name());
}

Dispatcher::Dispatcher() {
  for (const FileDescriptor* file : service_files()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) declare(*file->service(s)->method(m));
    }
  }
  check_routes();
}

void Dispatcher::declare(const MethodDescriptor& method) {
  const v1::RpcOptions& options = method.options().GetExtension(v1::rpc);
  const std::string_view http = options.http();
  const std::size_t space = http.find(' ');
  if (options.access() == v1::RpcOptions::UNSPECIFIED || space == std::string_view::npos) {
    throw std::logic_error(method.full_name() + " needs options http and access");
  }
  Rpc rpc;
  rpc.name = rpc_name(method);
  rpc.method = &method;
  rpc.access = options.access();
  rpc.for_keys = options.api_key() || rpc.access == v1::RpcOptions::API_KEY;
  rpc.verb = http.substr(0, space);
  rpc.route = http.substr(space + 1);
  rpc.segments = parse_template(method, rpc.route);
  rpc.request_prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  for (int i = 0; i < method.input_type()->field_count(); ++i) {
    const FieldDescriptor& field = *method.input_type()->field(i);
    if (is_required(field)) rpc.required.push_back(&field);
  }
  const std::string name = rpc.name;
  if (!rpcs_.emplace(name, std::move(rpc)).second) throw std::logic_error("declared twice: " + name);
}

void Dispatcher::check_routes() const {
  for (auto a = rpcs_.begin(); a != rpcs_.end(); ++a) {
    for (auto b = std::next(a); b != rpcs_.end(); ++b) {
      if (ambiguous(a->second, b->second)) {
        throw std::logic_error("routes cannot be told apart: " + a->first + " and " + b->first);
      }
    }
  }
}

Rpc& Dispatcher::declared(std::string_view name, const Descriptor* request, const Descriptor* response) {
  const auto found = rpcs_.find(name);
  if (found == rpcs_.end()) throw std::logic_error("no such rpc: " + std::string(name));
  Rpc& rpc = found->second;
  if (rpc.handler) throw std::logic_error("registered twice: " + rpc.name);
  if (rpc.method->input_type() != request || rpc.method->output_type() != response) {
    throw std::logic_error("wrong types for " + rpc.name);
  }
  return rpc;
}

void Dispatcher::verify() const {
  std::string missing;
  for (const auto& [name, rpc] : rpcs_) {
    if (!rpc.handler) missing += " " + name;
  }
  if (!missing.empty()) throw std::logic_error("declared rpcs without a handler:" + missing);
}

const Rpc* Dispatcher::find(std::string_view name) const {
  const auto found = rpcs_.find(name);
  return found == rpcs_.end() ? nullptr : &found->second;
}

std::vector<const Rpc*> Dispatcher::at(const std::vector<std::string>& parts) const {
  std::vector<const Rpc*> found;
  for (const auto& [name, rpc] : rpcs_) {
    if (!matches(rpc, parts)) continue;
    if (!found.empty() && more_literal(*found.front(), rpc)) continue;
    if (!found.empty() && more_literal(rpc, *found.front())) found.clear();
    found.push_back(&rpc);
  }
  return found;
}

Result<RouteMatch> Dispatcher::route(std::string_view verb, std::string_view path) const {
  const std::vector<std::string> parts = split_path(path);
  const std::vector<const Rpc*> found = at(parts);
  if (found.empty()) return fail(ErrorCode::not_found);
  const auto wanted = std::ranges::find(found, verb, &Rpc::verb);
  if (wanted == found.end()) return fail(ErrorCode::method_not_allowed);
  RouteMatch match{*wanted, {}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (match.rpc->segments[i].is_field) match.fields.emplace_back(match.rpc->segments[i].text, parts[i]);
  }
  return match;
}

std::string Dispatcher::allowed(std::string_view path) const {
  std::set<std::string_view> verbs;
  for (const Rpc* rpc : at(split_path(path))) verbs.insert(rpc->verb);
  if (verbs.contains("GET")) verbs.insert("HEAD");
  return fmt::format("{}", fmt::join(verbs, ", "));
}

}  // namespace hongyan::wire
