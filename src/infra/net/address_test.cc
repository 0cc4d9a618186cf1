#include "infra/net/address.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "infra/net/listener.h"

namespace hongyan::net {
namespace {

TEST(Address, IsAnIpLiteralOrLocalhost) {
  EXPECT_EQ(to_text(make_endpoint("127.0.0.1", 8080).value()), "127.0.0.1:8080");
  EXPECT_EQ(to_text(make_endpoint("::1", 80).value()), "[::1]:80");
  EXPECT_EQ(to_text(make_endpoint("localhost", 1).value()), "127.0.0.1:1");
  for (const char* text : {"", "example.com", "127.0.0.1:80", "256.0.0.1"}) {
    EXPECT_EQ(make_endpoint(text, 80).error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(Address, OneClientHasOneName) {
  EXPECT_EQ(ip_text(boost::asio::ip::make_address("::ffff:10.1.2.3")), "10.1.2.3");
  EXPECT_EQ(ip_text(boost::asio::ip::make_address("10.1.2.3")), "10.1.2.3");
  EXPECT_EQ(ip_text(boost::asio::ip::make_address("2001:db8::1")), "2001:db8::1");
}

TEST(Listener, TakesAFreePortAndSaysWhyItCannot) {
  boost::asio::io_context context;
  const auto first = listen(context, make_endpoint("127.0.0.1", 0).value());
  ASSERT_TRUE(first.has_value());
  const auto taken = first->local_endpoint();
  EXPECT_NE(taken.port(), 0);
  const auto second = listen(context, taken);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_NE(second.error().detail.find(to_text(taken)), std::string::npos);
}

}  // namespace
}  // namespace hongyan::net
