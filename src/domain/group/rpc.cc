#include "domain/group/rpc.h"

#include <algorithm>

#include "hongyan/v1/group.pb.h"

namespace hongyan::group {
namespace {

using async::Task;
using conversation::Role;
using wire::Caller;

v1::Group to_proto(const conversation::Group& group, std::int64_t max_members) {
  v1::Group out;
  out.set_group_id(group.id.value);
  out.set_name(group.name);
  out.set_avatar(group.avatar);
  out.set_state(static_cast<v1::ConversationState>(group.state));
  out.set_owner_id(group.owner.value);
  out.set_member_count(group.member_count);
  out.set_max_members(max_members);
  out.set_mute_all(group.mute_all);
  out.set_group_version(group.version);
  return out;
}

v1::Member to_proto(const conversation::Member& member) {
  v1::Member out;
  out.set_user_id(member.user.value);
  out.set_role(static_cast<v1::GroupRole>(member.role));
  if (member.muted_until) out.set_muted_until_ms(member.muted_until.value);
  out.set_joined_ms(member.joined.value);
  if (member.invited_by) out.set_invited_by(member.invited_by->value);
  return out;
}

template <class Response>
Response changed(const conversation::GroupChange& change, std::int64_t max_members) {
  Response response;
  *response.mutable_group() = to_proto(change.group, max_members);
  for (const conversation::NotAdded& one : change.failed) {
    v1::NotAdded& failed = *response.add_failed();
    failed.set_user_id(one.user.value);
    failed.set_code(std::string(error_name(one.code)));
  }
  return response;
}

template <class Ids>
Result<std::vector<UserId>> users_of(const Ids& ids, std::string_view field) {
  std::vector<UserId> users;
  for (const std::uint64_t id : ids) {
    if (id == 0) return fail(Error::invalid(std::string(field), "0 is nobody"));
    users.emplace_back(id);
  }
  return users;
}

Task<Result<v1::CreateGroupResponse>> create(Service& service, Caller caller, v1::CreateGroupRequest request) {
  HY_CO_TRY(auto members, users_of(request.member_ids(), "member_ids"));
  HY_CO_TRY(const auto change, co_await service.create(caller.user, std::move(*request.mutable_name()),
                                                       std::move(members), caller.deadline));
  co_return changed<v1::CreateGroupResponse>(change, service.max_members());
}

Task<Result<v1::GetGroupResponse>> get(Service& service, Caller caller, v1::GetGroupRequest request) {
  HY_CO_TRY(const auto group, co_await service.get(ConversationId(request.group_id()), caller.user, caller.deadline));
  v1::GetGroupResponse response;
  *response.mutable_group() = to_proto(group, service.max_members());
  co_return response;
}

Task<Result<v1::ListMembersResponse>> members(Service& service, Caller caller, v1::ListMembersRequest request) {
  if (request.has_limit() && request.limit() < 1) co_return fail(Error::invalid("limit", "must be at least 1"));
  const auto limit = request.has_limit()
                         ? std::min<std::size_t>(static_cast<std::size_t>(request.limit()), Service::kMaxLimit)
                         : Service::kDefaultLimit;
  HY_CO_TRY(MemberPage page, co_await service.members(ConversationId(request.group_id()), caller.user, limit,
                                                      std::move(*request.mutable_cursor()), caller.deadline));
  v1::ListMembersResponse response;
  for (const conversation::Member& member : page.items) *response.add_items() = to_proto(member);
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  co_return response;
}

Task<Result<v1::AddMembersResponse>> add_members(Service& service, Caller caller, v1::AddMembersRequest request) {
  HY_CO_TRY(auto users, users_of(request.user_ids(), "user_ids"));
  HY_CO_TRY(const auto change,
            co_await service.add(ConversationId(request.group_id()), caller.user, std::move(users), caller.deadline));
  co_return changed<v1::AddMembersResponse>(change, service.max_members());
}

Task<Result<v1::RemoveMemberResponse>> remove_member(Service& service, Caller caller, v1::RemoveMemberRequest request) {
  HY_CO_TRY(co_await service.remove(ConversationId(request.group_id()), caller.user, UserId(request.user_id()),
                                    caller.deadline));
  co_return v1::RemoveMemberResponse();
}

Task<Result<v1::UpdateMemberResponse>> update_member(Service& service, Caller caller, v1::UpdateMemberRequest request) {
  std::optional<Role> wanted;
  if (request.role() != v1::GROUP_ROLE_UNSPECIFIED) {
    wanted = static_cast<Role>(request.role());
    if (*wanted != Role::member && *wanted != Role::admin) co_return fail(Error::invalid("role", "member or admin"));
  }
  HY_CO_TRY(const auto member, co_await service.update(ConversationId(request.group_id()), caller.user,
                                                       UserId(request.user_id()), wanted, caller.deadline));
  v1::UpdateMemberResponse response;
  *response.mutable_member() = to_proto(member);
  co_return response;
}

Task<Result<v1::LeaveGroupResponse>> leave(Service& service, Caller caller, v1::LeaveGroupRequest request) {
  HY_CO_TRY(co_await service.leave(ConversationId(request.group_id()), caller.user, caller.deadline));
  co_return v1::LeaveGroupResponse();
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service) {
  dispatcher.add("group.create", service, create);
  dispatcher.add("group.get", service, get);
  dispatcher.add("group.members", service, members);
  dispatcher.add("group.add_members", service, add_members);
  dispatcher.add("group.remove_member", service, remove_member);
  dispatcher.add("group.update_member", service, update_member);
  dispatcher.add("group.leave", service, leave);
}

}  // namespace hongyan::group
