#include "app/chat/link/server_address.h"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hongyan::chat {
namespace {

std::unexpected<Error> wrong(std::string why) { return fail(Error::invalid("server", std::move(why))); }

}  // namespace

bool ServerAddress::is_loopback() const {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return error ? host == "localhost" : address.is_loopback();
}

Result<ServerAddress> parse_server(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed) return wrong("not a URL, expected for example http://127.0.0.1:8080");
  if (parsed->scheme_id() == boost::urls::scheme::https) {
    return wrong(
        "https is not spoken by this client; reach the server over http on the same machine or through a tunnel");
  }
  if (parsed->scheme_id() != boost::urls::scheme::http) return wrong("the scheme must be http");
  if (parsed->host().empty()) return wrong("no host");
  if (parsed->has_userinfo()) return wrong("no user belongs into the URL, use --user");
  if (parsed->has_query() || parsed->has_fragment()) return wrong("nothing may follow the path");

  ServerAddress address;
  address.text = url;
  address.host = parsed->host_address();
  const auto port = parsed->port();
  address.port = port.empty() ? "80" : std::string(port.data(), port.size());
  const auto authority = parsed->encoded_host_and_port();
  address.host_header = std::string(authority.data(), authority.size());
  const auto path = parsed->encoded_path();
  address.prefix = std::string(path.data(), path.size());
  while (address.prefix.ends_with('/')) address.prefix.pop_back();
  return address;
}

}  // namespace hongyan::chat
