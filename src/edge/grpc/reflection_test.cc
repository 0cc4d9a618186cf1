#include "edge/grpc/reflection.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "hongyan/internal/control.pb.h"
#include "hongyan/v1/message.pb.h"
#include "hongyan/v1/options.pb.h"

namespace hongyan::edge {
namespace {

using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;

class ReflectionTest : public testing::Test {
 protected:
  ServerReflectionResponse symbol(const std::string& name) const {
    ServerReflectionRequest request;
    request.set_file_containing_symbol(name);
    return reflection_.answer(request);
  }

  // Names of the files of an answer, in order.
  static std::vector<std::string> files(const ServerReflectionResponse& response) {
    std::vector<std::string> names;
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(bytes));
      names.push_back(file.name());
    }
    return names;
  }

  const Reflection reflection_{{v1::Message::descriptor()->file()->service(0)}};
};

TEST_F(ReflectionTest, ListsTheServices) {
  ServerReflectionRequest request;
  request.set_list_services("*");
  const auto response = reflection_.answer(request);
  ASSERT_EQ(response.list_services_response().service_size(), 1);
  EXPECT_EQ(response.list_services_response().service(0).name(), "hongyan.v1.MessageService");
  EXPECT_EQ(response.original_request().list_services(), "*");
}

TEST_F(ReflectionTest, GivesTheFileOfASymbolWithAllItNeeds) {
  for (const char* name : {"hongyan.v1.MessageService", "hongyan.v1.MessageService.Send", "hongyan.v1.SendRequest"}) {
    const auto names = files(symbol(name));
    ASSERT_FALSE(names.empty()) << name;
    EXPECT_EQ(names.front(), "hongyan/v1/message.proto");
    EXPECT_NE(std::ranges::find(names, "hongyan/v1/options.proto"), names.end());
    EXPECT_NE(std::ranges::find(names, "google/protobuf/descriptor.proto"), names.end());
  }
  ServerReflectionRequest by_name;
  by_name.set_file_by_filename("hongyan/v1/options.proto");
  EXPECT_EQ(files(reflection_.answer(by_name)).front(), "hongyan/v1/options.proto");
}

TEST_F(ReflectionTest, SaysNothingOfWhatIsNotPublic) {
  ASSERT_NE(internal::ControlRequest::descriptor(), nullptr);
  for (const char* name : {"hongyan.internal.ControlRequest", "hongyan.v1.AuthService", "nothing", "", "\xff"}) {
    EXPECT_EQ(symbol(name).error_response().error_code(), 5) << name;
  }
  ServerReflectionRequest by_name;
  by_name.set_file_by_filename("hongyan/internal/control.proto");
  EXPECT_EQ(reflection_.answer(by_name).error_response().error_code(), 5);
}

TEST_F(ReflectionTest, KnowsExtensions) {
  ServerReflectionRequest request;
  request.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  const auto numbers = reflection_.answer(request).all_extension_numbers_response();
  EXPECT_EQ(numbers.base_type_name(), "google.protobuf.MethodOptions");
  ASSERT_EQ(numbers.extension_number_size(), 1);

  ServerReflectionRequest one;
  one.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
  one.mutable_file_containing_extension()->set_extension_number(numbers.extension_number(0));
  EXPECT_EQ(files(reflection_.answer(one)).front(), "hongyan/v1/options.proto");
  one.mutable_file_containing_extension()->set_extension_number(1);
  EXPECT_EQ(reflection_.answer(one).error_response().error_code(), 5);
}

TEST_F(ReflectionTest, NoQuestionIsAnError) { EXPECT_EQ(reflection_.answer({}).error_response().error_code(), 3); }

}  // namespace
}  // namespace hongyan::edge
