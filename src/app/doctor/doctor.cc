#include "app/doctor/doctor.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/control/socket.h"
#include "app/doctor/edges.h"
#include "app/doctor/machine.h"
#include "app/doctor/stores.h"
#include "edge/http/config.h"
#include "infra/config/data_folder.h"

namespace hongyan::app {
namespace {

void append(Findings& all, Findings more) { std::ranges::move(more, std::back_inserter(all)); }

Finding running_server(const internal::ControlResponse& answer) {
  const internal::ServerStatus& status = answer.status();
  const std::string what = fmt::format("hongyan {} runs on this data folder: {}", status.version(), status.addresses());
  if (status.missing().empty()) return Finding::good(what);
  return Finding::failure(
      fmt::format("{}; it does not serve, for want of: {}", what, fmt::join(status.missing(), ", ")),
      "look at its log; it says why and tries again by itself");
}

}  // namespace

Findings examine(const std::string& data, const SettingsSource& source) {
  Findings found;
  std::vector<std::string> problems;
  const config::Values values = read_settings(source, problems);
  for (const std::string& problem : problems) {
    found.push_back(Finding::failure("configuration: " + problem, "docs/config.md; then hongyan check-config"));
  }
  if (!problems.empty()) return found;
  found.push_back(Finding::good("the configuration is valid"));

  std::vector<std::string> none;
  const std::filesystem::path folder = data_folder_of(data);
  internal::ControlRequest ask;
  ask.mutable_get_status();
  const auto answer = ask_running_server(folder, ask);
  if (!answer) {
    found.push_back(
        Finding::failure(fmt::format("the server of {} does not answer: {}", folder.string(), answer.error().detail),
                         "run hongyan doctor as the user that the server runs as"));
  } else if (*answer) {
    found.push_back(running_server(**answer));
  } else {
    append(found, check_ports(values));
    append(found, check_stores(folder, config::load<sql::Config>(values, none)));
  }
  found.push_back(check_descriptors(config::load<edge::HttpConfig>(values, none).max_connections));
  append(found, check_disk(folder));
  const TimeMs now = SystemClock().now();
  append(found, check_clock(now, config::FileCeiling(folder).load().value_or(TimeMs(0))));
  append(found, check_edges(values, now));
  return found;
}

int doctor(const std::string& data, const SettingsSource& source) {
  const Findings found = examine(data, source);
  for (const Finding& finding : found) {
    const char* grade = finding.grade == Grade::good ? "ok" : finding.grade == Grade::warning ? "warning" : "FAILURE";
    fmt::print("{:<8} {}\n", grade, finding.what);
    if (!finding.mend.empty()) fmt::print("{:<8} mend: {}\n", "", finding.mend);
  }
  const auto failures = std::ranges::count(found, Grade::failure, &Finding::grade);
  const auto warnings = std::ranges::count(found, Grade::warning, &Finding::grade);
  fmt::print("{} checks, {} warnings, {} failures\n", found.size(), warnings, failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace hongyan::app
