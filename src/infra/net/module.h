// Wires TLS: where the certificate comes from and when it is read again.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/registry.h"
#include "infra/config/config.h"
#include "infra/net/self_signed.h"
#include "infra/net/tls_context.h"

namespace hongyan::net {

// Section [tls].
struct Config {
  static constexpr std::string_view kSection = "tls";

  std::string mode = "off";
  std::string cert;
  std::string key;
  std::chrono::milliseconds check{60'000};

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;

  TlsFiles files() const { return {.certificate = cert, .key = key}; }
};

// Owns the certificate in use. Main thread only; context() may be used by any thread once start() has returned.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  // A name or address that a self-signed certificate shall also be for. Before start().
  void add_name(std::string name) { names_.push_back(std::move(name)); }

  // Loads the certificate, making it first when it is a self-signed one. Throws when it cannot be used.
  void start() override;

  bool enabled() const { return config_.mode != "off"; }
  // What encrypts new connections; null without TLS. Has a certificate after start().
  const TlsContext* context() const { return enabled() ? &context_ : nullptr; }
  // The files the certificate comes from, for those who read them by themselves; nothing without TLS.
  std::optional<TlsFiles> files() const;

  // Reads the files again. New connections use what they hold, existing ones live on. When the pair cannot be used this
  // is logged and the old one stays.
  void reload();
  // The same if a file has changed, or if a self-signed certificate is near its end.
  void reload_when_changed();
  std::chrono::milliseconds check_every() const { return config_.check; }

 private:
  using Stamps = std::array<std::filesystem::file_time_type, 2>;

  Result<void> load();
  Stamps stamps() const;

  const Config config_;
  const std::filesystem::path folder_;
  SystemClock clock_;
  std::vector<std::string> names_;
  std::optional<SelfSigned> self_signed_;
  TlsContext context_;
  // Of the files when they were last read.
  Stamps read_at_{};
};

}  // namespace hongyan::net
