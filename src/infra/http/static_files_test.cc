#include "infra/http/static_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>

namespace hongyan::http {
namespace {

const std::string kScript = [] {
  std::string out;
  for (int i = 0; i < 500; ++i) out += "export const value" + std::to_string(i) + " = " + std::to_string(i) + ";\n";
  return out;
}();

std::vector<StaticFile> files() {
  return {
      {.path = "/index.html", .content_type = "text/html; charset=utf-8", .bytes = "<html>", .brotli = {}, .gzip = {}},
      {.path = "/assets/app-1.js", .content_type = "text/javascript", .bytes = kScript, .brotli = {}, .gzip = {}},
      {.path = "/assets/pic-1.png", .content_type = "image/png", .bytes = kScript, .brotli = {}, .gzip = {}},
      {.path = "/built.css", .content_type = "text/css", .bytes = kScript, .brotli = "BR", .gzip = "GZ"},
  };
}

Request asking_for(std::string path, std::string accept_encoding = {}, std::string if_none_match = {}) {
  Request request;
  request.path = std::move(path);
  if (!accept_encoding.empty()) request.headers.add("Accept-Encoding", std::move(accept_encoding));
  if (!if_none_match.empty()) request.headers.add("If-None-Match", std::move(if_none_match));
  return request;
}

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(100'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(StaticFiles, ServesFilesWithTheirHeaders) {
  const StaticFiles served(files());
  const auto page = served.serve(asking_for("/"));
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->body.view(), "<html>");
  EXPECT_EQ(page->headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->headers.get("Cache-Control"), "no-cache");
  EXPECT_EQ(page->headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page->headers.get("Vary"), "Accept-Encoding");
  const auto script = served.serve(asking_for("/assets/app-1.js"));
  ASSERT_TRUE(script.has_value());
  EXPECT_EQ(script->body.view(), kScript);
  EXPECT_EQ(script->headers.get("Cache-Control"), "public, max-age=31536000, immutable");
}

TEST(StaticFiles, NegotiatesTheCoding) {
  StaticFiles served(files());
  const auto coding = [&](const std::string& accept) {
    return std::string(served.serve(asking_for("/assets/app-1.js", accept))->headers.get("Content-Encoding"));
  };
  EXPECT_EQ(coding("br, gzip"), "") << "nothing is compressed yet";
  served.compress();
  EXPECT_EQ(coding("gzip, deflate, br"), "br");
  EXPECT_EQ(coding("gzip"), "gzip");
  EXPECT_EQ(coding("gzip;q=0.5, br;q=0"), "gzip");
  EXPECT_EQ(coding("identity"), "");
  EXPECT_EQ(coding(""), "");
  EXPECT_EQ(coding("brotli"), "");

  const auto zipped = served.serve(asking_for("/assets/app-1.js", "gzip"));
  EXPECT_LT(zipped->body.view().size(), kScript.size() / 2);
  EXPECT_EQ(gunzip(zipped->body.view()), kScript);
  EXPECT_LT(served.serve(asking_for("/assets/app-1.js", "br"))->body.view().size(), kScript.size() / 2);
  // Pictures are compressed already, small files gain nothing.
  EXPECT_FALSE(served.serve(asking_for("/assets/pic-1.png", "br"))->headers.find("Content-Encoding").has_value());
  EXPECT_FALSE(served.serve(asking_for("/", "br"))->headers.find("Content-Encoding").has_value());
  // What the build compressed is used as it is.
  EXPECT_EQ(served.serve(asking_for("/built.css", "br"))->body.view(), "BR");
  EXPECT_EQ(served.serve(asking_for("/built.css", "gzip"))->body.view(), "GZ");
}

TEST(StaticFiles, AnswersNotModified) {
  StaticFiles served(files());
  served.compress();
  const std::string plain(served.serve(asking_for("/assets/app-1.js"))->headers.get("ETag"));
  const std::string brotli(served.serve(asking_for("/assets/app-1.js", "br"))->headers.get("ETag"));
  EXPECT_NE(plain, brotli);
  const auto same = served.serve(asking_for("/assets/app-1.js", "br", "\"other\", W/" + brotli));
  EXPECT_EQ(same->status, 304);
  EXPECT_EQ(same->body.view(), "");
  EXPECT_EQ(same->headers.get("ETag"), brotli);
  EXPECT_EQ(served.serve(asking_for("/assets/app-1.js", "br", plain))->status, 200);
  EXPECT_EQ(served.serve(asking_for("/assets/app-1.js", "", "*"))->status, 304);
}

TEST(StaticFiles, FallsBackForNavigationOnly) {
  const StaticFiles served(files());
  const auto navigate = [&](std::string path, std::string accept) {
    Request request = asking_for(std::move(path));
    request.headers.add("Accept", std::move(accept));
    return served.serve(request);
  };
  const auto page = navigate("/chat/123", "text/html,application/xhtml+xml");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->body.view(), "<html>");
  EXPECT_EQ(page->headers.get("Cache-Control"), "no-cache");
  EXPECT_FALSE(navigate("/chat/123", "application/json").has_value());
  EXPECT_FALSE(navigate("/missing.js", "text/html").has_value());
  EXPECT_FALSE(navigate("/assets/missing", "text/html").has_value());
}

TEST(StaticFiles, ReachesNothingElse) {
  const StaticFiles served(files());
  for (const char* path : {"/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/x.js", "//index.html",
                           "/index.html/", "/INDEX.html", "/assets/", "/%zz.js", "/assets/app-1.js%00.png"}) {
    EXPECT_FALSE(served.serve(asking_for(path)).has_value()) << path;
  }
  Request post = asking_for("/index.html");
  post.method = Method::post;
  EXPECT_FALSE(served.serve(post).has_value());
}

}  // namespace
}  // namespace hongyan::http
