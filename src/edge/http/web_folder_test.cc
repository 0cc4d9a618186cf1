#include "edge/http/web_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::edge {
namespace {

http::Request asking_for(std::string path, std::string accept = "*/*") {
  http::Request request;
  request.path = std::move(path);
  request.headers.add("Accept", std::move(accept));
  return request;
}

// A built client, with a secret beside it.
class WebFolderTest : public testing::Test {
 protected:
  WebFolderTest() {
    std::filesystem::create_directories(outer_ / "dist/assets");
    write("dist/index.html", "<html>");
    write("dist/assets/app.js", "run();");
    write("secret.txt", "secret");
    std::filesystem::create_symlink(outer_ / "secret.txt", outer_ / "dist/link.txt");
  }

  void write(const char* name, const char* text) { std::ofstream(outer_ / name) << text; }

  std::filesystem::path dist() const { return outer_ / "dist"; }

  TemporaryFolder outer_;
};

TEST_F(WebFolderTest, ServesFilesAsTheyAreAtThatMoment) {
  const WebFolder folder(dist());
  const auto script = folder.serve(asking_for("/assets/app.js"));
  ASSERT_TRUE(script.has_value());
  EXPECT_EQ(script->status, 200);
  EXPECT_EQ(script->body.view(), "run();");
  EXPECT_EQ(script->headers.get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script->headers.get("Cache-Control"), "no-store");
  write("dist/assets/app.js", "walk();");
  EXPECT_EQ(folder.serve(asking_for("/assets/app.js"))->body.view(), "walk();");
  EXPECT_EQ(folder.serve(asking_for("/"))->body.view(), "<html>");
}

TEST_F(WebFolderTest, AnswersNavigationWithThePage) {
  const WebFolder folder(dist());
  const auto page = folder.serve(asking_for("/c/123", "text/html"));
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->body.view(), "<html>");
  EXPECT_FALSE(folder.serve(asking_for("/c/123")).has_value());
  EXPECT_FALSE(folder.serve(asking_for("/missing.js", "text/html")).has_value());
}

TEST_F(WebFolderTest, ReachesNothingElse) {
  const WebFolder folder(dist());
  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/link.txt", "/assets",
                           "/assets/", "/%zz", "/assets/app.js%00.png"}) {
    EXPECT_FALSE(folder.serve(asking_for(path)).has_value()) << path;
  }
  http::Request post = asking_for("/index.html");
  post.method = http::Method::post;
  EXPECT_FALSE(folder.serve(post).has_value());
}

TEST_F(WebFolderTest, ServesNothingFromAFolderThatIsNotThere) {
  EXPECT_FALSE(WebFolder(outer_ / "missing").serve(asking_for("/index.html")).has_value());
}

}  // namespace
}  // namespace hongyan::edge
