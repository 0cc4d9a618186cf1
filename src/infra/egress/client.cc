#include "infra/egress/client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace hongyan::egress {
namespace {

using boost::asio::ip::address;

// What the waiting coroutine and the pool share: whoever waits leaves at the deadline, also when the resolver does not.
struct Pending {
  explicit Pending(const boost::asio::any_io_executor& executor) : done(executor) {}
  // Of the waiting coroutine's executor.
  boost::asio::steady_timer done;
  std::optional<Result<Response>> result;
};

}  // namespace

Client::Client(const Config& config, Resolver& resolver, metrics::Metrics& metrics)
    : config_(config),
      guard_(config.allowed()),
      resolver_(resolver),
      metrics_(metrics),
      pool_("egress", static_cast<std::size_t>(config.threads), static_cast<std::size_t>(config.queue)) {}

async::Task<Result<Response>> Client::send(Request request, async::Deadline deadline) {
  deadline = std::min(deadline, async::deadline_in(config_.timeout));
  auto target = parse_target(request.url, config_.allow_http);
  if (!target) {
    const Result<Response> refused = std::unexpected(std::move(target).error());
    note(refused);
    co_return refused;
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto pending = std::make_shared<Pending>(executor);
  const bool queued =
      pool_.post([this, pending, executor, request = std::move(request), target = *std::move(target), deadline] {
        Result<Response> result = fetch(request, target, deadline);
        note(result);
        boost::asio::post(executor, [pending, result = std::move(result)]() mutable {
          pending->result = std::move(result);
          pending->done.cancel();
        });
      });
  if (!queued) co_return fail(Error::later(ErrorCode::unavailable, 1000, "egress queue is full"));
  pending->done.expires_at(deadline);
  if (!pending->result) co_await pending->done.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (!pending->result) co_return fail(ErrorCode::timeout, "no answer in time");
  co_return *std::move(pending->result);
}

Result<Response> Client::fetch(const Request& request, const Target& target, async::Deadline deadline) {
  if (stopped_) return fail(ErrorCode::unavailable, "the server stops");
  HY_TRY(const std::vector<address> addresses, permitted(target));
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return fail(ErrorCode::timeout, "no time left");
  return transfer(request, target, addresses,
                  {.connect = config_.connect_timeout,
                   .total = left,
                   .header_bytes = static_cast<std::size_t>(config_.max_header_bytes),
                   .body_bytes = static_cast<std::size_t>(config_.max_body_bytes),
                   .ca_file = config_.ca_file},
                  stopped_);
}

Result<std::vector<address>> Client::permitted(const Target& target) {
  std::vector<address> addresses;
  if (target.address) {
    addresses.push_back(*target.address);
  } else {
    HY_TRY(addresses, resolver_.resolve(target.host));
  }
  std::erase_if(addresses, [this](const address& one) { return !guard_.permits(one); });
  if (addresses.empty()) return fail(Error::invalid("url", "no permitted address"));
  return addresses;
}

void Client::note(const Result<Response>& result) {
  const std::string outcome(result ? "ok" : error_name(result.error().code));
  metrics_
      .counter("hongyan_egress_requests_total", "Requests to URLs that users gave, by outcome.", {{"outcome", outcome}})
      .Increment();
}

void Client::stop() noexcept {
  stopped_ = true;
  pool_.stop();
}

}  // namespace hongyan::egress
