#include "domain/group/rpc.h"

#include <algorithm>

#include "hongyan/v1/group_service.pb.h"

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
  out.set_join_mode(static_cast<v1::JoinMode>(group.join_mode));
  for (const UserId user : group.faces) out.add_avatar_user_ids(user.value);
  return out;
}

v1::Member to_proto(const conversation::Member& member) {
  v1::Member out;
  out.set_user_id(member.user.value);
  out.set_role(static_cast<v1::GroupRole>(member.role));
  if (member.muted_until) out.set_muted_until_ms(member.muted_until.value);
  out.set_joined_ms(member.joined.value);
  if (member.invited_by) out.set_invited_by(member.invited_by->value);
  out.set_nickname(member.nickname);
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

template <class Request>
Result<std::size_t> limit_of(const Request& request, std::size_t usual = Service::kDefaultLimit,
                             std::size_t most = Service::kMaxLimit) {
  if (!request.has_limit()) return usual;
  if (request.limit() < 1) return fail(Error::invalid("limit", "must be at least 1"));
  return std::min(static_cast<std::size_t>(request.limit()), most);
}

Task<Result<v1::GetGroupResponse>> get(Services services, Caller caller, v1::GetGroupRequest request) {
  const ConversationId id(request.group_id());
  HY_CO_TRY(const auto group, co_await services.groups.get(id, caller.user, caller.deadline));
  HY_CO_TRY(const auto notice, co_await services.door.notice(id, caller.user, caller.deadline));
  v1::GetGroupResponse response;
  *response.mutable_group() = to_proto(group, services.groups.max_members());
  if (notice) *response.mutable_group()->mutable_notice() = to_proto(*notice);
  co_return response;
}

Task<Result<v1::ListMembersResponse>> members(Service& service, Caller caller, v1::ListMembersRequest request) {
  HY_CO_TRY(const std::size_t limit, limit_of(request));
  HY_CO_TRY(MemberPage page, co_await service.members(ConversationId(request.group_id()), caller.user, limit,
                                                      std::move(*request.mutable_q()),
                                                      std::move(*request.mutable_cursor()), caller.deadline));
  v1::ListMembersResponse response;
  for (const conversation::Member& member : page.items) *response.add_items() = to_proto(member);
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  for (const account::UserCard& card : page.users) *response.add_users() = account::to_name(card);
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
  conversation::MemberEdit edit;
  if (request.has_muted_until_ms()) {
    if (request.muted_until_ms() < 0) co_return fail(Error::invalid("muted_until_ms", "negative"));
    edit.muted_until = TimeMs(request.muted_until_ms());
  }
  if (request.has_nickname()) edit.nickname = std::move(*request.mutable_nickname());
  HY_CO_TRY(const auto member,
            co_await service.update(ConversationId(request.group_id()), caller.user, UserId(request.user_id()), wanted,
                                    std::move(edit), caller.deadline));
  v1::UpdateMemberResponse response;
  *response.mutable_member() = to_proto(member);
  co_return response;
}

Task<Result<v1::LeaveGroupResponse>> leave(Service& service, Caller caller, v1::LeaveGroupRequest request) {
  HY_CO_TRY(co_await service.leave(ConversationId(request.group_id()), caller.user, caller.deadline));
  co_return v1::LeaveGroupResponse();
}

Task<Result<v1::UpdateGroupResponse>> update(Service& service, Caller caller, v1::UpdateGroupRequest request) {
  conversation::GroupEdit edit;
  if (request.has_name()) edit.name = std::move(*request.mutable_name());
  if (request.has_join_mode()) {
    if (request.join_mode() == v1::JOIN_MODE_UNSPECIFIED) co_return fail(Error::invalid("join_mode", "names none"));
    edit.join_mode = static_cast<conversation::JoinMode>(request.join_mode());
  }
  HY_CO_TRY(const auto group,
            co_await service.edit(ConversationId(request.group_id()), caller.user, std::move(edit), caller.deadline));
  v1::UpdateGroupResponse response;
  *response.mutable_group() = to_proto(group, service.max_members());
  co_return response;
}

Task<Result<v1::MuteAllResponse>> mute_all(Service& service, Caller caller, v1::MuteAllRequest request) {
  HY_CO_TRY(const auto group, co_await service.edit(ConversationId(request.group_id()), caller.user,
                                                    {.mute_all = request.muted()}, caller.deadline));
  v1::MuteAllResponse response;
  *response.mutable_group() = to_proto(group, service.max_members());
  co_return response;
}

Task<Result<v1::DissolveGroupResponse>> dissolve(Service& service, Caller caller, v1::DissolveGroupRequest request) {
  HY_CO_TRY(co_await service.dissolve(ConversationId(request.group_id()), caller.user, caller.deadline));
  co_return v1::DissolveGroupResponse();
}

Task<Result<v1::TransferGroupResponse>> transfer(Service& service, Caller caller, v1::TransferGroupRequest request) {
  HY_CO_TRY(const auto group, co_await service.transfer(ConversationId(request.group_id()), caller.user,
                                                        UserId(request.user_id()), caller.deadline));
  v1::TransferGroupResponse response;
  *response.mutable_group() = to_proto(group, service.max_members());
  co_return response;
}

Task<Result<v1::ListGroupsResponse>> list(Service& service, Caller caller, v1::ListGroupsRequest request) {
  HY_CO_TRY(const std::size_t limit, limit_of(request));
  HY_CO_TRY(auto page, co_await service.list(caller.user, std::nullopt, limit, request.cursor(), caller.deadline));
  v1::ListGroupsResponse response;
  for (const auto& group : page.items) *response.add_items() = to_proto(group, service.max_members());
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  co_return response;
}

Task<Result<v1::CommonGroupsResponse>> common_groups(Service& service, Caller caller, v1::CommonGroupsRequest request) {
  HY_CO_TRY(const std::size_t limit, limit_of(request));
  HY_CO_TRY(auto page,
            co_await service.list(caller.user, UserId(request.user_id()), limit, request.cursor(), caller.deadline));
  v1::CommonGroupsResponse response;
  for (const auto& group : page.items) {
    v1::CommonGroup& item = *response.add_items();
    item.set_group_id(group.id.value);
    item.set_name(group.name);
    item.set_avatar(group.avatar);
    item.set_member_count(group.member_count);
  }
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  co_return response;
}

Task<Result<v1::SearchGroupsResponse>> search(Service& service, Caller caller, v1::SearchGroupsRequest request) {
  HY_CO_TRY(const std::size_t limit, limit_of(request, Service::kDefaultFound, Service::kMaxFound));
  HY_CO_TRY(const auto found,
            co_await service.search(caller.user, std::move(*request.mutable_q()), limit, caller.deadline));
  v1::SearchGroupsResponse response;
  for (const auto& [group, joined] : found) {
    v1::FoundGroup& item = *response.add_items();
    item.set_group_id(group.id.value);
    item.set_name(group.name);
    item.set_avatar(group.avatar);
    item.set_member_count(group.member_count);
    item.set_join_mode(static_cast<v1::JoinMode>(group.join_mode));
    item.set_joined(joined);
  }
  co_return response;
}

// ---- the door ----

template <class Request>
Result<PageWish> wish_of(const Caller& caller, const Request& request) {
  HY_TRY(const std::size_t limit, limit_of(request));
  return PageWish{ConversationId(request.group_id()), caller.user, limit, request.cursor()};
}

Task<Result<v1::JoinGroupResponse>> join(Services services, Caller caller, v1::JoinGroupRequest request) {
  HY_CO_TRY(const auto joined, co_await services.door.join(ConversationId(request.group_id()), caller.user,
                                                           std::move(*request.mutable_token()),
                                                           std::move(*request.mutable_message()), caller.deadline));
  v1::JoinGroupResponse response;
  response.set_pending(joined.pending);
  if (!joined.pending) *response.mutable_group() = to_proto(joined.change.group, services.groups.max_members());
  co_return response;
}

Task<Result<v1::ListJoinRequestsResponse>> requests(Services services, Caller caller,
                                                    v1::ListJoinRequestsRequest request) {
  HY_CO_TRY(auto wish, wish_of(caller, request));
  HY_CO_TRY(auto page, co_await services.door.requests(std::move(wish), caller.deadline));
  v1::ListJoinRequestsResponse response;
  for (const JoinRequest& one : page.items) {
    v1::JoinRequest& item = *response.add_items();
    item.set_user_id(one.user.value);
    item.set_message(one.message);
    item.set_time_ms(one.time.value);
  }
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  for (const account::UserCard& card : page.users) *response.add_users() = account::to_name(card);
  co_return response;
}

Task<Result<v1::AcceptJoinResponse>> accept(Services services, Caller caller, v1::AcceptJoinRequest request) {
  HY_CO_TRY(const auto group, co_await services.door.accept(ConversationId(request.group_id()), caller.user,
                                                            UserId(request.user_id()), caller.deadline));
  v1::AcceptJoinResponse response;
  *response.mutable_group() = to_proto(group, services.groups.max_members());
  co_return response;
}

Task<Result<v1::RejectJoinResponse>> reject(Services services, Caller caller, v1::RejectJoinRequest request) {
  HY_CO_TRY(co_await services.door.reject(ConversationId(request.group_id()), caller.user, UserId(request.user_id()),
                                          caller.deadline));
  co_return v1::RejectJoinResponse();
}

Task<Result<v1::CreateInviteResponse>> create_invite(Services services, Caller caller,
                                                     v1::CreateInviteRequest request) {
  std::optional<std::chrono::milliseconds> life;
  if (request.has_expires_in_ms()) life = std::chrono::milliseconds(request.expires_in_ms());
  HY_CO_TRY(auto fresh, co_await services.door.create_invite(ConversationId(request.group_id()), caller.user, life,
                                                             request.max_uses(), caller.deadline));
  v1::CreateInviteResponse response;
  *response.mutable_invite() = to_proto(fresh.invite);
  response.set_token(std::move(fresh.token));
  co_return response;
}

Task<Result<v1::ListInvitesResponse>> invites(Services services, Caller caller, v1::ListInvitesRequest request) {
  HY_CO_TRY(auto wish, wish_of(caller, request));
  HY_CO_TRY(auto page, co_await services.door.invites(std::move(wish), caller.deadline));
  v1::ListInvitesResponse response;
  for (const Invite& invite : page.items) *response.add_items() = to_proto(invite);
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  co_return response;
}

Task<Result<v1::RevokeInviteResponse>> revoke_invite(Services services, Caller caller,
                                                     v1::RevokeInviteRequest request) {
  HY_CO_TRY(co_await services.door.revoke_invite(ConversationId(request.group_id()), caller.user,
                                                 InviteId(request.invite_id()), caller.deadline));
  co_return v1::RevokeInviteResponse();
}

Task<Result<v1::PreviewInviteResponse>> preview_invite(Services services, Caller caller,
                                                       v1::PreviewInviteRequest request) {
  HY_CO_TRY(const auto known,
            co_await services.door.preview(std::move(*request.mutable_token()), caller.user, caller.deadline));
  v1::PreviewInviteResponse response;
  response.set_group_id(known.preview.group.id.value);
  response.set_name(known.preview.group.name);
  response.set_avatar(known.preview.group.avatar);
  response.set_member_count(known.preview.group.member_count);
  *response.mutable_invited_by() = account::to_name(known.by);
  response.set_expires_ms(known.preview.invite.expires.value);
  response.set_joined(known.preview.joined);
  co_return response;
}

Task<Result<v1::CreateNoticeResponse>> create_notice(Services services, Caller caller,
                                                     v1::CreateNoticeRequest request) {
  HY_CO_TRY(const auto notice,
            co_await services.door.announce(ConversationId(request.group_id()), caller.user,
                                            std::move(*request.mutable_text()), request.notify_all(), caller.deadline));
  v1::CreateNoticeResponse response;
  *response.mutable_notice() = to_proto(notice);
  co_return response;
}

Task<Result<v1::ListNoticesResponse>> notices(Services services, Caller caller, v1::ListNoticesRequest request) {
  HY_CO_TRY(auto wish, wish_of(caller, request));
  HY_CO_TRY(auto page, co_await services.door.notices(std::move(wish), caller.deadline));
  v1::ListNoticesResponse response;
  for (const Notice& notice : page.items) *response.add_items() = to_proto(notice);
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Services services) {
  Service& groups = services.groups;
  dispatcher.add("group.create", groups, create);
  dispatcher.add("group.get", services, get);
  dispatcher.add("group.members", groups, members);
  dispatcher.add("group.add_members", groups, add_members);
  dispatcher.add("group.remove_member", groups, remove_member);
  dispatcher.add("group.update_member", groups, update_member);
  dispatcher.add("group.leave", groups, leave);
  dispatcher.add("group.update", groups, update);
  dispatcher.add("group.mute_all", groups, mute_all);
  dispatcher.add("group.dissolve", groups, dissolve);
  dispatcher.add("group.transfer", groups, transfer);
  dispatcher.add("group.list", groups, list);
  dispatcher.add("group.search", groups, search);
  dispatcher.add("user.common_groups", groups, common_groups);
  dispatcher.add("group.join", services, join);
  dispatcher.add("group.requests", services, requests);
  dispatcher.add("group.accept", services, accept);
  dispatcher.add("group.reject", services, reject);
  dispatcher.add("group.create_invite", services, create_invite);
  dispatcher.add("group.invites", services, invites);
  dispatcher.add("group.revoke_invite", services, revoke_invite);
  dispatcher.add("group.preview_invite", services, preview_invite);
  dispatcher.add("group.create_notice", services, create_notice);
  dispatcher.add("group.notices", services, notices);
}

}  // namespace hongyan::group
