#include "infra/egress/client.h"

#include "infra/async/pending.h"

namespace hongyan::egress {

using boost::asio::ip::address;

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
  async::Pending<Result<Response>> pending(co_await async::this_loop());
  const bool queued = pool_.post(
      [this, give = pending.giver(), request = std::move(request), target = *std::move(target), deadline]() mutable {
        Result<Response> result = fetch(request, target, deadline);
        note(result);
        give(std::move(result));
      });
  if (!queued) co_return fail(Error::later(ErrorCode::unavailable, 1000, "egress queue is full"));
  auto result = co_await pending.wait(deadline);
  if (!result) co_return fail(ErrorCode::timeout, "no answer in time");
  co_return *std::move(result);
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
  HY_TRY(std::vector<address> addresses, addresses_of(target, resolver_));
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
