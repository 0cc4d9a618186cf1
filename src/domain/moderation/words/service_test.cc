// Changing words, on SQLite.
#include "domain/moderation/words/service.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "domain/moderation/api.h"
#include "domain/moderation/words/sql_store.h"
#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::moderation {
namespace {

using text::Word;
using text::WordAction;

class WordServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(sql::migrate(database_.database(), clock_)); }

  template <class T>
  T wait(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(60)); }

  Result<std::int64_t> add(std::vector<Word> words) { return wait(service_.change({std::move(words), {}}, soon())); }
  Result<std::int64_t> remove(std::vector<std::string> words) {
    return wait(service_.change({{}, std::move(words)}, soon()));
  }
  // "word=action …" in the order of the list.
  std::string listed(std::optional<WordAction> action = {}) {
    std::string all;
    const auto words = wait(service_.words(action, soon())).value();
    for (const Word& word : words) all += word.text + "=" + std::to_string(static_cast<int>(word.action)) + " ";
    return all;
  }
  bool found(const char* text) {
    const auto matcher = in_use_.matcher();
    return matcher && matcher->finds_any(text);
  }

  ManualClock clock_;
  async::IoThreads io_{1};
  sql::testing::TemporaryDatabase database_;
  text::Words in_use_;
  SqlWordStore store_{database_.database()};
  WordService service_{store_, in_use_, clock_};
};

TEST_F(WordServiceTest, AWordIsInUseWhenTheChangeIsAnswered) {
  EXPECT_EQ(in_use_.matcher(), nullptr);
  EXPECT_EQ(add({{"bad", WordAction::block}, {"赌博", WordAction::mask}}).value(), 2);
  EXPECT_TRUE(found("so bad"));
  EXPECT_TRUE(found("赌博"));
  EXPECT_EQ(listed(), "bad=2 赌博=1 ");
  EXPECT_EQ(listed(WordAction::mask), "赌博=1 ");
  EXPECT_EQ(wait(service_.count(soon())).value(), 2);
  EXPECT_EQ(remove({"BAD", "never there"}).value(), 1);
  EXPECT_FALSE(found("so bad"));
  EXPECT_TRUE(found("赌博"));
  EXPECT_EQ(remove({"赌博"}).value(), 0);
  EXPECT_EQ(in_use_.matcher(), nullptr);
}

TEST_F(WordServiceTest, TheSameFormIsOneWord) {
  EXPECT_EQ(add({{"Bad", WordAction::block}}).value(), 1);
  EXPECT_EQ(add({{"ＢＡＤ", WordAction::review}, {"bad ", WordAction::mask}}).value(), 1);
  EXPECT_EQ(listed(), "bad =1 ") << "the last one counts";
}

TEST_F(WordServiceTest, ARepeatIsHarmless) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(add({{"bad", WordAction::block}}).value(), 1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(remove({"bad"}).value(), 0);
}

TEST_F(WordServiceTest, AllOfAChangeOrNothing) {
  ASSERT_TRUE(add({{"bad", WordAction::block}}));
  const auto refused = add({{"worse", WordAction::block}, {"--", WordAction::block}});
  EXPECT_EQ(refused.error().field, "word");
  EXPECT_EQ(listed(), "bad=2 ");
  EXPECT_FALSE(found("worse"));

  const auto prepare = [](const std::vector<Word>&) { return [] { FAIL() << "nothing was written"; }; };
  const auto full = wait(store_.change({{{"worse", WordAction::block}}, {}}, clock_.now(), 1, prepare, soon()));
  EXPECT_EQ(full.error().code, ErrorCode::quota_exceeded);
  EXPECT_EQ(listed(), "bad=2 ");
}

TEST_F(WordServiceTest, WordsAreThereAfterARestart) {
  ASSERT_TRUE(add({{"bad", WordAction::block}}));
  text::Words later;
  WordService restarted(store_, later, clock_);
  ASSERT_TRUE(restarted.load_now());
  ASSERT_NE(later.matcher(), nullptr);
  EXPECT_TRUE(later.matcher()->finds_any("bad"));
}

TEST_F(WordServiceTest, ManyWordsAreOneChange) {
  std::vector<Word> words;
  for (int i = 0; i < 3000; ++i) words.push_back({"word" + std::to_string(i), WordAction::block});
  EXPECT_EQ(add(words).value(), 3000);
  EXPECT_TRUE(found("word2999"));
  EXPECT_EQ(add(words).value(), 3000);
}

}  // namespace
}  // namespace hongyan::moderation
