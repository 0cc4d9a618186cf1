#include "infra/net/module.h"

#include <unistd.h>

#include <climits>
#include <stdexcept>

#include "infra/config/data_folder.h"
#include "infra/log/log.h"

namespace hongyan::net {
namespace {

constexpr std::chrono::milliseconds kWarnBefore = std::chrono::hours(14 * 24);

// What this machine is called by itself and by others.
std::vector<std::string> own_names() {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  std::array<char, HOST_NAME_MAX + 1> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') names.emplace_back(host.data());
  return names;
}

// Puts what the files hold into `context`. The error names the files.
Result<CertificateInfo> use_files(const TlsFiles& files, TlsContext& context) {
  HY_TRY(const TlsPair pair, TlsPair::read(files));
  if (auto used = context.use(pair); !used) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}, {}: {}", files.certificate.string(), files.key.string(), used.error().detail));
  }
  return inspect_certificate(pair.certificate);
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("mode", mode,
               "off, files (cert and key), or self-signed (made by the server, kept in its data folder).");
  binder.field("cert", cert, "PEM file with the certificate and the chain behind it.");
  binder.field("key", key, "PEM file with the private key, without passphrase.");
  binder.field("check_ms", check,
               "How often the files are looked at for a new certificate; SIGHUP reads them at once.");
}

void Config::validate(config::Rules& rules) const {
  if (mode != "off" && mode != "files" && mode != "self-signed") {
    rules.must_be("off, files or self-signed", "mode", false);
  } else if (mode != "files" && (!cert.empty() || !key.empty())) {
    rules.refuse(fmt::format("tls.cert and tls.key need tls.mode = \"files\", not \"{}\"", mode));
  } else if (mode == "files" && (cert.empty() || key.empty())) {
    rules.refuse("tls.mode = \"files\" needs both tls.cert and tls.key");
  } else if (mode == "files") {
    TlsContext trial;
    if (const auto used = use_files(files(), trial); !used) rules.refuse("tls: " + used.error().detail);
  }
  rules.at_least("check_ms", check.count(), 100);
}

Module::Module(Registry& registry)
    : config_(registry.need<config::Module>().section<Config>()),
      folder_(registry.need<config::DataFolder>().path() / "tls"),
      names_(own_names()) {}

void Module::start() {
  if (!enabled()) return;
  if (config_.mode == "self-signed") self_signed_.emplace(folder_, names_);
  if (auto loaded = load(); !loaded) throw std::runtime_error("tls: " + loaded.error().detail);
}

std::optional<TlsFiles> Module::files() const {
  if (!enabled()) return std::nullopt;
  return self_signed_ ? self_signed_->files() : config_.files();
}

Module::Stamps Module::stamps() const {
  // A file that is gone has the earliest time, so that its return is a change.
  const auto written = [](const std::filesystem::path& path) {
    std::error_code gone;
    const auto time = std::filesystem::last_write_time(path, gone);
    return gone ? std::filesystem::file_time_type::min() : time;
  };
  return {written(files()->certificate), written(files()->key)};
}

Result<void> Module::load() {
  if (self_signed_) {
    HY_TRY(self_signed_->renew_when_due(clock_.now()));
  }
  // Before the read: a change during it is seen the next time.
  read_at_ = stamps();
  HY_TRY(const CertificateInfo info, use_files(*files(), context_));
  log::info("tls_certificate_loaded",
            {{"names", fmt::format("{}", fmt::join(info.names, ","))}, {"not_after_ms", info.not_after.value}});
  if (info.not_after.value - kWarnBefore.count() < clock_.now().value) {
    log::warn("tls_certificate_expires", {{"not_after_ms", info.not_after.value}});
  }
  return {};
}

void Module::reload() {
  if (!enabled()) return;
  if (const auto loaded = load(); !loaded) {
    log::error("tls_certificate_refused", {{"why", loaded.error().detail}});
  }
}

void Module::reload_when_changed() {
  if (!enabled()) return;
  if (self_signed_) {
    if (const auto renewed = self_signed_->renew_when_due(clock_.now()); !renewed) {
      log::error("tls_certificate_not_renewed", {{"why", renewed.error().detail}});
    }
  }
  if (stamps() != read_at_) reload();
}

}  // namespace hongyan::net
