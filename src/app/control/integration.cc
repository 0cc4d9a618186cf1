#include "app/control/integration.h"

#include "app/control/admin.h"

namespace hongyan::app {
namespace {

using internal::ControlRequest;
using internal::ControlResponse;

std::vector<std::string> words_of(const google::protobuf::RepeatedPtrField<std::string>& words) {
  return {words.begin(), words.end()};
}

// What keys and hooks have in common.
template <class Item>
internal::IntegrationRecord to_integration_record(const Item& item) {
  internal::IntegrationRecord record;
  record.set_id(item.id.value);
  record.set_name(item.name);
  record.set_user_id(item.user.value);
  for (const std::string& network : item.networks) record.add_networks(network);
  record.set_created_ms(item.created.value);
  record.set_used_ms(item.used.value);
  record.set_revoked_ms(item.revoked.value_or(TimeMs()).value);
  return record;
}

internal::IntegrationRecord to_record(const integration::ApiKey& key) {
  internal::IntegrationRecord record = to_integration_record(key);
  record.set_username(key.username);
  for (const std::string& scope : key.scopes) record.add_scopes(scope);
  return record;
}

internal::IntegrationRecord to_record(const integration::Hook& hook) {
  internal::IntegrationRecord record = to_integration_record(hook);
  record.set_group_id(hook.group.value);
  return record;
}

template <class Made>
ControlResponse made(const Result<integration::Fresh<Made>>& fresh) {
  if (!fresh) return refused(fresh.error());
  ControlResponse response;
  response.set_done(true);
  response.set_secret(fresh->secret);
  *response.add_items() = to_record(fresh->made);
  return response;
}

template <class Item>
ControlResponse listed(const Result<std::vector<Item>>& items) {
  if (!items) return refused(items.error());
  ControlResponse response;
  response.set_done(true);
  for (const Item& item : *items) *response.add_items() = to_record(item);
  return response;
}

ControlResponse revoked(const Result<void>& outcome) {
  if (!outcome) return refused(outcome.error());
  ControlResponse response;
  response.set_done(true);
  return response;
}

}  // namespace

bool is_about_integration(const ControlRequest& request) {
  switch (request.act_case()) {
    case ControlRequest::kCreateApiKey:
    case ControlRequest::kListApiKeys:
    case ControlRequest::kRevokeApiKey:
    case ControlRequest::kCreateHook:
    case ControlRequest::kListHooks:
    case ControlRequest::kRevokeHook: return true;
    default: return false;
  }
}

async::Task<ControlResponse> integrate(integration::Admin& admin, ControlRequest request, async::Deadline deadline) {
  if (request.has_create_api_key()) {
    const auto& wish = request.create_api_key();
    co_return made(co_await admin.create_key(
        {wish.name(), words_of(wish.scopes()), words_of(wish.networks()), wish.as_username()}, deadline));
  }
  if (request.has_list_api_keys()) co_return listed(co_await admin.keys(deadline));
  if (request.has_revoke_api_key()) {
    co_return revoked(co_await admin.revoke_key(ApiKeyId(request.revoke_api_key().key_id()), deadline));
  }
  if (request.has_create_hook()) {
    const auto& wish = request.create_hook();
    co_return made(co_await admin.create_hook({ConversationId(wish.group_id()), wish.name(), words_of(wish.networks())},
                                              deadline));
  }
  if (request.has_list_hooks()) co_return listed(co_await admin.hooks(deadline));
  co_return revoked(co_await admin.revoke_hook(integration::HookId(request.revoke_hook().hook_id()), deadline));
}

}  // namespace hongyan::app
