#include "bench/load/wire/dialer.h"

#include <fmt/format.h>

#include <stdexcept>

#include "bench/load/wire/answers.h"
#include "bench/protocol/frame_cutter.h"

namespace hongyan::bench::load {
namespace {

using protocol::Opcode;
using sockets::Socket;

// An address has some 28,000 ports to connect from, of which the kernel finds a free one the more slowly the more are taken.
constexpr std::uint32_t kSocketsAnAddress = 5'000;
constexpr sockets::Nanos kPatience = 10 * sockets::kSecond;

}  // namespace

Dialer::Dialer(sockets::Loop& loop, RequestWriter& requests, std::uint16_t port)
    : loop_(loop), requests_(requests), port_(port) {
  upgrade_ = fmt::format(
      "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: aG9uZ3lhbi1iZW5jaC0wMQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {}\r\n\r\n",
      port, subprotocol_of(requests.format()));
}

std::vector<Socket*> Dialer::dial(std::span<const protocol::Person> people, std::uint32_t width,
                                  sockets::Receiver& next) {
  people_ = people;
  next_ = &next;
  calls_.reserve(people.size());
  sockets_.reserve(people.size());
  while (sockets_.size() < people.size() && sockets_.size() < width) begin_next();
  std::size_t ready_before = 0;
  for (sockets::Nanos until = sockets::now() + kPatience; ready_ < people.size();) {
    loop_.flush();
    loop_.wait(until);
    if (ready_ != ready_before) until = sockets::now() + kPatience;
    ready_before = ready_;
    if (sockets::now() > until) {
      throw std::runtime_error(fmt::format("only {} of {} sockets became ready", ready_, people.size()));
    }
  }
  return std::move(sockets_);
}

void Dialer::begin_next() {
  if (sockets_.size() == people_.size()) return;
  const auto number = static_cast<std::uint32_t>(sockets_.size());
  calls_.push_back({.begun = sockets::now()});
  Socket& socket =
      loop_.connect(sockets::loopback(0, port_), sockets::loopback(number / kSocketsAnAddress, 0), number, *this);
  sockets_.push_back(&socket);
  loop_.write(socket).append(upgrade_);
}

std::size_t Dialer::on_bytes(Socket& socket, std::span<char> bytes, sockets::Nanos now) {
  std::size_t used = 0;
  if (!calls_[socket.tag()].upgraded) {
    const std::string_view text(bytes.data(), bytes.size());
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (!text.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("no upgrade: " + std::string(text.substr(0, end)));
    calls_[socket.tag()].upgraded = true;
    requests_.append_auth(loop_.write(socket), people_[socket.tag()].access_token);
    used = end + 4;
  }
  return used + protocol::cut_frames(bytes.subspan(used), [&](Opcode opcode, std::string_view payload) {
           return on_frame(socket, opcode, payload, now);
         });
}

// False when the next frames are for somebody else.
bool Dialer::on_frame(Socket& socket, Opcode opcode, std::string_view payload, sockets::Nanos now) {
  if (opcode != opcode_of(requests_.format())) return true;
  const Answer answer = read_answer(requests_.format(), payload);
  if (answer.kind == Kind::error) throw std::runtime_error("auth was refused: " + std::string(answer.detail));
  if (answer.kind != Kind::ready) return true;
  latency_.add(now - calls_[socket.tag()].begun);
  socket.set_receiver(*next_);
  ++ready_;
  begin_next();
  return false;
}

void Dialer::on_closed(Socket& socket, const std::string& why) {
  throw std::runtime_error(fmt::format("socket {} was lost before it was ready: {}", socket.tag(), why));
}

}  // namespace hongyan::bench::load
