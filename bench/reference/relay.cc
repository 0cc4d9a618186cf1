#include "bench/reference/relay.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <ctime>

#include "bench/protocol/frame_cutter.h"

namespace hongyan::bench::reference {
namespace {

using protocol::Format;
using protocol::Opcode;
using sockets::Socket;

constexpr std::uint64_t kFirstMessageId = 7'000'000'000'000'000'000;

std::uint64_t time_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000 + static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000;
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[SHA_DIGEST_LENGTH];
  ::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[2 * SHA_DIGEST_LENGTH];
  const int count = ::EVP_EncodeBlock(encoded, digest, SHA_DIGEST_LENGTH);
  return {reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(count)};
}

std::string_view header_of(std::string_view head, std::string_view name) {
  const auto at = head.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + name.size());
  return rest.substr(0, rest.find("\r\n"));
}

}  // namespace

Relay::Relay(sockets::Loop& loop, Journal* journal, const std::vector<protocol::Person>& people)
    : loop_(loop), journal_(journal) {
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    const protocol::Person& person = people[i];
    tokens_.emplace(person.access_token, i);
    seats_.push_back({.user = person.user});
    for (const protocol::Direct& direct : person.directs) conversations_[direct.conversation].members.push_back(i);
    for (const std::uint64_t group : person.groups) conversations_[group].members.push_back(i);
  }
}

Relay::Session& Relay::session_of(Socket& socket) {
  if (socket.tag() == 0) {
    if (free_sessions_.empty()) {
      free_sessions_.push_back(static_cast<std::uint32_t>(sessions_.size()));
      sessions_.emplace_back();
    }
    socket.set_tag(free_sessions_.back() + 1);
    free_sessions_.pop_back();
    sessions_[socket.tag() - 1] = {};
  }
  return sessions_[socket.tag() - 1];
}

std::size_t Relay::on_bytes(Socket& socket, std::span<char> bytes, sockets::Nanos) {
  Session& session = session_of(socket);
  std::size_t used = 0;
  if (session.state == State::connected) used = upgrade(socket, session, {bytes.data(), bytes.size()});
  if (session.state == State::connected || !socket.open()) return used;
  return used + protocol::cut_frames(bytes.subspan(used), [&](Opcode opcode, std::string_view payload) {
           return on_frame(socket, opcode, payload);
         });
}

void Relay::on_closed(Socket& socket, const std::string&) {
  if (socket.tag() == 0) return;
  const Session& session = sessions_[socket.tag() - 1];
  if (session.state == State::ready && seats_[session.person].socket == &socket)
    seats_[session.person].socket = nullptr;
  free_sessions_.push_back(socket.tag() - 1);
}

std::size_t Relay::upgrade(Socket& socket, Session& session, std::string_view head) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const auto end = head.find(kEnd);
  if (end == std::string_view::npos) return 0;
  head = head.substr(0, end + kEnd.size());
  const std::string_view key = header_of(head, "Sec-WebSocket-Key: ");
  session.format = header_of(head, "Sec-WebSocket-Protocol: ").contains("proto") ? Format::proto : Format::json;
  std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  answer += "Sec-WebSocket-Accept: " + accept_key(key) + "\r\nSec-WebSocket-Protocol: ";
  answer += subprotocol_of(session.format);
  loop_.write(socket).append(answer + "\r\n\r\n");
  session.state = State::upgraded;
  return head.size();
}

bool Relay::on_frame(Socket& socket, Opcode opcode, std::string_view payload) {
  Session& session = sessions_[socket.tag() - 1];
  if (opcode == Opcode::close) {
    on_closed(socket, {});
    loop_.close(socket);
    return false;
  }
  if (opcode != opcode_of(session.format)) return true;
  const Request request = read_request(session.format, payload);
  if (request.kind == Kind::auth) {
    on_auth(socket, session, request);
  } else if (request.kind == Kind::ping) {
    append_pong(loop_.write(socket), session.format, request.id, time_ms());
  } else if (request.kind == Kind::send && session.state == State::ready) {
    on_send(socket, session, request);
  } else {
    append_error(loop_.write(socket), session.format, request.id, "unimplemented");
  }
  return true;
}

void Relay::on_auth(Socket& socket, Session& session, const Request& request) {
  const auto found = tokens_.find(std::string(request.token));
  if (found == tokens_.end()) {
    return append_error(loop_.write(socket), session.format, request.id, "unauthenticated");
  }
  session.state = State::ready;
  session.person = found->second;
  Seat& seat = seats_[session.person];
  seat.socket = &socket;
  seat.format = session.format;
  append_ready(loop_.write(socket), session.format, request.id, seat.user);
}

void Relay::on_send(Socket& socket, const Session& session, const Request& request) {
  const auto found = conversations_.find(request.conversation);
  if (found == conversations_.end()) {
    return append_error(loop_.write(socket), session.format, request.id, "not_found");
  }
  Conversation& conversation = found->second;
  const Accepted accepted{.message_id = kFirstMessageId + ++messages_,
                          .seq = ++conversation.seq,
                          .sender = seats_[session.person].user,
                          .time_ms = time_ms()};
  append_ok(loop_.write(socket), session.format, request.id, accepted);
  push(conversation, request, accepted);
}

void Relay::push(const Conversation& to, const Request& request, const Accepted& accepted) {
  for (sockets::Bytes& frame : frames_) frame.clear();
  const auto frame_in = [&](Format format) {
    sockets::Bytes& frame = frames_[static_cast<std::size_t>(format)];
    if (frame.empty()) append_push(frame, format, request, accepted);
    return frame.view();
  };
  if (journal_ != nullptr) journal_->add(frame_in(seats_[to.members.front()].format));
  for (const std::uint32_t member : to.members) {
    const Seat& seat = seats_[member];
    if (seat.socket != nullptr) loop_.write(*seat.socket).append(frame_in(seat.format));
  }
}

}  // namespace hongyan::bench::reference
