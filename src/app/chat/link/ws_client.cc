#include "app/chat/link/ws_client.h"

#include <fmt/format.h>

#include "app/chat/link/line.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/async/use_task.h"
#include "infra/ws/handshake.h"
#include "wire/frame_codec.h"
#include "wire/json_codec.h"
#include "wire/names.h"

namespace hongyan::chat {
namespace {

constexpr std::size_t kMaxHead = 16 * 1024;
constexpr std::string_view kEmptyLine = "\r\n\r\n";
constexpr std::string_view kProtocol = "hongyan.v1.json";

// A refused upgrade: a server of ours that cannot serve now, or something else.
std::unexpected<Error> refused(const ServerAddress& address, std::string_view head, const std::string& why) {
  const bool later = head.size() > 9 && (head[9] == '5' || head.substr(9, 3) == "429");
  return fail(later ? ErrorCode::unavailable : ErrorCode::unimplemented, fmt::format("{}: {}", address.text, why));
}

// Upgrades the line; the bytes behind the answer.
async::Task<Result<std::string>> upgrade(std::shared_ptr<Line> line, ServerAddress address) {
  const std::string key = ws::random_key();
  HY_CO_TRY(co_await line->write(ws::client_request(address.host_header, address.prefix + "/ws", key, kProtocol, {})));
  std::string raw;
  std::size_t head_size = std::string::npos;
  while ((head_size = raw.find(kEmptyLine)) == std::string::npos) {
    if (raw.size() > kMaxHead) co_return refused(address, {}, "the answer to the upgrade does not end");
    HY_CO_TRY(const bool more, co_await line->read(raw));
    if (!more) co_return fail(ErrorCode::unavailable, address.text + ": the connection ended within the upgrade");
  }
  const std::string_view head = std::string_view(raw).substr(0, head_size + kEmptyLine.size());
  const auto accepted = ws::check_response(head, key);
  if (!accepted) co_return refused(address, head, accepted.error());
  if (accepted->protocol != kProtocol) co_return refused(address, {}, "the server speaks another sub-protocol");
  co_return raw.substr(head.size());
}

}  // namespace

async::Task<Result<std::shared_ptr<WsClient>>> WsClient::connect(ws::SocketGroup& group, ServerAddress address,
                                                                 WsListener& listener, async::Deadline deadline) {
  HY_CO_TRY(const auto line, co_await Line::open(address, deadline));
  HY_CO_TRY(std::string leftover, co_await upgrade(line, std::move(address)));
  const std::shared_ptr<WsClient> client(new WsClient(listener));
  const auto socket = ws::Socket::create(group, net::make_tcp_stream(line->release()), client, ws::Role::client);
  client->socket_ = socket;
  socket->start({.leftover = std::move(leftover), .preamble = {}});
  co_return client;
}

bool WsClient::is_usable() const {
  const auto socket = socket_.lock();
  return !reconnect_after_ && socket && socket->is_open();
}

void WsClient::close() {
  if (const auto socket = socket_.lock()) socket->close(ws::kCloseNormal);
}

void WsClient::abort() {
  if (const auto socket = socket_.lock()) socket->abort();
}

async::Task<Result<std::string>> WsClient::request(std::string type, const google::protobuf::Message& data,
                                                   async::Deadline deadline) {
  if (!is_usable()) co_return fail(ErrorCode::unavailable, "the connection is over");
  const std::string id = std::to_string(++last_id_);
  const auto waiting = std::make_shared<Waiting>((co_await async::this_loop()).executor());
  waiting_.emplace(id, waiting);
  const std::string json = wire::encode_frame(type, id, data);
  socket_.lock()->send_answer(
      std::make_shared<const std::string>(ws::encode_masked_frame(ws::Opcode::text, json, ws::random_mask_key())));
  waiting->ready.expires_at(deadline);
  co_await waiting->ready.async_wait(async::use_task);
  waiting_.erase(id);
  if (waiting->answer) {
    leave_when_idle();
    if (waiting->answer->error) co_return fail(*waiting->answer->error);
    co_return std::move(waiting->answer->data);
  }
  if (closed_) {
    co_return fail(ErrorCode::unavailable,
                   fmt::format("the connection was lost ({} {})", closed_->code, closed_->reason));
  }
  abort();
  co_return fail(ErrorCode::timeout, "no answer to " + type + " in time");
}

void WsClient::on_message(ws::Opcode opcode, std::string_view payload) {
  if (opcode != ws::Opcode::text) return;
  auto frame = parse_server_frame(payload);
  // Not from a server of ours; the request it may have answered runs into its deadline.
  if (!frame) return;
  if (frame->id.empty()) return take_push(*std::move(frame));
  const auto found = waiting_.find(frame->id);
  if (found == waiting_.end()) return;
  found->second->answer = *std::move(frame);
  found->second->ready.cancel();
}

void WsClient::take_push(ServerFrame push) {
  if (push.type == "reconnect") {
    v1::ReconnectPush data;
    if (!wire::from_json(push.data, data)) return;
    constexpr std::int64_t kLongest = 600'000;
    reconnect_after_ = std::chrono::milliseconds(std::clamp<std::int64_t>(data.after_ms(), 0, kLongest));
    return leave_when_idle();
  }
  if (push.type == "kicked") {
    v1::KickedPush data;
    if (wire::from_json(push.data, data) && data.reason() != v1::KICK_REASON_UNSPECIFIED) {
      kicked_reason_ = wire::enum_json_name(*v1::KickReason_descriptor()->FindValueByNumber(data.reason()));
    }
    return;
  }
  if (listener_ != nullptr) listener_->on_push(std::move(push));
}

void WsClient::leave_when_idle() {
  if (reconnect_after_ && waiting_.empty()) close();
}

void WsClient::on_closed(const ws::Closed& closed) {
  closed_ = closed;
  for (const auto& [id, waiting] : waiting_) waiting->ready.cancel();
  if (listener_ != nullptr) std::exchange(listener_, nullptr)->on_end();
}

}  // namespace hongyan::chat
