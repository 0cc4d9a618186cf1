#include "domain/account/exports/account_source.h"

#include "base/numbers.h"
#include "domain/account/rules.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::account {
namespace {

constexpr std::int64_t kMostDevices = 1000;
constexpr std::size_t kEventsOfPart = 100;

}  // namespace

void ExportPart::add(const google::protobuf::Message& line) {
  wire::append_json(line, text);
  text.push_back('\n');
  ++lines;
}

async::Task<Result<ExportPart>> AccountSource::read(UserId user, std::string from, async::Deadline deadline) {
  const auto after = number_from<std::int64_t>(from);
  if (!after) co_return co_await account(user, deadline);
  ExportPart part;
  HY_CO_TRY(const auto events, co_await events_.page(user, UserVersion(*after), kEventsOfPart, deadline));
  for (const VersionedEvent& event : events) {
    v1::ExportLine line;
    *line.mutable_user_event() = to_proto(event);
    part.add(line);
  }
  if (events.size() == kEventsOfPart) part.next = std::to_string(events.back().version.value);
  co_return part;
}

async::Task<Result<ExportPart>> AccountSource::account(UserId user, async::Deadline deadline) {
  ExportPart part;
  HY_CO_TRY(const User me, co_await users_.find(user, deadline));
  v1::ExportLine profile;
  *profile.mutable_profile() = to_me(me);
  part.add(profile);
  HY_CO_TRY(const Settings held, co_await settings_.find(user, deadline));
  v1::ExportLine settings;
  *settings.mutable_settings() = to_proto(held);
  part.add(settings);
  HY_CO_TRY(const auto devices, co_await devices_.list(user, clock_.now(), kMostDevices, deadline));
  for (const Device& device : devices) {
    v1::ExportLine line;
    *line.mutable_device() = to_proto(device);
    part.add(line);
  }
  part.next = "0";
  co_return part;
}

}  // namespace hongyan::account
