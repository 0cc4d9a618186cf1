#include "app/settings.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "domain/account/captcha/config.h"
#include "domain/account/codes/config.h"
#include "domain/account/config.h"
#include "domain/account/deletion/config.h"
#include "domain/account/exports/config.h"
#include "domain/contact/config.h"
#include "domain/group/config.h"
#include "domain/message/module.h"
#include "domain/moderation/config.h"
#include "domain/presence/config.h"
#include "edge/gateway/lane.h"
#include "edge/grpc/config.h"
#include "edge/http/config.h"
#include "edge/rpc/limits.h"
#include "infra/async/module.h"
#include "infra/crypto/module.h"
#include "infra/egress/config.h"
#include "infra/log/config.h"
#include "infra/net/module.h"
#include "infra/sql/module.h"

namespace hongyan::app {
namespace {

// What is known of a section by its type alone.
struct SectionType {
  void (*check)(const config::Values&, std::vector<std::string>&);
  std::vector<config::Field> (*describe)(const config::Values&);
};
using Sections = std::map<std::string, SectionType>;

template <config::Section... S>
Sections sections_of() {
  return {{std::string(S::kSection),
           {.check = [](const config::Values& values,
                        std::vector<std::string>& problems) { (void)config::load<S>(values, problems); },
            .describe = config::describe<S>}}...};
}

const Sections& all_sections() {
  static const Sections sections =
      sections_of<account::Config, account::CaptchaConfig, account::CodesConfig, account::DeletionConfig,
                  account::ExportConfig, async::Config, contact::Config, contact::DirectoryConfig, crypto::Config,
                  edge::GrpcConfig, egress::Config, edge::HttpConfig, edge::Limits, edge::MetricsConfig,
                  gateway::Config, group::Config, log::Config, message::Config, message::ReceiptsConfig,
                  moderation::Config, net::Config, presence::Config, sql::Config>();
  return sections;
}

void take(config::Values& values, const char* section, const char* key, const std::string& text, const char* origin) {
  if (!text.empty()) values.set(section, key, text, origin);
}

}  // namespace

config::Values read_settings(const SettingsSource& source, std::vector<std::string>& problems) {
  config::Values values;
  if (!source.file.empty()) {
    if (auto read = values.read_file(source.file); !read) {
      problems.push_back(read.error().detail);
      return values;
    }
  }
  std::set<std::string> sections;
  for (const auto& [name, type] : all_sections()) sections.insert(name);
  values.read_environment(sections);
  if (const char* listen = std::getenv("HONGYAN_LISTEN")) take(values, "http", "listen", listen, "HONGYAN_LISTEN");
  take(values, "http", "listen", source.listen, "--listen");
  take(values, "http", "port", source.http_port, "--http-port");
  take(values, "metrics", "port", source.metrics_port, "--metrics-port");
  take(values, "grpc", "port", source.grpc_port, "--grpc-port");
  take(values, "http", "web_root", source.web_root, "--web-root");
  take(values, "tls", "cert", source.tls_cert, "--tls-cert");
  take(values, "tls", "key", source.tls_key, "--tls-key");
  // Who names files means them.
  if (!source.tls_cert.empty() || !source.tls_key.empty()) take(values, "tls", "mode", "files", "--tls-cert");
  take(values, "tls", "mode", source.tls_mode, "--tls");
  check_settings(values, problems);
  return values;
}

std::optional<config::Values> valid_settings(const SettingsSource& source) {
  std::vector<std::string> problems;
  config::Values values = read_settings(source, problems);
  for (const std::string& problem : problems) fmt::print(stderr, "hongyan: {}\n", problem);
  if (!problems.empty()) return std::nullopt;
  return values;
}

void check_settings(const config::Values& values, std::vector<std::string>& problems) {
  for (const auto& [name, given] : values.sections()) {
    if (!all_sections().contains(name)) problems.push_back("[" + name + "] is no known section");
  }
  for (const auto& [name, type] : all_sections()) type.check(values, problems);
}

std::string to_toml(const config::Values& values) {
  std::string text;
  for (const auto& [name, type] : all_sections()) {
    text += text.empty() ? "" : "\n";
    text += "[" + name + "]\n";
    for (const config::Field& field : type.describe(values)) {
      text += field.key + " = " + field.value;
      if (field.origin != "default") text += "  # " + field.origin + ", default " + field.default_value;
      text += "\n";
    }
  }
  return text;
}

std::string data_folder_of(const std::string& given) {
  if (!given.empty()) return given;
  const char* from_environment = std::getenv("HONGYAN_DATA_DIR");
  return from_environment != nullptr && *from_environment != '\0' ? from_environment : "data";
}

}  // namespace hongyan::app
