// What one message costs in each codec, both ways: the push `message` is encoded, the request message.send decoded. The
// argument is the length of the text; with 70 a push has 396 bytes of JSON and a frame that sends it 264.
#include <benchmark/benchmark.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/codec/hot_decoder.h"
#include "wire/codec/hot_encoder.h"
#include "wire/frames.h"
#include "wire/json_codec.h"

namespace hongyan::wire {
namespace {

constexpr std::uint64_t kId = 7'301'234'567'890'123'456;

std::string words(benchmark::State& state) {
  const std::string pattern = "wild geese carry letters, 鸿雁传书. ";
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += pattern;
  return text;
}

v1::SendRequest request_of(benchmark::State& state) {
  v1::SendRequest request;
  request.set_conversation_id(kId);
  request.set_client_msg_id("7f3c9a52-2b1e-4c7d-9d0a-5e8f61b2a3c4");
  request.mutable_content()->mutable_text()->set_text(words(state));
  request.set_read_seq(4711);
  return request;
}

v1::MessagePush push_of(benchmark::State& state) {
  v1::MessagePush push;
  push.set_conversation_id(kId);
  push.set_seq(4712);
  push.set_change(3);
  v1::Message& message = *push.mutable_message();
  message.set_message_id(kId + 1);
  message.set_conversation_id(kId);
  message.set_seq(4712);
  message.set_sender_id(kId + 2);
  message.set_client_msg_id("7f3c9a52-2b1e-4c7d-9d0a-5e8f61b2a3c4");
  message.set_time_ms(1'700'000'000'000);
  message.mutable_content()->mutable_text()->set_text(words(state));
  return push;
}

std::unique_ptr<google::protobuf::Message> prototype(std::string_view) { return std::make_unique<v1::SendRequest>(); }

void require(bool ok) {
  if (!ok) std::abort();
}

void encode_json_util(benchmark::State& state) {
  const auto push = push_of(state);
  std::string out;
  for (auto _ : state) {
    out.clear();
    require(google::protobuf::util::MessageToJsonString(push, &out).ok());
  }
  state.counters["bytes"] = static_cast<double>(out.size());
}

void encode_general(benchmark::State& state) {
  const auto push = push_of(state);
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_json(push, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["bytes"] = static_cast<double>(out.size());
}

void encode_hot(benchmark::State& state) {
  const auto push = push_of(state);
  std::string out;
  for (auto _ : state) {
    out.clear();
    require(append_hot_json(push, out));
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["bytes"] = static_cast<double>(out.size());
}

void decode_json_util(benchmark::State& state) {
  const std::string text = to_json(request_of(state));
  for (auto _ : state) {
    v1::SendRequest request;
    require(google::protobuf::util::JsonStringToMessage(text, &request).ok());
  }
  state.counters["bytes"] = static_cast<double>(text.size());
}

void decode_general(benchmark::State& state) {
  const std::string text = to_json(request_of(state));
  for (auto _ : state) {
    v1::SendRequest request;
    require(from_json(text, request).has_value());
  }
  state.counters["bytes"] = static_cast<double>(text.size());
}

void decode_general_frame(benchmark::State& state) {
  const std::string text = encode_frame("message.send", "12", request_of(state));
  const FramePrototype make = prototype;
  for (auto _ : state) require(parse_frame(text, make).has_value());
  state.counters["bytes"] = static_cast<double>(text.size());
}

void decode_hot_frame(benchmark::State& state) {
  const std::string text = encode_frame("message.send", "12", request_of(state));
  for (auto _ : state) require(parse_hot_frame(text).has_value());
  state.counters["bytes"] = static_cast<double>(text.size());
}

// As sessions do it: the whole WebSocket message, in memory of its own.
template <const Frames& (*kFrames)()>
void encode_message(benchmark::State& state) {
  const auto push = push_of(state);
  ws::SharedFrame out;
  for (auto _ : state) out = kFrames().encode("message", {}, push);
  state.counters["bytes"] = static_cast<double>(out->size());
}

void decode_proto_frame(benchmark::State& state) {
  v1::Frame envelope;
  envelope.set_type("message.send");
  envelope.set_id("12");
  envelope.set_data(request_of(state).SerializeAsString());
  const std::string bytes = envelope.SerializeAsString();
  const FramePrototype make = prototype;
  for (auto _ : state) require(proto_frames().parse(bytes, make).has_value());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}

// The quickest of the repetitions is what the code costs; the others also tell how busy the machine was.
void lengths(benchmark::internal::Benchmark* one) {
  one->Arg(70)->Arg(300)->ComputeStatistics("min",
                                            [](const std::vector<double>& all) { return std::ranges::min(all); });
}

BENCHMARK(encode_json_util)->Apply(lengths);
BENCHMARK(encode_general)->Apply(lengths);
BENCHMARK(encode_hot)->Apply(lengths);
BENCHMARK(encode_message<json_frames>)->Name("encode_json_frame")->Apply(lengths);
BENCHMARK(encode_message<proto_frames>)->Name("encode_proto_frame")->Apply(lengths);
BENCHMARK(decode_json_util)->Apply(lengths);
BENCHMARK(decode_general)->Apply(lengths);
BENCHMARK(decode_general_frame)->Apply(lengths);
BENCHMARK(decode_hot_frame)->Apply(lengths);
BENCHMARK(decode_proto_frame)->Apply(lengths);

}  // namespace
}  // namespace hongyan::wire
