#include "infra/mail/message.h"

#include <gtest/gtest.h>

namespace hongyan::mail {
namespace {

TEST(Message, HasItsHeadersAndAnEncodedBody) {
  const Message message{"no-reply@chat.example", "Hongyan", "alice@example.org", "Code", "code 123456\n"};
  EXPECT_EQ(to_wire(message, TimeMs(1'700'000'000'123), "abc"),
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
            "From: =?UTF-8?B?SG9uZ3lhbg==?= <no-reply@chat.example>\r\n"
            "To: <alice@example.org>\r\n"
            "Message-ID: <abc@chat.example>\r\n"
            "Subject: =?UTF-8?B?Q29kZQ==?=\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "Y29kZSAxMjM0NTYK\r\n");
}

TEST(Message, NoLineIsTooLongAndNoWordEndsWithinACharacter) {
  std::string chinese;
  for (int i = 0; i < 40; ++i) chinese += "雁";
  const Message message{"a@b.example", "x" + chinese, "c@d.example", "x" + chinese, chinese + chinese};
  std::string wire = to_wire(message, TimeMs(0), "abc");
  // One byte, then characters of three: 42 bytes end within one, 40 do not.
  EXPECT_TRUE(wire.contains("=?UTF-8?B?eOmbgembgembgembgembgembgembgembgembgembgembgembgembgQ==?=\r\n =?UTF-8?B?"));
  while (!wire.empty()) {
    const std::size_t end = wire.find("\r\n");
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end, 100U);
    wire.erase(0, end + 2);
  }
}

}  // namespace
}  // namespace hongyan::mail
