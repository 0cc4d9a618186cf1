#include "domain/account/codes/senders/http_sender.h"

#include <fmt/format.h>

#include <algorithm>

#include "domain/account/codes/senders/texts.h"
#include "infra/egress/transfer.h"
#include "wire/json_codec.h"

namespace hongyan::account {
namespace {

constexpr std::chrono::seconds kConnect{3};
// Of an answer that nobody reads.
constexpr std::size_t kMaxAnswer = 65'536;

std::string json_of(const CodeLetter& letter) {
  std::string text = text_of(letter);
  while (text.ends_with('\n')) text.pop_back();
  std::string quoted;
  wire::append_json_string(text, quoted);
  // None of the other values has anything that JSON would escape.
  return fmt::format(R"({{"to":"{}","code":"{}","purpose":"{}","expires_in_ms":{},"text":{}}})", letter.to.text,
                     letter.code, purpose_name(letter), letter.life.count(), quoted);
}

}  // namespace

Result<void> HttpSender::send(const CodeLetter& letter, std::chrono::milliseconds timeout,
                              const std::atomic<bool>& stopped) {
  HY_TRY(const auto target, egress::parse_target(gateway_.url, true));
  HY_TRY(const auto addresses, egress::addresses_of(target, resolver_));
  egress::Request request{
      .url = gateway_.url, .headers = {{"Content-Type", "application/json"}}, .body = json_of(letter)};
  if (!gateway_.bearer_token.empty()) request.headers.emplace_back("Authorization", "Bearer " + gateway_.bearer_token);
  const egress::TransferLimits limits{.connect = std::min<std::chrono::milliseconds>(kConnect, timeout),
                                      .total = timeout,
                                      .header_bytes = kMaxAnswer,
                                      .body_bytes = kMaxAnswer,
                                      .ca_file = gateway_.ca_file};
  HY_TRY(const auto answer, egress::transfer(request, target, addresses, limits, stopped));
  if (answer.status / 100 == 2) return {};
  return fail(ErrorCode::unavailable, fmt::format("the gateway answers {}", answer.status));
}

}  // namespace hongyan::account
