#include "domain/integration/rpc.h"

#include "hongyan/v1/user.pb.h"

namespace hongyan::integration {
namespace {

account::NewUser to_input(v1::CreateUserRequest& request) {
  account::NewUser user;
  user.username = std::move(*request.mutable_username());
  user.nickname = std::move(*request.mutable_nickname());
  if (request.has_password()) user.password = std::move(*request.mutable_password());
  user.email = std::move(*request.mutable_email());
  user.phone = std::move(*request.mutable_phone());
  return user;
}

async::Task<Result<v1::CreateUserResponse>> create_user(Service& service, wire::Caller caller,
                                                        v1::CreateUserRequest request) {
  HY_CO_TRY(auto created, co_await service.create_user(to_input(request), caller.deadline));
  v1::CreateUserResponse response;
  *response.mutable_user() = account::to_proto(created.card);
  if (created.generated_password) response.set_password(*std::move(created.generated_password));
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service) {
  dispatcher.add("user.create", service, create_user);
}

}  // namespace hongyan::integration
