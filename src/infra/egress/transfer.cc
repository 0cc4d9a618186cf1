#include "infra/egress/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <memory>

#include "infra/net/curl_policy.h"

namespace hongyan::egress {
namespace {

using boost::asio::ip::address;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::array<std::string_view, 8> kOwnHeaders{
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te", "trailer"};

// What libcurl's callbacks work on. Lives as long as the transfer.
struct State {
  const Target& target;
  const std::vector<address>& addresses;
  const TransferLimits& limits;
  const std::atomic<bool>& stopped;
  Response response = {};
  std::size_t header_bytes = 0;
  bool too_large = false;
};

// The last word on where a connection goes, whatever was resolved or parsed before.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* wanted) {
  const auto& state = *static_cast<State*>(data);
  boost::asio::ip::tcp::endpoint endpoint;
  if (wanted->addrlen > endpoint.capacity()) return CURL_SOCKET_BAD;
  std::memcpy(endpoint.data(), &wanted->addr, wanted->addrlen);
  if (endpoint.port() != state.target.port) return CURL_SOCKET_BAD;
  if (std::ranges::find(state.addresses, endpoint.address()) == state.addresses.end()) return CURL_SOCKET_BAD;
  return ::socket(wanted->family, wanted->socktype | SOCK_CLOEXEC, wanted->protocol);
}

// Each header line, the status line and the empty last one included; those of an interim answer (1xx) as well.
std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* data) {
  auto& state = *static_cast<State*>(data);
  state.header_bytes += count;
  state.too_large = state.header_bytes > state.limits.header_bytes;
  if (state.too_large) return 0;
  std::string_view line(bytes, count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    state.response.headers.clear();
    return count;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  state.response.headers.emplace_back(line.substr(0, colon), value);
  return count;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* data) {
  auto& state = *static_cast<State*>(data);
  state.too_large = state.response.body.size() + count > state.limits.body_bytes;
  if (state.too_large) return 0;
  state.response.body.append(bytes, count);
  return count;
}

int go_on(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<State*>(data)->stopped.load() ? 1 : 0;
}

void append(List& list, const std::string& line) { list.reset(curl_slist_append(list.release(), line.c_str())); }

List header_list(const Headers& headers) {
  List list(nullptr, curl_slist_free_all);
  // A value of "" would remove the header; the semicolon sends it empty.
  for (const auto& [name, value] : headers) append(list, value.empty() ? name + ";" : name + ": " + value);
  // Not ours to wait for.
  append(list, "Expect:");
  return list;
}

// "hooks.example:443:192.0.2.1,[2001:db8::1]": what libcurl takes for the name's addresses.
List resolve_list(const State& state) {
  List list(nullptr, curl_slist_free_all);
  if (state.target.address) return list;
  std::string line = fmt::format("{}:{}:", state.target.host, state.target.port);
  for (const address& one : state.addresses) {
    if (!line.ends_with(':')) line.push_back(',');
    line += one.is_v6() ? "[" + one.to_string() + "]" : one.to_string();
  }
  append(list, line);
  return list;
}

void set_limits(CURL* curl, State& state) {
  const TransferLimits& limits = state.limits;
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &state);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &state);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &state);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &state);
}

void set_policy(CURL* curl, const TransferLimits& limits) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  net::ignore_environment(curl);
  net::set_tls_policy(curl, limits.ca_file);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Hongyan");
}

std::unexpected<Error> failure(CURLcode code, const State& state) {
  if (state.too_large) return fail(ErrorCode::too_large, "the answer");
  if (state.stopped) return fail(ErrorCode::unavailable, "the server stops");
  if (code == CURLE_OPERATION_TIMEDOUT) return fail(ErrorCode::timeout, "no answer in time");
  return fail(ErrorCode::unavailable, curl_easy_strerror(code));
}

}  // namespace

Result<void> check_headers(const Headers& headers) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto is_name = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  };
  const auto is_value = [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= ' '; };
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::ranges::all_of(name, is_name) || !std::ranges::all_of(value, is_value)) {
      return fail(Error::invalid("headers", "no header: " + name));
    }
    for (const std::string_view own : kOwnHeaders) {
      if (std::ranges::equal(name, own, {}, lower)) return fail(Error::invalid("headers", "not yours to set: " + name));
    }
  }
  return {};
}

Result<Response> transfer(const Request& request, const Target& target, const std::vector<address>& addresses,
                          const TransferLimits& limits, const std::atomic<bool>& stopped) {
  HY_TRY(check_headers(request.headers));
  const Easy easy(curl_easy_init(), curl_easy_cleanup);
  if (!easy) return fail(ErrorCode::unavailable, "no memory for a request");
  CURL* curl = easy.get();
  State state{.target = target, .addresses = addresses, .limits = limits, .stopped = stopped};
  const List headers = header_list(request.headers);
  const List resolved = resolve_list(state);
  curl_easy_setopt(curl, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(curl, CURLOPT_RESOLVE, resolved.get());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (request.method == Method::post) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  set_limits(curl, state);
  set_policy(curl, limits);
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) return failure(code, state);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  state.response.status = static_cast<int>(status);
  return std::move(state.response);
}

}  // namespace hongyan::egress
