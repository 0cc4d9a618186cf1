#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bench/protocol/frame_cutter.h"
#include "bench/protocol/json_search.h"
#include "bench/protocol/people.h"
#include "bench/protocol/proto_fields.h"

namespace hongyan::bench::protocol {
namespace {

using sockets::Bytes;

TEST(WebSocketTest, FramesOfEveryLengthComeBackAsTheyWere) {
  for (const std::size_t length : {0, 1, 7, 125, 126, 127, 300, 65'535, 65'536, 70'001}) {
    for (const std::optional<Mask> mask : {std::optional<Mask>{}, std::optional<Mask>{0x12345678}}) {
      Bytes out;
      const std::string payload(length, 'x');
      append_frame(out, Opcode::text, payload, mask);
      std::string bytes(out.view());
      EXPECT_EQ(bytes.contains("xxxx"), !mask && length >= 4);
      int frames = 0;
      const auto used = cut_frames({bytes.data(), bytes.size()}, [&](Opcode opcode, std::string_view found) {
        EXPECT_EQ(opcode, Opcode::text);
        EXPECT_EQ(found, payload);
        ++frames;
        return true;
      });
      EXPECT_EQ(used, bytes.size());
      EXPECT_EQ(frames, 1);
    }
  }
}

TEST(WebSocketTest, WhatIsNotWholeIsLeft) {
  Bytes out;
  append_frame(out, Opcode::binary, std::string(200, 'a'), Mask{7});
  append_frame(out, Opcode::binary, std::string(10, 'b'), Mask{9});
  const std::string all(out.view());
  for (std::size_t length = 0; length <= all.size(); ++length) {
    std::string bytes = all.substr(0, length);
    std::vector<std::size_t> lengths;
    const auto used = cut_frames({bytes.data(), bytes.size()}, [&](Opcode, std::string_view payload) {
      lengths.push_back(payload.size());
      return true;
    });
    const std::size_t first = all.size() - 16;
    EXPECT_EQ(used, length == all.size() ? all.size() : length >= first ? first : 0);
    // The rest is as it came, so it can come again with what follows.
    EXPECT_EQ(bytes.substr(used), all.substr(used, length - used));
  }
}

TEST(WebSocketTest, FragmentsAreRefused) {
  std::string fragment("\x01\x01x", 3);
  EXPECT_THROW(cut_frames({fragment.data(), fragment.size()}, [](Opcode, std::string_view) { return true; }),
               std::runtime_error);
}

TEST(BytesTest, WhatIsWrittenAndSentByPartsStaysInOrder) {
  Bytes bytes;
  std::string expected;
  std::string sent;
  for (int i = 0; i < 5'000; ++i) {
    const std::string part(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26));
    expected += part;
    bytes.append(part);
    const std::size_t count = std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(i % 89));
    sent += bytes.view().substr(0, count);
    bytes.drop_front(count);
  }
  EXPECT_EQ(sent + std::string(bytes.view()), expected);
}

TEST(NumbersTest, HexAndDecimalComeBack) {
  char text[kMostDigits];
  for (const std::uint32_t value : {0U, 1U, 0xdeadbeefU, 0xffffffffU}) {
    write_hex(text, value);
    std::uint32_t read = 0;
    EXPECT_TRUE(read_hex({text, kHexDigits}, read));
    EXPECT_EQ(read, value);
  }
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{10}, ~std::uint64_t{0}}) {
    std::string_view digits(text, write_decimal(text, value));
    EXPECT_EQ(digits, std::to_string(value));
    EXPECT_EQ(take_decimal(digits), value);
  }
  std::uint32_t read = 0;
  EXPECT_FALSE(read_hex("0000000g", read));
  EXPECT_FALSE(read_hex("000000", read));
}

TEST(ProtoFieldsTest, WhatIsWrittenIsReadAndDamageEndsIt) {
  char message[64];
  char* end = put_fixed64(message, 1, 385'164'671'784'583'170);
  end = put_number(end, 2, 300);
  end = put_bytes(end, 3, "geese");
  const std::string_view all(message, static_cast<std::size_t>(end - message));
  EXPECT_EQ(all.size(), 9 + 1 + varint_bytes(300) + bytes_of_field(5));
  Fields fields(all);
  Field field;
  ASSERT_TRUE(fields.next(field));
  EXPECT_EQ(field.value, 385'164'671'784'583'170U);
  ASSERT_TRUE(fields.next(field));
  EXPECT_EQ(field.value, 300U);
  ASSERT_TRUE(fields.next(field));
  EXPECT_EQ(field.bytes, "geese");
  EXPECT_FALSE(fields.next(field));
  for (std::size_t length = 0; length < all.size(); ++length) {
    int found = 0;
    for (Fields cut(all.substr(0, length)); cut.next(field);) ++found;
    EXPECT_LT(found, 3);
  }
}

TEST(PeopleTest, ALineOfTheTokensFile) {
  const Person person = parse_person(
      R"({"user_id":"1","username":"s1_00000","device_id":"2","access_token":"ey.J-_","direct":[)"
      R"({"conversation_id":"10","user_id":"3"},{"conversation_id":"11","user_id":"4"}],"groups":["20","21","22"]})");
  EXPECT_EQ(person.user, 1U);
  EXPECT_EQ(person.access_token, "ey.J-_");
  ASSERT_EQ(person.directs.size(), 2U);
  EXPECT_EQ(person.directs[1].conversation, 11U);
  EXPECT_EQ(person.directs[1].user, 4U);
  EXPECT_EQ(person.groups, (std::vector<std::uint64_t>{20, 21, 22}));
  const Person alone = parse_person(R"({"user_id":"1","access_token":"t","direct":[],"groups":[]})");
  EXPECT_TRUE(alone.directs.empty());
  EXPECT_TRUE(alone.groups.empty());
  EXPECT_THROW(parse_person(R"({"user_id":"1","access_token":"t","direct":[]})"), std::runtime_error);
}

}  // namespace
}  // namespace hongyan::bench::protocol
