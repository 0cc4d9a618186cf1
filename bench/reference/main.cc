// hongyan-reference: what every figure of the server is judged beside. It does the least that the load generator can be run
// against: what a message costs here is the price of sockets, of the generator's own turn, and of the disk.
#include <getopt.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include "bench/reference/relay.h"

namespace {

namespace sockets = hongyan::bench::sockets;
namespace reference = hongyan::bench::reference;

// So many sockets are served before what they caused is committed and sent.
constexpr int kSocketsATurn = 256;

constexpr const char* kUsage =
    "usage: hongyan-reference --people FILE [--port N] [--durable FILE]\n"
    "  --people FILE   who is in which conversation, as `hongyan seed --tokens` writes it\n"
    "  --port N        where to listen on 127.0.0.1 (default: a free port, which is printed)\n"
    "  --durable FILE  append the messages of each turn to FILE, with one fdatasync, before they are answered\n";

// Set by the signal that ends the program, which also ends the wait of the loop.
volatile std::sig_atomic_t g_ended = 0;

struct Options {
  std::string people;
  std::uint16_t port = 0;
  std::string durable;
};

// Nothing when it is not as the usage says.
std::optional<Options> options_of(int argc, char** argv) {
  const option known[] = {{"people", required_argument, nullptr, 'p'},
                          {"port", required_argument, nullptr, 'n'},
                          {"durable", required_argument, nullptr, 'd'},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  for (int found = 0; (found = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (found) {
      case 'p': options.people = ::optarg; break;
      case 'n': options.port = static_cast<std::uint16_t>(std::strtoul(::optarg, nullptr, 10)); break;
      case 'd': options.durable = ::optarg; break;
      default: return std::nullopt;
    }
  }
  if (options.people.empty() || ::optind != argc) return std::nullopt;
  return options;
}

void end_on(int signal) {
  struct sigaction action{};
  action.sa_handler = [](int) { g_ended = 1; };
  ::sigaction(signal, &action, nullptr);
}

int run(const Options& options) {
  end_on(SIGTERM);
  end_on(SIGINT);
  sockets::raise_file_limit();
  std::optional<reference::Journal> journal;
  if (!options.durable.empty()) journal.emplace(options.durable);
  sockets::Loop loop(kSocketsATurn);
  reference::Relay relay(loop, journal ? &*journal : nullptr, hongyan::bench::protocol::read_people(options.people));
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(loop.listen(options.port, relay)));
  std::fflush(stdout);
  while (g_ended == 0) {
    loop.wait(sockets::now() + sockets::kSecond);
    if (journal) journal->commit();
    loop.flush();
  }
  const unsigned long long commits = journal ? journal->commits() : 0;
  std::printf("%llu messages, %llu commits\n", static_cast<unsigned long long>(relay.messages()), commits);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = options_of(argc, argv);
  if (!options) {
    std::fputs(kUsage, stderr);
    return 1;
  }
  try {
    return run(*options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hongyan-reference: %s\n", error.what());
    return 1;
  }
}
