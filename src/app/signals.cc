#include "app/signals.h"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "infra/log/log.h"

namespace hongyan::app {
namespace {

using boost::system::error_code;

// The waits of the main thread. Lives as long as wait_for_end().
class MainLoop {
 public:
  explicit MainLoop(net::Module& tls)
      : tls_(tls), end_(context_, SIGTERM, SIGINT), hangup_(context_, SIGHUP), timer_(context_) {}

  int run() {
    end_.async_wait([this](const error_code&, int signal) {
      received_ = signal;
      context_.stop();
    });
    wait_for_hangup();
    if (tls_.enabled()) wait_for_change();
    context_.run();
    return received_;
  }

 private:
  void wait_for_hangup() {
    hangup_.async_wait([this](const error_code& cancelled, int) {
      if (cancelled) return;
      log::info("reloading");
      tls_.reload();
      wait_for_hangup();
    });
  }

  void wait_for_change() {
    timer_.expires_after(tls_.check_every());
    timer_.async_wait([this](const error_code& cancelled) {
      if (cancelled) return;
      tls_.reload_when_changed();
      wait_for_change();
    });
  }

  net::Module& tls_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set end_;
  boost::asio::signal_set hangup_;
  boost::asio::steady_timer timer_;
  int received_ = 0;
};

}  // namespace

int wait_for_end(net::Module& tls) {
  const int received = MainLoop(tls).run();
  // From here on the default action applies: a second Ctrl-C does not have to be patient.
  std::signal(SIGINT, SIG_DFL);
  // A terminal that goes away must not cut the end short.
  std::signal(SIGHUP, SIG_IGN);
  return received;
}

}  // namespace hongyan::app
