#include "infra/egress/target.h"

#include <gtest/gtest.h>

namespace hongyan::egress {
namespace {

std::string url_of(std::string_view text) {
  const auto target = parse_target(text, true);
  return target ? target->url : "refused: " + target.error().detail;
}

TEST(Target, IsReadAndWrittenAnew) {
  EXPECT_EQ(url_of("https://hooks.example"), "https://hooks.example:443/");
  EXPECT_EQ(url_of("HTTPS://Hooks.Example.:8443/a%20b?c=d%26e#f"), "https://hooks.example:8443/a%20b?c=d%26e");
  EXPECT_EQ(url_of("https://xn--fiq228c.example/"), "https://xn--fiq228c.example:443/");
  EXPECT_EQ(url_of("https://[2606:4700::1111]/x"), "https://[2606:4700::1111]:443/x");
  EXPECT_EQ(url_of("https://192.0.2.1:4711"), "https://192.0.2.1:4711/");
  EXPECT_EQ(url_of("http://hooks.example/"), "http://hooks.example:80/");
}

TEST(Target, AnAddressIsKnownAsOne) {
  EXPECT_EQ(parse_target("https://[::ffff:127.0.0.1]/", false)->address->to_string(), "::ffff:127.0.0.1");
  EXPECT_EQ(parse_target("https://127.0.0.1/", false)->address->to_string(), "127.0.0.1");
  EXPECT_FALSE(parse_target("https://localhost/", false)->address);
}

TEST(Target, PlainHttpHasToBeAllowed) {
  EXPECT_FALSE(parse_target("http://hooks.example/", false));
  EXPECT_TRUE(parse_target("https://hooks.example/", false));
}

TEST(Target, RefusesWhatItIsNotSureOf) {
  for (const char* bad :
       {"", "hooks.example", "//hooks.example/", "/path", "https:", "https://", "https:///path", "https://:443/",
        "ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example/", "dict://hooks.example/",
        "javascript:alert(1)", "https://user@hooks.example/", "https://user:pass@hooks.example/",
        "https://@hooks.example/",
        // other spellings of 127.0.0.1
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/", "https://0177.0.0.1/",
        "https://127.1/", "https://127.0.1/", "https://127.0.0.1./", "https://127.0.0.01/", "https://1.2.3.4.5/",
        // ports of other protocols
        "https://hooks.example:22/", "https://hooks.example:25/", "https://hooks.example:80/",
        "https://hooks.example:0/", "https://hooks.example:65536/", "https://hooks.example:x/",
        // what is no name
        "https://hooks..example/", "https://.example/", "https://hooks%2eexample\\@evil/", "https://a b/",
        "https://hooks%00.example/", "https://\xe4\xb8\xad.example/", "https://%E4%B8%AD.example/",
        "https://[fe80::1%25eth0]/", "https://[::1", "https://[v1.x]/", "https://hooks.example\r\n.evil/",
        "https://hooks.example /", "https://\xe2\x91\xa0.example/"}) {
    const auto target = parse_target(bad, false);
    EXPECT_FALSE(target) << bad << " is read as " << target->url;
    if (!target) {
      EXPECT_EQ(target.error().code, ErrorCode::invalid_argument) << bad;
      EXPECT_EQ(target.error().field, "url") << bad;
    }
  }
  EXPECT_FALSE(parse_target("https://hooks.example/" + std::string(2048, 'x'), false));
  EXPECT_FALSE(parse_target("https://" + std::string(254, 'x') + "/", false));
}

}  // namespace
}  // namespace hongyan::egress
