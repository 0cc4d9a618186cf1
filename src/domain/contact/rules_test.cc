#include "domain/contact/rules.h"

#include <gtest/gtest.h>

namespace hongyan::contact {
namespace {

constexpr TimeMs kNow{1000};
constexpr RequestState kPending = v1::CONTACT_REQUEST_STATE_PENDING;
constexpr RequestState kAccepted = v1::CONTACT_REQUEST_STATE_ACCEPTED;
constexpr RequestState kRejected = v1::CONTACT_REQUEST_STATE_REJECTED;
constexpr RequestState kExpired = v1::CONTACT_REQUEST_STATE_EXPIRED;

Request request(RequestState state, TimeMs expires) {
  Request request;
  request.state = state;
  request.expires = expires;
  return request;
}

TEST(ContactRequest, WhatItIsIsAMatterOfTime) {
  EXPECT_EQ(state_at(request(kPending, TimeMs(1001)), kNow), kPending);
  EXPECT_EQ(state_at(request(kPending, kNow), kNow), kExpired);
  EXPECT_EQ(state_at(request(kAccepted, TimeMs(1)), kNow), kAccepted);
  EXPECT_EQ(state_at(request(kRejected, TimeMs(1)), kNow), kRejected);
}

TEST(ContactRequest, IsAnsweredOnce) {
  struct Case {
    RequestState state;
    TimeMs expires;
    RequestState wanted;
    std::optional<bool> open;
    ErrorCode refused = ErrorCode::internal;
  };
  const Case cases[] = {
      {kPending, TimeMs(1001), kAccepted, true},
      {kPending, TimeMs(1001), kRejected, true},
      {kPending, kNow, kAccepted, std::nullopt, ErrorCode::request_expired},
      {kPending, kNow, kRejected, std::nullopt, ErrorCode::request_expired},
      {kAccepted, TimeMs(1), kAccepted, false},
      {kRejected, TimeMs(1), kRejected, false},
      {kAccepted, TimeMs(1001), kRejected, std::nullopt, ErrorCode::conflict},
      {kRejected, TimeMs(1001), kAccepted, std::nullopt, ErrorCode::conflict},
  };
  for (const Case& one : cases) {
    const auto open = may_answer(request(one.state, one.expires), one.wanted, kNow);
    if (one.open) {
      EXPECT_EQ(open.value(), *one.open) << one.state << one.wanted;
    } else {
      EXPECT_EQ(open.error().code, one.refused) << one.state << one.wanted;
    }
  }
}

TEST(Tags, AreTrimmedAndEachStandsOnce) {
  EXPECT_EQ(check_tags({" 家人 ", "work", "家人"}).value(), (std::vector<std::string>{"家人", "work"}));
  EXPECT_TRUE(check_tags({}).value().empty());
  EXPECT_EQ(check_tags({"ok", " "}).error().field, "tags");
  EXPECT_EQ(check_tags({std::string(33, 'x')}).error().field, "tags");
  std::vector<std::string> many;
  for (int i = 0; i < 11; ++i) many.push_back(std::to_string(i));
  EXPECT_EQ(check_tags(many).error().field, "tags");
}

TEST(Positions, SurviveTheWayThroughACursor) {
  for (const ContactPosition& position : {ContactPosition{"zhangsan", UserId(7)}, ContactPosition{"a,b", UserId(~0ULL)},
                                          ContactPosition{"", UserId(1)}}) {
    EXPECT_EQ(contact_position_from(to_text(position)), position);
  }
  const RequestPosition position{TimeMs(1'700'000'000'000), RequestId(42)};
  EXPECT_EQ(request_position_from(to_text(position)), position);
  for (const char* text : {"", "1", "x,1", "1,", "1,x", "1,2,3"}) {
    EXPECT_EQ(request_position_from(text), std::nullopt) << text;
  }
  for (const char* text : {"", "1", "x,1", "-1,a"}) EXPECT_EQ(contact_position_from(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hongyan::contact
