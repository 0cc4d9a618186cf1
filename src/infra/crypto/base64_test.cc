#include "infra/crypto/base64.h"

#include <gtest/gtest.h>

namespace hongyan::crypto {
namespace {

// RFC 4648 section 10.
TEST(Base64, KnowsTheVectorsOfTheRfc) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, padded] : vectors) {
    std::string bare = padded;
    bare.erase(bare.find_last_not_of('=') + 1);
    EXPECT_EQ(base64url_encode(bytes), bare);
    EXPECT_EQ(base64url_decode(padded), bytes);
    EXPECT_EQ(base64url_decode(bare), bytes);
  }
}

TEST(Base64, ReadsBothAlphabetsAndWritesOne) {
  const std::string bytes = "\xfb\xff\xfe";
  EXPECT_EQ(base64url_encode(bytes), "-__-");
  EXPECT_EQ(base64url_decode("-__-"), bytes);
  EXPECT_EQ(base64url_decode("+//+"), bytes);
}

TEST(Base64, EveryLengthAndByteSurvives) {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(base64url_decode_canonical(base64url_encode(bytes)), bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zg=", "Zg===", "=", "Z=g=", "Zm9v\n", "Zm 9v", "Zm9v!", "Zm9v====", "Z\xc3\xa9=="}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

TEST(Base64, CanonicalHasOneSpellingAValue) {
  EXPECT_EQ(base64url_decode_canonical("Zg"), "f");
  for (const char* text : {"Zg==", "Zh", "+//+"}) EXPECT_FALSE(base64url_decode_canonical(text)) << text;
}

}  // namespace
}  // namespace hongyan::crypto
