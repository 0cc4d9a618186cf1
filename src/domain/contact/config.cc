#include "domain/contact/config.h"

namespace hongyan::contact {

void Config::bind(config::Binder& binder) {
  binder.field("required", required, "Only contacts may write to each other in a 1:1.");
  binder.field("max_contacts", max_contacts, "Contacts of one user.");
  binder.field("max_pending", max_pending, "Requests of one user that are not answered yet.");
  binder.field("request_ms", request_life, "How long a request can be answered.");
}

void Config::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  rules.between("max_contacts", max_contacts, 1, 100'000);
  rules.between("max_pending", max_pending, 1, 10'000);
  rules.between("request_ms", request_life, 1s, 366 * 24h);
}

void DirectoryConfig::bind(config::Binder& binder) {
  binder.field(
      "search", search,
      "Whom a search finds beside exact usernames: exact (nobody), contacts (by what one calls them) or all (by "
      "nickname, also in pinyin).");
}

void DirectoryConfig::validate(config::Rules& rules) const {
  rules.must_be("exact, contacts or all", "search", search == "exact" || search == "contacts" || search == "all");
}

}  // namespace hongyan::contact
