#include "infra/mail/smtp.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "infra/net/curl_policy.h"

namespace hongyan::mail {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What is left to be sent. Lives as long as the transfer.
struct Upload {
  std::string_view left;
};

std::size_t give_mail(char* buffer, std::size_t, std::size_t room, void* data) {
  std::string_view& left = static_cast<Upload*>(data)->left;
  const std::size_t count = std::min(room, left.size());
  std::memcpy(buffer, left.data(), count);
  left.remove_prefix(count);
  return count;
}

// What servers write beside their numbers may name the address: nobody keeps it.
std::size_t forget(char*, std::size_t, std::size_t count, void*) { return count; }

int keep_on(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(data)->load() ? 1 : 0;
}

void set_connection(CURL* curl, const SmtpServer& server) {
  curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(server.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  net::set_tls_policy(curl, server.ca_file);
  net::ignore_environment(curl);
  if (!server.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
  }
}

}  // namespace

Result<void> deliver(const SmtpServer& server, const std::string& from, const std::string& to, const std::string& mail,
                     std::chrono::milliseconds timeout, const std::atomic<bool>& stopped) {
  if (timeout.count() <= 0) return fail(ErrorCode::timeout, "no time left");
  const Easy easy(curl_easy_init(), curl_easy_cleanup);
  const List recipients(curl_slist_append(nullptr, fmt::format("<{}>", to).c_str()), curl_slist_free_all);
  if (!easy || !recipients) return fail(ErrorCode::unavailable, "no memory for a mail");
  CURL* curl = easy.get();
  Upload upload{mail};
  set_connection(curl, server);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, fmt::format("<{}>", from).c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_mail);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, forget);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, keep_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stopped);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) return {};
  if (stopped) return fail(ErrorCode::unavailable, "the server stops");
  if (code == CURLE_OPERATION_TIMEDOUT) return fail(ErrorCode::timeout, "no answer in time");
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  return fail(ErrorCode::unavailable, fmt::format("{}, reply {}", curl_easy_strerror(code), reply));
}

}  // namespace hongyan::mail
