#include "app/chat/arguments.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

using namespace std::chrono_literals;

TEST(ParseSend, SplitsAtTheFirstColon) {
  const auto item = parse_send("bob:see http://x:1/: there");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->user, "bob");
  EXPECT_EQ(item->text, "see http://x:1/: there");
  EXPECT_FALSE(item->is_from_input());
  EXPECT_TRUE(parse_send("bob:-")->is_from_input());
  EXPECT_EQ(parse_send("bob: ")->text, " ");
}

TEST(ParseSend, RefusesWhatLacksAPart) {
  for (const char* argument : {"", "bob", ":", ":text", "bob:"}) {
    const auto item = parse_send(argument);
    ASSERT_FALSE(item) << argument;
    EXPECT_EQ(item.error().field, "send");
  }
}

TEST(ParseArguments, NamesTheOptionThatMakesNoSense) {
  const auto field_of = [](auto change) {
    ChatOptions options;
    options.user = "alice";
    change(options);
    const auto arguments = parse_arguments(options);
    return arguments ? std::string() : arguments.error().field;
  };
  EXPECT_EQ(field_of([](ChatOptions&) {}), "");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.user.clear(); }), "user");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.server = "https://x"; }), "server");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.nickname = "Al"; }), "nickname");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.timeout = 99ms; }), "timeout");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.send = {"bob:1", "bob"}; }), "send");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.send = {"bob:-", "eve:text"}; }), "");
  EXPECT_EQ(field_of([](ChatOptions& o) { o.send = {"bob:-", "eve:-"}; }), "send");
}

}  // namespace
}  // namespace hongyan::chat
