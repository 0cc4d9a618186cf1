#include "domain/integration/payload/payload.h"

#include <algorithm>
#include <array>

#include "domain/integration/payload/alerts.h"
#include "domain/integration/payload/markup.h"
#include "domain/integration/payload/slack.h"
#include "infra/http/message.h"
#include "infra/http/query.h"
#include "wire/codec/json_document.h"

namespace hongyan::integration {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
// Absent as well: many a script says nothing, or what its tool says by itself.
constexpr std::array<std::string_view, 4> kTypes{"", "application/json", "text/plain", kForm};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// The JSON of the body. A tool that sends JSON and calls it a form is understood.
Result<std::string> json_of(std::string_view content_type, std::string_view body) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  const auto is_type = [type](std::string_view one) { return http::iequals(type, one); };
  if (std::ranges::none_of(kTypes, is_type)) return fail(ErrorCode::unsupported_media, "content type");
  if (!is_type(kForm) || trimmed(body).starts_with('{')) return std::string(body);
  const auto form = http::Query::parse(body);
  const auto field = form ? form->find("payload") : std::nullopt;
  if (!field) return fail(Error::invalid("payload", "no such field in the form"));
  return std::string(*field);
}

Result<std::string> text_of_object(const payload::object& object) {
  if (payload::is_slack(object)) return payload::slack_text(object);
  if (payload::is_alerts(object)) return payload::alerts_text(object);
  return std::string();
}

}  // namespace

Result<std::string> read_payload(std::string_view content_type, std::string_view body, std::size_t max_bytes) {
  HY_TRY(const std::string json, json_of(content_type, body));
  auto text = wire::with_document(json, text_of_object);
  if (!text && text.error().code != ErrorCode::invalid_argument) return text;
  if (!text) return fail(Error::invalid("payload", std::move(text).error().detail));
  std::string clean = payload::cut(payload::cleaned(*text), max_bytes);
  if (clean.empty()) return fail(Error::invalid("text", "it says nothing"));
  return clean;
}

}  // namespace hongyan::integration
