#include "app/serve.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/control/admin.h"
#include "app/control/feed.h"
#include "app/control/integration.h"
#include "app/control/moderation.h"
#include "app/control/socket.h"
#include "app/roles.h"
#include "app/signals.h"
#include "app/version.h"
#include "domain/account/module.h"
#include "domain/account/registration_service.h"
#include "domain/integration/module.h"
#include "domain/message/module.h"
#include "domain/moderation/module.h"
#include "edge/grpc/module.h"
#include "edge/http/config.h"
#include "edge/http/module.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/log/config.h"
#include "infra/log/log.h"
#include "infra/net/address.h"
#include "infra/net/descriptors.h"
#include "infra/net/module.h"
#include "wire/module.h"

namespace hongyan::app {
namespace {

constexpr std::chrono::milliseconds kControlDeadline{10'000};

// Fewer connections than configured are let in where there are too few descriptors.
void check_file_limit(std::int64_t connections) {
  const std::int64_t allowed = net::allowed_files();
  const std::int64_t needed = net::files_for(connections);
  if (allowed >= needed) return;
  log::warn("open_files_few", {{"allowed", allowed},
                               {"needed", needed},
                               {"connections", net::connections_within(allowed, connections)},
                               {"mend", net::how_to_allow(needed)}});
}

struct Edges {
  const edge::HttpModule& http;
  const edge::GrpcModule& grpc;
};

// "http=http://127.0.0.1:8080 metrics=http://127.0.0.1:9100 grpc=127.0.0.1:50051".
std::string addresses(const Edges& edges) {
  const auto grpc = edges.grpc.address();
  return fmt::format("http={} metrics=http://{}{}", edges.http.url(), edges.http.metrics_address(),
                     grpc ? " grpc=" + *grpc : "");
}

void greet(const Edges& edges, const config::DataFolder& data, const std::optional<std::string>& admin_password,
           v1::Registration registration) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  fmt::print("Hongyan {}\n", kVersion);
  fmt::print("  web client  {}/\n", edges.http.url());
  fmt::print("  data        {}\n", data.path().string());
  if (admin_password) {
    if (terminal) {
      fmt::print("  first start: administrator `admin`, one-time password {} (also in {})\n", *admin_password,
                 (data.path() / "initial-admin-password").string());
    } else {
      fmt::print("  first start: administrator `admin`, one-time password in {}\n",
                 (data.path() / "initial-admin-password").string());
    }
  }
  if (!edges.http.has_web_client()) fmt::print("  built without the web client: `make web`, then build again\n");
  if (registration == v1::REGISTRATION_INVITE) {
    fmt::print("  registration is by invite: `hongyan admin invite --data {}` makes one\n", data.path().string());
  }
  fmt::print(
      "  try it: open the web client in two browsers (or a private window), register two people, and let one find\n"
      "          the other by username. Ctrl-C stops the server.\n");
  fmt::print("ready {}\n", addresses(edges));
  std::fflush(stdout);
}

internal::ControlResponse status_of(const Edges& edges) {
  internal::ControlResponse response;
  response.set_done(true);
  internal::ServerStatus& status = *response.mutable_status();
  status.set_version(std::string(kVersion));
  status.set_addresses(addresses(edges));
  for (std::string& what : edges.http.missing()) status.add_missing(std::move(what));
  return response;
}

// What the control socket reaches.
struct Controlled {
  Administered administered;
  message::FeedService& feed;
  integration::Admin& integration;
  moderation::Api& moderation;
  const Edges& edges;
};

async::Task<internal::ControlResponse> control(Controlled parts, internal::ControlRequest request) {
  const auto deadline = async::deadline_in(kControlDeadline);
  if (request.has_get_status()) co_return status_of(parts.edges);
  if (request.has_read_feed() || request.has_ack_feed()) {
    co_return co_await use_feed(parts.feed, std::move(request), deadline);
  }
  if (is_about_integration(request)) co_return co_await integrate(parts.integration, std::move(request), deadline);
  if (is_moderation(request)) co_return co_await moderate(parts.moderation, std::move(request), deadline);
  co_return co_await administer(parts.administered, std::move(request), deadline);
}

void run(Registry& registry, const Role& role, const config::Values& values) {
  std::vector<std::string> none;
  const auto http_config = config::load<edge::HttpConfig>(values, none);
  auto& tls = registry.need<net::Module>();
  check_file_limit(http_config.max_connections);
  if (!http_config.public_host().empty()) tls.add_name(http_config.public_host());
  role.build(registry);
  registry.need<wire::Module>().dispatcher().verify();
  auto& accounts = registry.need<account::Module>();
  accounts.registration().set_loopback_only(net::is_loopback(http_config.listen));
  const auto admin_password = accounts.api().ensure_initial_admin();
  if (!admin_password) throw std::runtime_error("first administrator: " + admin_password.error().detail);
  registry.start();

  const auto& data = registry.need<config::DataFolder>();
  const Edges edges{.http = registry.need<edge::HttpModule>(), .grpc = registry.need<edge::GrpcModule>()};
  const Controlled controlled{{accounts.api(), accounts.invites()},
                              registry.need<message::Module>().feed(),
                              registry.need<integration::Module>().admin(),
                              registry.need<moderation::Module>().api(),
                              edges};
  ControlServer control_server(
      registry.need<async::Module>().io().context(0), data.path(),
      [controlled](internal::ControlRequest request) { return control(controlled, std::move(request)); });
  log::info("started", {{"version", kVersion}, {"role", role.name}});
  greet(edges, data, *admin_password, accounts.registration().current());
  const int signal = wait_for_end(tls);
  log::info("stopping", {{"signal", signal}});
  control_server.stop();
  registry.stop();
  log::info("stopped");
}

}  // namespace

int serve(const ServeOptions& options) {
  const Role* role = find_role(options.role);
  if (role == nullptr) {
    fmt::print(stderr, "hongyan: there is no role `{}`; `hongyan roles` lists them\n", options.role);
    return 1;
  }
  const auto values = valid_settings(options.settings);
  if (!values) return 1;
  std::vector<std::string> none;
  const auto log_config = config::load<log::Config>(*values, none);
  std::signal(SIGPIPE, SIG_IGN);
  net::raise_file_limit();
  try {
    log::open(log_config.levels(), log_config.output());
    Registry registry;
    registry.provide(std::make_unique<config::Module>(*values));
    registry.provide(std::make_unique<config::DataFolder>(data_folder_of(options.data)));
    run(registry, *role, *values);
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace hongyan::app
