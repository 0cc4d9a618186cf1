// A server on a real socket that does what a test's script says, step by step.
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "app/chat/link/server_address.h"
#include "app/chat/link/server_frame.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/ws/frame_builder.h"
#include "infra/ws/frame_parser.h"
#include "infra/ws/handshake.h"
#include "wire/frame_codec.h"
#include "wire/json_codec.h"

namespace hongyan::chat::testing {

// Owned by a test. The script runs on a thread of its own and ends at the latest when the client is gone and the server
// is destroyed; what it throws then is dropped.
class ScriptedServer {
 public:
  using tcp = boost::asio::ip::tcp;

  explicit ScriptedServer(std::function<void(ScriptedServer&)> script)
      : acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)), socket_(context_) {
    port_ = acceptor_.local_endpoint().port();
    thread_ = std::thread([this, script = std::move(script)] {
      try {
        script(*this);
      } catch (const std::exception&) {
        // The client has gone; the test sees what it lacks.
      }
    });
  }
  ~ScriptedServer() {
    // Wakes an accept() that waits in vain.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  ServerAddress address() const { return *parse_server("http://127.0.0.1:" + std::to_string(port_)); }

  // ---- for the script ----

  // Takes one HTTP request and answers 200 with this message; the request, head and body.
  std::string answer_http(const google::protobuf::Message& answer) {
    const std::string json = wire::to_json(answer);
    return answer_http("200 OK", json);
  }
  std::string answer_http(const std::string& status, const std::string& json) {
    socket_ = acceptor_.accept();
    std::string request;
    const std::size_t head = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(request), "\r\n\r\n");
    const std::size_t body = std::stoul(request.substr(request.find("Content-Length: ") + 16));
    while (request.size() < head + body) read_more(request);
    write("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json);
    socket_.close();
    return request;
  }

  // Takes a WebSocket and answers its `auth` with `ready`; the auth frame.
  ServerFrame accept_socket(const std::string& epoch = "e1") {
    socket_ = acceptor_.accept();
    parser_.emplace(ws::Role::server);
    input_.clear();
    std::string request;
    boost::asio::read_until(socket_, boost::asio::dynamic_buffer(request), "\r\n\r\n");
    const std::size_t at = request.find("Sec-WebSocket-Key: ") + 19;
    const std::string key = request.substr(at, request.find("\r\n", at) - at);
    write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
          ws::accept_key(key) + "\r\nSec-WebSocket-Protocol: hongyan.v1.json\r\n\r\n");
    ServerFrame auth = read();
    v1::ReadyFrame ready;
    ready.set_epoch(epoch);
    send("ready", auth.id, ready);
    return auth;
  }
  // The next request of the client.
  ServerFrame read() {
    for (;;) {
      std::span<char> rest(input_);
      const auto event = parser_->next(rest);
      if (!event) throw std::runtime_error("bad frame");
      std::optional<ServerFrame> frame;
      if (*event && (*event)->opcode == ws::Opcode::text) frame = parse_server_frame((*event)->payload).value();
      input_.erase(0, input_.size() - rest.size());
      if (frame) return *std::move(frame);
      if (!*event) read_more(input_);
    }
  }
  void send(std::string_view type, std::string_view id, const google::protobuf::Message& data) {
    write(ws::encode_frame(ws::Opcode::text, wire::encode_frame(type, id, data)));
  }
  void send_error(std::string_view id, const Error& error) {
    write(ws::encode_frame(ws::Opcode::text, wire::encode_error_frame(id, error, "r")));
  }
  // Closes the WebSocket with this code.
  void close(std::uint16_t code) {
    write(ws::encode_frame(ws::Opcode::close, ws::close_payload(code, "")));
    socket_.close();
  }
  // Cuts the connection as a server that dies does.
  void drop() { socket_.close(); }

 private:
  void write(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  void read_more(std::string& into) {
    std::array<char, 4096> buffer;
    into.append(buffer.data(), socket_.read_some(boost::asio::buffer(buffer)));
  }

  boost::asio::io_context context_;
  tcp::acceptor acceptor_;
  tcp::socket socket_;
  std::uint16_t port_ = 0;
  std::optional<ws::FrameParser> parser_;
  std::string input_;
  std::thread thread_;
};

}  // namespace hongyan::chat::testing
