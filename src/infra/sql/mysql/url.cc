#include "infra/sql/mysql/url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hongyan::sql::mysql {
namespace {

namespace urls = boost::urls;

constexpr std::size_t kMaxName = 64;

std::unexpected<Error> refused_url(std::string why) { return fail(Error::invalid("url", std::move(why))); }

bool is_database_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// The only thing that may be asked for behind the database.
Result<std::string> socket_of(const urls::url_view& url) {
  std::string socket;
  for (const auto& parameter : url.params()) {
    if (parameter.key != "socket" || !parameter.value.starts_with('/'))
      return refused_url("of parameters only socket=/PATH");
    socket = parameter.value;
  }
  return socket;
}

}  // namespace

Result<Server> parse_server(std::string_view text) {
  const auto parsed = urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "mysql" || parsed->host().empty())
    return refused_url("mysql://USER@HOST:PORT/DATABASE");
  const urls::url_view& url = *parsed;
  if (url.has_password()) return refused_url("the password belongs into a file: password_file");
  if (url.user().empty()) return refused_url("names no user");
  if (url.has_fragment()) return refused_url("has something behind #");
  if (url.segments().size() != 1 || !is_database_name(url.segments().front())) return refused_url("names no database");
  Server server{.host = url.host(), .user = url.user(), .database = url.segments().front()};
  // Without the brackets in which a URL has it.
  if (url.host_type() == urls::host_type::ipv6) server.host = url.host_address();
  if (url.has_port() && !url.port().empty()) server.port = url.port_number();
  if (server.port == 0) return refused_url("port");
  HY_TRY(server.socket, socket_of(url));
  return server;
}

}  // namespace hongyan::sql::mysql
