#include "bench/reference/requests.h"

#include "bench/protocol/json_search.h"
#include "bench/protocol/proto_fields.h"

namespace hongyan::bench::reference {
namespace {

Kind kind_of(std::string_view type) {
  if (type == "message.send") return Kind::send;
  if (type == "auth") return Kind::auth;
  return type == "ping" ? Kind::ping : Kind::unknown;
}

void read_send(std::string_view data, Request& request) {
  protocol::Field field;
  for (protocol::Fields fields(data); fields.next(field);) {
    switch (field.number) {
      case 1: request.conversation = field.value; break;
      case 2: request.client_msg_id = field.bytes; break;
      case 3: request.content = field.bytes; break;
      default: break;
    }
  }
}

}  // namespace

Request read_json(std::string_view payload) {
  Request request;
  request.kind = kind_of(protocol::string_of(payload, R"("type":")"));
  request.id = protocol::string_of(payload, R"("id":")");
  if (request.kind == Kind::auth) request.token = protocol::string_of(payload, R"("token":")");
  if (request.kind != Kind::send) return request;
  request.conversation = protocol::number_of(payload, R"("conversation_id":")");
  std::string_view rest = protocol::after(payload, R"("client_msg_id":")");
  request.client_msg_id = protocol::up_to_quote(rest);
  request.content = protocol::after(rest, R"("content":)");
  // The ends of the data and of the frame.
  if (request.content.ends_with("}}}")) request.content.remove_suffix(2);
  return request;
}

Request read_proto(std::string_view payload) {
  Request request;
  std::string_view data;
  protocol::Field field;
  for (protocol::Fields fields(payload); fields.next(field);) {
    switch (field.number) {
      case 1: request.kind = kind_of(field.bytes); break;
      case 2: request.id = field.bytes; break;
      case 3: data = field.bytes; break;
      default: break;
    }
  }
  if (request.kind == Kind::send) read_send(data, request);
  if (request.kind == Kind::auth) {
    protocol::Fields fields(data);
    if (fields.next(field) && field.number == 1) request.token = field.bytes;
  }
  return request;
}

}  // namespace hongyan::bench::reference
