// A chat server without anything that makes one: no parser, no permission, no history, no thread but one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/protocol/people.h"
#include "bench/reference/answers.h"
#include "bench/reference/journal.h"
#include "bench/reference/requests.h"
#include "bench/sockets/loop.h"

namespace hongyan::bench::reference {

// Takes sockets through the upgrade and `auth`, gives every message the next seq of its conversation, and writes the answer and
// the pushes of all members that are connected. Whoever turns the loop commits the journal before it flushes. Owned by main(),
// which owns the loop as well and lets it live as long; one thread.
class Relay final : public sockets::Receiver {
 public:
  // Both outlive it; without a journal nothing is stored.
  Relay(sockets::Loop& loop, Journal* journal, const std::vector<protocol::Person>& people);

  std::size_t on_bytes(sockets::Socket& socket, std::span<char> bytes, sockets::Nanos now) override;
  void on_closed(sockets::Socket& socket, const std::string& why) override;

  std::uint64_t messages() const { return messages_; }

 private:
  struct Conversation {
    std::uint64_t seq = 0;
    // Into the people.
    std::vector<std::uint32_t> members;
  };
  enum class State : std::uint8_t { connected, upgraded, ready };
  // A connection; its number, plus one, is the tag of its socket.
  struct Session {
    State state = State::connected;
    protocol::Format format = protocol::Format::json;
    std::uint32_t person = 0;
  };
  // Somebody, and the last of their sockets.
  struct Seat {
    std::uint64_t user = 0;
    sockets::Socket* socket = nullptr;
    protocol::Format format = protocol::Format::json;
  };

  Session& session_of(sockets::Socket& socket);
  std::size_t upgrade(sockets::Socket& socket, Session& session, std::string_view head);
  bool on_frame(sockets::Socket& socket, protocol::Opcode opcode, std::string_view payload);
  void on_auth(sockets::Socket& socket, Session& session, const Request& request);
  void on_send(sockets::Socket& socket, const Session& session, const Request& request);
  void push(const Conversation& to, const Request& request, const Accepted& accepted);

  sockets::Loop& loop_;
  Journal* const journal_;
  std::unordered_map<std::string, std::uint32_t> tokens_;
  std::unordered_map<std::uint64_t, Conversation> conversations_;
  std::vector<Seat> seats_;
  std::vector<Session> sessions_;
  std::vector<std::uint32_t> free_sessions_;
  // The frame of a push in each format, encoded once.
  sockets::Bytes frames_[2];
  std::uint64_t messages_ = 0;
};

}  // namespace hongyan::bench::reference
