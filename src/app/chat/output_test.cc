#include "app/chat/output.h"

#include <gtest/gtest.h>

#include "app/chat/link/server_frame.h"
#include "app/chat/testing/captured.h"
#include "wire/json_codec.h"

namespace hongyan::chat {
namespace {

using testing::Captured;

v1::Message message(std::string text) {
  v1::Message out;
  out.set_message_id(1234567890123456789ull);
  out.set_conversation_id(7);
  out.set_seq(42);
  out.set_sender_id(2);
  out.mutable_content()->mutable_text()->set_text(std::move(text));
  return out;
}

TEST(Printable, LeavesPlainTextAlone) {
  for (const char* text : {"", "plain \\ text", "鸿雁 👩‍👩‍👧 é", "שלום"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, TurnsWhatATerminalObeysIntoVisibleText) {
  EXPECT_EQ(printable("\x1b]0;pwned\x07"), "\\x1b]0;pwned\\x07");
  EXPECT_EQ(printable("\x1b[2Jgone"), "\\x1b[2Jgone");
  EXPECT_EQ(printable("two\nlines\r\t"), "two\\nlines\\r\\t");
  EXPECT_EQ(printable(std::string_view("nul\0del\x7f", 8)), "nul\\x00del\\x7f");
  // One-byte CSI and OSC as UTF-8.
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\u009b31m");
  EXPECT_EQ(printable("\xC2\x9D"), "\\u009d");
  // U+202E turns what follows around, U+2028 breaks the line.
  EXPECT_EQ(printable("gpj.\xE2\x80\xAE"
                      "exe"),
            "gpj.\\u202eexe");
  EXPECT_EQ(printable("\xE2\x80\xA8\xE2\x81\xA6"), "\\u2028\\u2066");
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\x9B"
                      "31m"),
            "\\x9b31m");
  EXPECT_EQ(printable("a\xC3"), "a\\xc3");
  EXPECT_EQ(printable("\xE4\xBD"
                      "b"),
            "\\xe4\\xbd"
            "b");
  EXPECT_EQ(printable("\xC0\x9B"), "\\xc0\\x9b");
}

TEST(Output, AMessageIsOneHarmlessLine) {
  Captured captured(false);
  ASSERT_TRUE(captured.output.message("Bob\x1b[31m", "Bob", message("a\nb\x1b[2J")));
  EXPECT_EQ(captured.out(), "[Bob\\x1b[31m] #42 Bob: a\\nb\\x1b[2J\n");
}

TEST(Output, AJsonLineIsHarmlessAndStaysTheSameDocument) {
  Captured captured(true);
  const v1::Message sent = message(
      "\x1b[2J\xC2\x9B"
      "31m \xE2\x80\xAE\x7f 鸿\n");
  ASSERT_TRUE(captured.output.message("", "", sent));
  const auto lines = captured.lines();
  ASSERT_EQ(lines.size(), 1U);
  for (const char* raw : {"\x1b", "\xC2\x9B", "\xE2\x80\xAE", "\x7f"}) EXPECT_EQ(lines[0].find(raw), std::string::npos);

  const auto frame = parse_server_frame(lines[0]);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->type, "message");
  v1::Message back;
  ASSERT_TRUE(wire::from_json(frame->data, back));
  EXPECT_EQ(back.SerializeAsString(), sent.SerializeAsString());
}

TEST(Output, ListsAConversationInColumns) {
  Captured captured(false);
  v1::Conversation conversation;
  conversation.set_title("Bob\tb");
  conversation.set_unread(3);
  *conversation.mutable_last_message() = message("hi");
  ASSERT_TRUE(captured.output.conversation(conversation));
  EXPECT_EQ(captured.out(), "Bob\\tb\t3\thi\n");
}

TEST(Output, WhatIsForScriptsOnlyIsNotShownToPeople) {
  Captured people(false);
  Captured script(true);
  for (Captured* captured : {&people, &script}) {
    ASSERT_TRUE(captured->output.ready(v1::ReadyFrame()));
    ASSERT_TRUE(captured->output.read(v1::ReadPush()));
  }
  EXPECT_EQ(people.out(), "");
  EXPECT_EQ(script.lines().size(), 2U);
}

TEST(Output, AnErrorNamesItsCodeAndIsHarmless) {
  Captured captured(true);
  Error error(ErrorCode::rate_limited, "slow\x1b[2J down");
  error.field = "q";
  error.retry_after_ms = 1200;
  captured.output.error(error);
  EXPECT_EQ(captured.out(), "");
  EXPECT_EQ(captured.err(), "hongyan chat: error: rate_limited: slow\\x1b[2J down (q), try again in 1200 ms\n");
}

TEST(Output, FailsWhenNobodyCanReadIt) {
  std::FILE* const full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  Output output(false, full, stderr);
  EXPECT_FALSE(output.message("t", "s", message("x")));
  std::fclose(full);
}

}  // namespace
}  // namespace hongyan::chat
