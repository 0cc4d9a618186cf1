// What the load generator writes is what the reference reads, and the other way round, in both formats.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bench/load/wire/answers.h"
#include "bench/load/wire/requests.h"
#include "bench/protocol/frame_cutter.h"
#include "bench/reference/answers.h"
#include "bench/reference/requests.h"

namespace hongyan::bench::load {
namespace {

using protocol::Format;
using protocol::Opcode;
using sockets::Bytes;

constexpr std::uint64_t kLongId = 385'164'671'784'583'170;
constexpr std::uint32_t kNumber = 0x00c0ffee;

std::vector<std::string> payloads_of(const Bytes& out, Format format) {
  std::string bytes(out.view());
  std::vector<std::string> payloads;
  const std::size_t used = protocol::cut_frames({bytes.data(), bytes.size()}, [&](Opcode opcode, std::string_view one) {
    EXPECT_EQ(opcode, opcode_of(format));
    payloads.emplace_back(one);
    return true;
  });
  EXPECT_EQ(used, bytes.size());
  return payloads;
}

class FramesTest : public ::testing::TestWithParam<Format> {
 protected:
  std::string message(std::uint32_t number) {
    Bytes out;
    requests_.append_message(out, ConversationName(kLongId), number);
    return payloads_of(out, GetParam()).at(0);
  }

  RequestWriter requests_{GetParam(), 100, 1};
};

TEST_P(FramesTest, AMessageIsUnderstood) {
  const std::string payload = message(kNumber);
  const auto request = reference::read_request(GetParam(), payload);
  EXPECT_EQ(request.kind, reference::Kind::send);
  EXPECT_EQ(request.id, "00c0ffee");
  EXPECT_EQ(request.conversation, kLongId);
  EXPECT_EQ(request.client_msg_id, requests_.client_msg_id(kNumber));
  EXPECT_EQ(request.client_msg_id.size(), 36U);
  if (GetParam() == Format::json) {
    EXPECT_TRUE(request.content.starts_with(R"({"text":{"text":")"));
    EXPECT_TRUE(request.content.ends_with(R"("}})"));
  }
  EXPECT_NE(message(kNumber).substr(150), payload.substr(150)) << "texts differ";
}

TEST_P(FramesTest, AuthIsUnderstood) {
  Bytes out;
  requests_.append_auth(out, std::string(300, 't'));
  const std::string payload = payloads_of(out, GetParam()).at(0);
  const auto request = reference::read_request(GetParam(), payload);
  EXPECT_EQ(request.kind, reference::Kind::auth);
  EXPECT_EQ(request.token, std::string(300, 't'));
}

TEST_P(FramesTest, AnswersAreUnderstood) {
  const reference::Accepted accepted{.message_id = 7, .seq = 4711, .sender = 8, .time_ms = 1'700'000'000'000};
  const std::string sent = message(kNumber);
  const auto request = reference::read_request(GetParam(), sent);
  Bytes out;
  reference::append_ready(out, GetParam(), "auth", 8);
  reference::append_ok(out, GetParam(), request.id, accepted);
  reference::append_push(out, GetParam(), request, accepted);
  reference::append_error(out, GetParam(), request.id, "not_found");
  reference::append_pong(out, GetParam(), "1", 1);
  const auto payloads = payloads_of(out, GetParam());
  ASSERT_EQ(payloads.size(), 5U);

  EXPECT_EQ(read_answer(GetParam(), payloads[0]).kind, Kind::ready);
  const Answer ok = read_answer(GetParam(), payloads[1]);
  EXPECT_EQ(ok.kind, Kind::ok);
  EXPECT_EQ(ok.id, "00c0ffee");
  EXPECT_EQ(ok.seq, 4711U);
  const Answer push = read_answer(GetParam(), payloads[2]);
  EXPECT_EQ(push.kind, Kind::message);
  EXPECT_EQ(push.conversation, kLongId);
  EXPECT_EQ(push.seq, 4711U);
  std::uint32_t number = 0;
  EXPECT_TRUE(requests_.number_of(push.client_msg_id, number));
  EXPECT_EQ(number, kNumber);
  const Answer error = read_answer(GetParam(), payloads[3]);
  EXPECT_EQ(error.kind, Kind::error);
  EXPECT_EQ(error.detail, "not_found");
  EXPECT_EQ(read_answer(GetParam(), payloads[4]).kind, Kind::other);
}

INSTANTIATE_TEST_SUITE_P(Formats, FramesTest, ::testing::Values(Format::json, Format::proto),
                         [](const auto& param) { return std::string(name_of(param.param)); });

TEST(AnswersTest, FieldsMayStandInAnyOrder) {
  const Answer ok = read_json(R"({"id":"0000002a","data":{"time_ms":3,"seq":9,"message_id":"1"},"type":"ok"})");
  EXPECT_EQ(ok.kind, Kind::ok);
  EXPECT_EQ(ok.id, "0000002a");
  EXPECT_EQ(ok.seq, 9U);
  const Answer push = read_json(
      R"({"type":"message","data":{"message":{"client_msg_id":"a-1"},"conversation_id":"12","change":0,"seq":9}})");
  EXPECT_EQ(push.conversation, 12U);
  EXPECT_EQ(push.seq, 9U);
}

TEST(AnswersTest, APageTellsWhatItCovers) {
  const std::string_view json =
      R"({"type":"ok","id":"1","data":{"items":[{"seq":7,"content":{"text":{"text":"\"to_seq\":3"}}}],"from_seq":7,)"
      R"("to_seq":56,"has_more_before":true,"has_more_after":false,"head":{"seq":99,"change":2},"floor_seq":1}})";
  const Page page = read_page(Format::json, json);
  EXPECT_EQ(page.from_seq, 7U);
  EXPECT_EQ(page.to_seq, 56U);
  EXPECT_EQ(page.head_seq, 99U);
}

}  // namespace
}  // namespace hongyan::bench::load
