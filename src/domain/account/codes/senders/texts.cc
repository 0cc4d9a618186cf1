#include "domain/account/codes/senders/texts.h"

#include <fmt/format.h>

#include <algorithm>

namespace hongyan::account {
namespace {

struct PurposeText {
  std::string_view chinese;
  std::string_view english;
};

PurposeText text_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::login: return {"登录", "to log in"};
    case Purpose::reset_password: return {"重设密码", "to set a new password"};
    case Purpose::own: return {"绑定账号", "to link this address to an account"};
  }
  return {"", ""};
}

}  // namespace

std::string subject_of(const CodeLetter&) { return "鸿雁验证码 · Hongyan code"; }

std::string text_of(const CodeLetter& letter) {
  const PurposeText purpose = text_of(letter.purpose);
  const auto minutes = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(letter.life).count());
  return fmt::format(
      "鸿雁验证码 {0}，用于{1}，{3} 分钟内有效。请勿告诉任何人；如非本人操作，请忽略。\n"
      "{0} is your Hongyan code {2}, good for {3} min. Tell it to nobody; if you did not ask for it, ignore this.\n",
      letter.code, purpose.chinese, purpose.english, minutes);
}

std::string_view purpose_name(const CodeLetter& letter) {
  switch (letter.purpose) {
    case Purpose::login: return "login";
    case Purpose::reset_password: return "reset_password";
    case Purpose::own: return letter.to.kind == v1::CODE_TARGET_EMAIL ? "change_email" : "change_phone";
  }
  return "";
}

}  // namespace hongyan::account
