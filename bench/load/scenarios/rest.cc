#include "bench/load/scenarios/rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bench/load/run.h"
#include "bench/load/stage.h"
#include "bench/protocol/json_search.h"

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

constexpr Nanos kPrimedWithin = 60 * sockets::kSecond;

// What was answered for one conversation: numbers that are dense and come once have the sum of a row from least to most.
struct Numbers {
  std::uint64_t count = 0;
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t most = 0;
  std::uint64_t sum = 0;

  void add(std::uint64_t seq) {
    ++count;
    least = std::min(least, seq);
    most = std::max(most, seq);
    sum += seq;
  }
  bool dense() const { return count == 0 || (count == most - least + 1 && 2 * sum == (least + most) * count); }
};

struct Client {
  sockets::Socket* socket = nullptr;
  // The head of its requests, up to the value of content-length.
  std::string head;
  // How many of the person's conversations have had their first message.
  std::size_t primed = 0;
  std::uint32_t conversation = 0;
  Nanos sent = 0;
};

// All connections. Used once, on the loop's thread.
class RestClients final : public sockets::Receiver {
 public:
  RestClients(sockets::Loop& loop, RequestWriter& requests, const Town& town, const Options& options)
      : loop_(loop), requests_(requests), town_(town), random_(options.seed), numbers_(town.conversations().size()) {
    for (const std::uint32_t person : town.talkers()) {
      Client& client = clients_.emplace_back();
      client.socket = &loop.connect(sockets::loopback(0, options.port), sockets::loopback(0, 0), person, *this);
      client.head = fmt::format(
          "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\n"
          "Content-Type: application/json\r\nContent-Length: ",
          options.port, town.people()[person].access_token);
      client.socket->set_tag(static_cast<std::uint32_t>(clients_.size() - 1));
    }
  }

  // One message to each conversation of everybody.
  void prime() {
    for (Client& client : clients_) ask(client, sockets::now());
    turn_until(sockets::now() + kPrimedWithin, [] { return false; });
  }

  void run(Window& window, Nanos patience) {
    window_ = &window;
    for (Client& client : clients_) ask(client, sockets::now());
    turn_until(window.end() + patience, [&] { return !window.over(); });
  }

  const Tally& tally() const { return tally_; }
  const Histogram& latency() const { return latency_; }
  std::uint64_t refused() const { return refused_; }
  const std::string& lost() const { return lost_; }
  std::uint64_t conversations_not_dense() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(numbers_, [](const Numbers& one) { return !one.dense(); }));
  }

  std::size_t on_bytes(sockets::Socket& socket, std::span<char> bytes, Nanos now) override {
    const std::string_view text(bytes.data(), bytes.size());
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const std::string_view head = text.substr(0, end);
    const std::size_t body = content_length(head);
    if (text.size() < end + 4 + body) return 0;
    on_answer(clients_[socket.tag()], head, text.substr(end + 4, body), now);
    return end + 4 + body;
  }

  void on_closed(sockets::Socket&, const std::string& why) override {
    if (lost_.empty()) lost_ = why;
  }

 private:
  // Returns when nothing is under way and nothing is `expected`, at the latest at `last`.
  template <class Expected>
  void turn_until(Nanos last, Expected&& expected) {
    for (Nanos now = sockets::now(); now < last && lost_.empty(); now = sockets::now()) {
      if (window_ != nullptr) window_->pass(now, tally_);
      if (!expected() && tally_.acked == tally_.sent) return;
      loop_.flush();
      loop_.wait(window_ == nullptr ? last : window_->next(last));
    }
  }

  static std::size_t content_length(std::string_view head) {
    // Names of headers may be written either way.
    const std::uint64_t length = protocol::number_of(head, "Content-Length: ");
    return length != 0 ? length : protocol::number_of(head, "content-length: ");
  }

  void ask(Client& client, Nanos now) {
    const auto& all = town_.conversations_of(town_.talkers()[client.socket->tag()]);
    if (window_ == nullptr ? client.primed == all.size() : now >= window_->end()) return;
    client.conversation = window_ == nullptr ? all[client.primed++] : random_.pick(all);
    client.sent = now;
    const auto number = static_cast<std::uint32_t>(tally_.sent++);
    const std::string body = requests_.rest_body(town_.conversations()[client.conversation].name, number);
    sockets::Bytes& out = loop_.write(*client.socket);
    out.append(client.head);
    out.append(fmt::format_int(body.size()).str());
    out.append("\r\n\r\n");
    out.append(body);
  }

  void on_answer(Client& client, std::string_view head, std::string_view body, Nanos now) {
    ++tally_.acked;
    const std::uint64_t seq = protocol::number_of(body, R"("seq":)");
    if (head.starts_with("HTTP/1.1 200") && seq > 0) {
      numbers_[client.conversation].add(seq);
      if (window_ != nullptr && window_->contains(client.sent)) latency_.add(now - client.sent);
    } else if (++refused_ == 1) {
      fmt::print(stderr, "hongyan-bench: refused: {}\n", body);
    }
    ask(client, now);
  }

  sockets::Loop& loop_;
  RequestWriter& requests_;
  const Town& town_;
  Random random_;
  std::vector<Client> clients_;
  std::vector<Numbers> numbers_;
  Window* window_ = nullptr;
  Tally tally_;
  Histogram latency_;
  std::uint64_t refused_ = 0;
  std::string lost_;
};

}  // namespace

int run_rest(const Options& options) {
  sockets::raise_file_limit();
  const Town town = Town::of_directs(first_people(options, options.connections));
  sockets::Loop loop(Stage::kSocketsATurn);
  RequestWriter requests(protocol::Format::json, options.text_bytes, fresh_seed());
  RestClients clients(loop, requests, town, options);
  if (options.prime) clients.prime();
  const auto before = counters_of(options);
  const Nanos begin = sockets::now() + sockets::seconds(options.warmup_s);
  Window window(begin, begin + sockets::seconds(options.seconds), options.server_pid);
  clients.run(window, sockets::seconds(options.drain_s));

  Row row("rest");
  row.count("connections", town.talkers().size());
  row.word("primed", options.prime ? "yes" : "no");
  row.number("seconds", options.seconds, 1);
  row.count("text_bytes", options.text_bytes);
  const std::uint64_t missing = clients.tally().sent - clients.tally().acked;
  row.count("sent", clients.tally().sent);
  row.count("unanswered", missing);
  row.count("refused", clients.refused());
  row.count("conversations_not_dense", clients.conversations_not_dense());
  if (!clients.lost().empty()) row.word("connection_lost", clients.lost());
  if (!window.over()) return print(std::move(row), options, {.failed = true});
  row.number("acked_per_s", static_cast<double>(window.tally().acked) / window.seconds(), 0);
  row.latency("ack_ms", clients.latency().percentiles());
  bool noisy = describe_machine(row, window.use(), window.seconds(), window.tally().acked, "message");
  noisy |= describe_freezes(row, window.freezes(), window.seconds());
  describe_counters(row, before, counters_of(options));
  const bool failed = missing + clients.refused() + clients.conversations_not_dense() > 0 || !clients.lost().empty();
  return print(std::move(row), options, {.failed = failed, .noisy = noisy});
}

}  // namespace hongyan::bench::load
