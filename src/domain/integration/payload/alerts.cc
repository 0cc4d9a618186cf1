#include "domain/integration/payload/alerts.h"

#include <fmt/format.h>

namespace hongyan::integration::payload {
namespace {

// More are only counted.
constexpr std::size_t kMaxShown = 20;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// "job=node, zone=eu" of those labels that `seen` does not have; never the name, which stands in the title.
std::string labels_text(const std::optional<object>& labels, const std::optional<object>& seen) {
  std::string text;
  if (!labels) return text;
  for (const auto& [key, value] : *labels) {
    const std::string said = text_of(value);
    if (key == "alertname" || said.empty() || (seen && text_at(*seen, key) == said)) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, said);
  }
  return text;
}

std::string in_brackets(const std::string& text) { return text.empty() ? text : " (" + text + ")"; }

// The first of these that says anything.
std::string first_of(const std::optional<object>& from, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (std::string text = from ? text_at(*from, key) : std::string(); !text.empty()) return text;
  }
  return {};
}

std::string name_of(const object& payload) {
  for (const std::string_view labels : {"groupLabels", "commonLabels"}) {
    if (std::string name = first_of(object_at(payload, labels), {"alertname"}); !name.empty()) return name;
  }
  return text_at(payload, "receiver");
}

struct Counts {
  std::size_t all = 0;
  std::size_t firing = 0;
};

Counts count(const object& payload) {
  Counts counts;
  each_at(payload, "alerts", [&](const object& alert) {
    ++counts.all;
    if (text_at(alert, "status") == "firing") ++counts.firing;
  });
  return counts;
}

// Grafana writes one; Alertmanager leaves it to whom it tells.
std::string title_of(const object& payload, const Counts& counts) {
  if (std::string title = text_at(payload, "title"); !title.empty()) return title;
  const std::string status = upper(text_at(payload, "status"));
  const std::string number = counts.firing > 0 ? ":" + std::to_string(counts.firing) : std::string();
  return fmt::format("[{}{}] {}{}", status, number, name_of(payload),
                     in_brackets(labels_text(object_at(payload, "groupLabels"), {})));
}

std::string alert_text(const object& payload, const object& alert) {
  const auto labels = object_at(alert, "labels");
  std::string said = first_of(object_at(alert, "annotations"), {"summary", "description", "message"});
  if (said.empty()) said = first_of(labels, {"alertname"});
  const std::string status = text_at(alert, "status");
  const bool differs = !status.empty() && status != text_at(payload, "status");
  return fmt::format("• {}{}{}", differs ? status + ": " : "", said,
                     in_brackets(labels_text(labels, object_at(payload, "groupLabels"))));
}

}  // namespace

bool is_alerts(const object& payload) { return has_list(payload, "alerts"); }

std::string alerts_text(const object& payload) {
  const Counts counts = count(payload);
  Lines lines;
  lines.add(title_of(payload, counts));
  const std::string message = text_at(payload, "message");
  lines.add(message);
  std::size_t shown = 0;
  each_at(payload, "alerts", [&](const object& alert) {
    if (message.empty() && shown++ < kMaxShown) lines.add(alert_text(payload, alert));
  });
  if (shown > kMaxShown) lines.add(fmt::format("… {} more", shown - kMaxShown));
  lines.add(text_at(payload, "externalURL"));
  return std::move(lines).text();
}

}  // namespace hongyan::integration::payload
