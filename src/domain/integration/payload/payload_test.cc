#include "domain/integration/payload/payload.h"

#include <gtest/gtest.h>

#include "domain/integration/payload/markup.h"

namespace hongyan::integration {
namespace {

constexpr std::size_t kRoom = 4096;

std::string text_of(std::string_view json) {
  const auto text = read_payload("application/json", json, kRoom);
  return text ? *text : "refused: " + std::string(error_name(text.error().code)) + " " + text.error().field;
}

TEST(PayloadTest, MarkupIsReadable) {
  for (const auto& [marked, plain] : std::initializer_list<std::pair<const char*, const char*>>{
           {"see <https://a.example/x?a=1&amp;b=2|the page>.", "see the page (https://a.example/x?a=1&b=2)."},
           {"<https://a.example>", "https://a.example"},
           {"<https://a.example|https://a.example>", "https://a.example"},
           {"<mailto:bob@a.example|bob@a.example>", "bob@a.example"},
           {"<mailto:bob@a.example>", "bob@a.example"},
           {"<!here> <!channel> <@U12|bob> <@U12> <#C1|general>", "@here @channel @bob @U12 #general"},
           {"<!subteam^S1|@ops> <!date^1392734382^{date}|Feb 18>", "@ops Feb 18"},
           {"&lt;b&gt; &amp;amp; &quot;", "<b> &amp; &quot;"},
           {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
           {"a <b> c", "a <b> c"},
           {"<web-1:9100> is down", "<web-1:9100> is down"},
           {"<tel:+861|call>", "call (tel:+861)"},
           {"open <https://a.example", "open <https://a.example"},
           {"<<https://a.example|x>>", "<x (https://a.example)>"},
           {"<>", "<>"},
           {"<|>", "<|>"},
           {"<@>", "<@>"},
           {"*bold* _it_ `code`", "*bold* _it_ `code`"},
       }) {
    EXPECT_EQ(payload::plain(marked), plain) << marked;
  }
}

TEST(PayloadTest, ATextIsCutBetweenCharacters) {
  EXPECT_EQ(payload::cut("abcdef", 6), "abcdef");
  EXPECT_EQ(payload::cut("abcdefg", 6), "abc…");
  EXPECT_EQ(payload::cut("鸿雁鸿雁", 11), "鸿雁…");
  EXPECT_EQ(payload::cut("鸿雁鸿雁", 10), "鸿雁…");
  EXPECT_EQ(payload::cut("鸿雁鸿雁", 8), "鸿…");
  EXPECT_EQ(payload::cut("abcdef", 2), "");
}

TEST(PayloadTest, SaysWhatSlackWouldShow) {
  EXPECT_EQ(text_of(R"({"text": "  hi\u0000 there\r\n"})"), "hi there");
  EXPECT_EQ(
      text_of(
          R"({"text": "fallback", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!here> up"}}]})"),
      "@here up")
      << "a text only stands for its blocks";
  EXPECT_EQ(text_of(R"({"text": "all there is", "blocks": [{"type": "divider"}]})"), "all there is");
  EXPECT_EQ(text_of(R"({"text": "a", "attachments": [{"pretext": "b", "title": "c", "title_link": "https://c.example",
                        "text": "d", "fallback": "never", "fields": [{"title": "e", "value": 5}, {"value": "f"}, {"title": "g"}]}]})"),
            "a\nb\nc (https://c.example)\nd\ne: 5\nf\ng");
  EXPECT_EQ(text_of(R"({"attachments": [{"fallback": "only this", "color": "danger"}]})"), "only this");
}

TEST(PayloadTest, ListsOfAlerts) {
  EXPECT_EQ(text_of(R"({"status": "resolved", "receiver": "chat", "groupLabels": {"alertname": "Down", "job": "node"},
                        "externalURL": "http://am", "alerts": [
                        {"status": "resolved", "labels": {"alertname": "Down", "job": "node", "zone": "eu"},
                         "annotations": {"description": "it was down"}},
                        {"status": "firing", "labels": {"alertname": "Down", "job": "node"}}]})"),
            "[RESOLVED:1] Down (job=node)\n• it was down (zone=eu)\n• firing: Down\nhttp://am");
  std::string many = R"({"status": "firing", "receiver": "chat", "alerts": [)";
  for (int i = 0; i < 25; ++i) many += std::string(i == 0 ? "" : ",") + R"({"status": "firing", "labels": {"n": 1}})";
  const std::string text = text_of(many + "]}");
  EXPECT_TRUE(text.starts_with("[FIRING:25] chat\n")) << text;
  EXPECT_TRUE(text.ends_with("\n… 5 more")) << text;
}

TEST(PayloadTest, FormsAndWhatToolsCallTheirJson) {
  const auto read = [](std::string_view type, std::string_view body) {
    const auto text = read_payload(type, body, kRoom);
    return text ? *text : std::string(error_name(text.error().code)) + " " + text.error().field;
  };
  EXPECT_EQ(read("application/x-www-form-urlencoded", "payload=%7B%22text%22%3A%22a+b%22%7D&x=1"), "a b");
  EXPECT_EQ(read("Application/JSON; charset=utf-8", R"({"text": "a"})"), "a");
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    EXPECT_EQ(read(type, R"( {"text": "a"})"), "a") << type;
  }
  EXPECT_EQ(read("multipart/form-data; boundary=x", "--x"), "unsupported_media ");
  EXPECT_EQ(read("application/x-www-form-urlencoded", "text=a"), "invalid_argument payload");
  EXPECT_EQ(read("application/x-www-form-urlencoded", "payload=%7"), "invalid_argument payload");
  EXPECT_EQ(read("application/x-www-form-urlencoded", "payload=hello"), "invalid_argument payload");
}

TEST(PayloadTest, RefusesWhatSaysNothing) {
  for (const char* json : {"{}", R"({"text": ""})", R"({"text": " \n\t"})", R"({"text": null})", R"({"text": []})",
                           R"({"attachments": []})", R"({"attachments": [{"color": "good"}]})", R"({"blocks": [1]})"}) {
    EXPECT_EQ(text_of(json), "refused: invalid_argument text") << json;
  }
  for (const char* json : {"", "hello", "[]", "7", R"({"text": "a")", "{\"text\": \"\xff\"}"}) {
    EXPECT_EQ(text_of(json), "refused: invalid_argument payload") << json;
  }
  std::string deep = "{\"text\": ";
  for (int i = 0; i < 10'000; ++i) deep += "[";
  EXPECT_EQ(text_of(deep), "refused: invalid_argument payload");
}

TEST(PayloadTest, IsCutToWhatAMessageHolds) {
  const std::string long_text(100'000, 'x');
  const auto text = read_payload("application/json", R"({"text": ")" + long_text + R"("})", 1000);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 1000u);
  EXPECT_TRUE(text->ends_with("x…"));
}

}  // namespace
}  // namespace hongyan::integration
