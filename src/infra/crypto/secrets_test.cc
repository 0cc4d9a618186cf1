#include "infra/crypto/secrets.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "base/testing/temporary_folder.h"
#include "infra/config/data_folder.h"
#include "infra/crypto/testing/counting_random.h"

namespace hongyan::crypto {
namespace {

class SecretsTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "secrets"; }
  Result<Secrets> load() { return load_or_create_secrets(file(), random_); }

  TemporaryFolder folder_;
  testing::CountingRandom random_;
};

TEST_F(SecretsTest, AreMadeOnceAndReadAgain) {
  const auto made = load();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->jwt_keys.size(), 1U);
  EXPECT_EQ(made->refresh.size(), 32U);
  EXPECT_NE(made->refresh, made->cursor);
  struct stat info{};
  ASSERT_EQ(::stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const auto read = load();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->jwt_keys[0].kid, made->jwt_keys[0].kid);
  EXPECT_EQ(read->jwt_keys[0].secret, made->jwt_keys[0].secret);
  EXPECT_EQ(read->refresh, made->refresh);
  EXPECT_EQ(read->cursor, made->cursor);
}

TEST_F(SecretsTest, AFileOthersMayReadIsRefused) {
  ASSERT_TRUE(load());
  for (const mode_t mode : {0640U, 0604U, 0660U, 0610U}) {
    ASSERT_EQ(::chmod(file().c_str(), mode), 0);
    EXPECT_EQ(load().error().code, ErrorCode::permission_denied);
  }
  ASSERT_EQ(::chmod(file().c_str(), 0600), 0);
  EXPECT_TRUE(load());
}

TEST_F(SecretsTest, ARotatedKeyStandsFirst) {
  const auto made = load();
  std::string text = *config::read_file(file());
  text.insert(text.find("\njwt_key ") + 1, "jwt_key bmV3 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
  ASSERT_TRUE(config::write_file_durably(file(), text));
  const auto rotated = load();
  ASSERT_TRUE(rotated);
  ASSERT_EQ(rotated->jwt_keys.size(), 2U);
  EXPECT_EQ(rotated->jwt_keys[0].kid, "bmV3");
  EXPECT_EQ(rotated->jwt_keys[1].kid, made->jwt_keys[0].kid);
}

TEST_F(SecretsTest, ADamagedFileIsRefusedAndNeverReplaced) {
  ASSERT_TRUE(load());
  const std::string whole = *config::read_file(file());
  for (const std::string& text :
       {std::string(), whole.substr(0, whole.size() - 10), whole + "refresh AAAA\n", whole + "what is this\n"}) {
    ASSERT_TRUE(config::write_file_durably(file(), text));
    const auto damaged = load();
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, ErrorCode::internal);
    EXPECT_EQ(*config::read_file(file()), text);
  }
}

}  // namespace
}  // namespace hongyan::crypto
