#include "infra/sql/mysql/statements.h"

#include <gtest/gtest.h>

namespace hongyan::sql::mysql {
namespace {

TEST(Statements, NamelessPlaceholdersGetNamesButForThoseInText) {
  EXPECT_EQ(with_names("a = ? AND b IN (?, ?)"), "a = :p AND b IN (:p, :p)");
  EXPECT_EQ(with_names("a = '?' AND b = :b"), "a = '?' AND b = :b");
  EXPECT_EQ(with_names("a = 'it''s ?' OR \"?\" = ?"), "a = 'it''s ?' OR \"?\" = :p");
  EXPECT_EQ(with_names("'never ends ?"), "'never ends ?");
  EXPECT_EQ(with_names(""), "");
}

using Texts = std::vector<std::string>;

TEST(Statements, AScriptIsSplitAtItsSemicolons) {
  EXPECT_EQ(split_script("-- First; of all.\nCREATE TABLE a (\n  -- What: it is.\n  b INT\n);\n\nSELECT ';', '--';\n"),
            (Texts{"CREATE TABLE a (\n  \n  b INT\n)", "SELECT ';', '--'"}));
  EXPECT_EQ(split_script("/* a; b */ SELECT 1"), Texts{"SELECT 1"});
  EXPECT_EQ(split_script("SELECT 1;;\n ; -- end"), Texts{"SELECT 1"});
  EXPECT_EQ(split_script(" \n-- nothing"), Texts{});
  EXPECT_EQ(split_script("SELECT 'never ends; "), Texts{"SELECT 'never ends;"});
}

TEST(Statements, SchemaChangesCommitByThemselves) {
  EXPECT_TRUE(commits_by_itself("CREATE UNIQUE INDEX a ON b (c)"));
  EXPECT_TRUE(commits_by_itself("\n ALTER TABLE a ADD COLUMN b INT"));
  EXPECT_FALSE(commits_by_itself("UPDATE a SET b = 'CREATE'"));
  EXPECT_FALSE(commits_by_itself(""));
}

TEST(Statements, TheTableThatIsWritten) {
  EXPECT_EQ(written_table("INSERT INTO users (a) VALUES (1)"), "users");
  EXPECT_EQ(written_table("INSERT INTO users(a) VALUES (1)"), "users");
  EXPECT_EQ(written_table("UPDATE users SET a = 1"), "users");
  EXPECT_EQ(written_table("SELECT 1"), "");
}

}  // namespace
}  // namespace hongyan::sql::mysql
