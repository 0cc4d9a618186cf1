#include "wire/dispatcher.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/names.h"

namespace hongyan::wire {
namespace {

async::Task<Result<v1::SendResponse>> answer_42(Caller caller, v1::SendRequest request) {
  v1::SendResponse response;
  response.set_seq(static_cast<std::int64_t>(caller.user.value + request.conversation_id()));
  co_return response;
}

TEST(Dispatcher, NamesRpcsInSnakeCase) {
  Dispatcher dispatcher;
  EXPECT_NE(dispatcher.find("auth.change_password"), nullptr);
  EXPECT_NE(dispatcher.find("message.send"), nullptr);
  EXPECT_EQ(dispatcher.find("message.Send"), nullptr);
  EXPECT_EQ(snake_case("LoginByCode"), "login_by_code");
}

TEST(Dispatcher, RoutesByVerbAndSegmentsAndPrefersLiterals) {
  Dispatcher dispatcher;
  const auto list = dispatcher.route("GET", "/v1/conversations/12/messages");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->rpc->name, "message.list");
  EXPECT_EQ(list->fields, (std::vector<std::pair<std::string, std::string>>{{"conversation_id", "12"}}));
  EXPECT_EQ(dispatcher.route("GET", "/v1/users/me")->rpc->name, "user.me");
  EXPECT_EQ(dispatcher.route("GET", "/v1/users/search")->rpc->name, "user.search");
  EXPECT_EQ(dispatcher.route("GET", "/v1/users/77")->rpc->name, "user.get");
  EXPECT_EQ(dispatcher.route("PATCH", "/v1/contacts/77")->rpc->name, "contact.update");
  EXPECT_EQ(dispatcher.route("PATCH", "/v1/contacts/blocked").error().code, ErrorCode::method_not_allowed);
  EXPECT_EQ(dispatcher.allowed("/v1/contacts/blocked"), "GET, HEAD");
  EXPECT_EQ(dispatcher.allowed("/v1/users/batch"), "POST");
  EXPECT_EQ(dispatcher.route("PUT", "/v1/users/me").error().code, ErrorCode::method_not_allowed);
  EXPECT_EQ(dispatcher.allowed("/v1/users/me"), "DELETE, GET, HEAD, PATCH");
  EXPECT_EQ(dispatcher.allowed("/v1/messages"), "POST");
  EXPECT_EQ(dispatcher.allowed("/v1/nothing"), "");
  EXPECT_EQ(dispatcher.route("GET", "/v1/nothing").error().code, ErrorCode::not_found);
  EXPECT_EQ(dispatcher.route("GET", "/v1/conversations//messages").error().code, ErrorCode::not_found);
}

TEST(Dispatcher, CallsTheHandlerWithItsTypes) {
  Dispatcher dispatcher;
  dispatcher.add<v1::SendRequest, v1::SendResponse>("message.send", answer_42);
  auto request = dispatcher.find("message.send")->new_request();
  static_cast<v1::SendRequest&>(*request).set_conversation_id(40);
  Caller caller;
  caller.user = UserId(2);
  boost::asio::io_context io;
  auto answered = async::start(io.get_executor(), dispatcher.find("message.send")->handler(caller, std::move(request)));
  io.run();
  const auto response = answered.get();
  EXPECT_EQ(static_cast<const v1::SendResponse&>(**response).seq(), 42);
}

TEST(Dispatcher, ARequestWithoutARequiredFieldIsRefusedByName) {
  const Dispatcher dispatcher;
  const Rpc& send = *dispatcher.find("message.send");
  v1::SendRequest request;
  request.set_conversation_id(1);
  request.mutable_content();
  EXPECT_EQ(send.check_required(request).error().field, "client_msg_id");
  request.set_client_msg_id("x");
  EXPECT_TRUE(send.check_required(request));
  request.clear_content();
  EXPECT_EQ(send.check_required(request).error().field, "content");
}

TEST(Dispatcher, RefusesWhatIsNotDeclaredAsItIsRegistered) {
  Dispatcher dispatcher;
  EXPECT_THROW((dispatcher.add<v1::SendRequest, v1::SendResponse>("message.nothing", answer_42)), std::logic_error);
  EXPECT_THROW((dispatcher.add<v1::SendRequest, v1::SendResponse>("message.list", answer_42)), std::logic_error);
  dispatcher.add<v1::SendRequest, v1::SendResponse>("message.send", answer_42);
  EXPECT_THROW((dispatcher.add<v1::SendRequest, v1::SendResponse>("message.send", answer_42)), std::logic_error);
}

TEST(Dispatcher, VerifyNamesWhatHasNoHandler) {
  Dispatcher dispatcher;
  dispatcher.add<v1::SendRequest, v1::SendResponse>("message.send", answer_42);
  try {
    dispatcher.verify();
    FAIL() << "must throw";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string(error.what()).find(" message.list"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find(" message.send"), std::string::npos);
  }
}

}  // namespace
}  // namespace hongyan::wire
