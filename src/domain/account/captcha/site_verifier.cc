#include "domain/account/captcha/site_verifier.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace hongyan::account {

async::Task<Result<bool>> SiteVerifier::verify(std::string token, std::string ip, async::Deadline deadline) {
  egress::Request request{
      .url = url_,
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
      .body = fmt::format("secret={}&response={}&remoteip={}", form_value(secret_), form_value(token), form_value(ip))};
  HY_CO_TRY(const auto answer, co_await client_.send(std::move(request), deadline));
  if (answer.status != 200) co_return fail(ErrorCode::unavailable, fmt::format("siteverify answers {}", answer.status));
  co_return says_success(answer.body);
}

bool says_success(const std::string& json) {
  simdjson::dom::parser parser;
  bool success = false;
  return parser.parse(json)["success"].get(success) == simdjson::SUCCESS && success;
}

std::string form_value(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace hongyan::account
