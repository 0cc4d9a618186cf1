#include "edge/grpc/reflection.h"

#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/support/status_code_enum.h>

namespace hongyan::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;

const DescriptorPool& pool() { return *DescriptorPool::generated_pool(); }

void say_error(ServerReflectionResponse& response, ::grpc::StatusCode code, std::string text) {
  response.mutable_error_response()->set_error_code(code);
  response.mutable_error_response()->set_error_message(std::move(text));
}

// The file and everything it depends on, each once.
void collect(const FileDescriptor& file, std::set<const FileDescriptor*>& into) {
  if (!into.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) collect(*file.dependency(i), into);
}

void say_file(ServerReflectionResponse& response, const FileDescriptor* file) {
  if (file == nullptr) return say_error(response, ::grpc::NOT_FOUND, "not found");
  std::set<const FileDescriptor*> all;
  collect(*file, all);
  all.erase(file);
  auto& answer = *response.mutable_file_descriptor_response();
  // The one that was asked for stands first.
  const auto add = [&answer](const FileDescriptor& one) {
    google::protobuf::FileDescriptorProto proto;
    one.CopyTo(&proto);
    proto.SerializeToString(answer.add_file_descriptor_proto());
  };
  add(*file);
  for (const FileDescriptor* one : all) add(*one);
}

}  // namespace

Reflection::Reflection(const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  for (const auto* service : services) {
    services_.insert(service->full_name());
    add_file(*service->file());
  }
}

void Reflection::add_file(const File& file) { collect(file, files_); }

const FileDescriptor* Reflection::known(const File* file) const { return files_.contains(file) ? file : nullptr; }

ServerReflectionResponse Reflection::answer(const ServerReflectionRequest& request) const {
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      say_file(response, known(pool().FindFileByName(request.file_by_filename())));
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      say_file(response, known(pool().FindFileContainingSymbol(request.file_containing_symbol())));
      break;
    case ServerReflectionRequest::kFileContainingExtension: {
      const auto& wanted = request.file_containing_extension();
      const Descriptor* type = pool().FindMessageTypeByName(wanted.containing_type());
      const FieldDescriptor* extension =
          type == nullptr ? nullptr : pool().FindExtensionByNumber(type, wanted.extension_number());
      say_file(response, extension == nullptr ? nullptr : known(extension->file()));
      break;
    }
    case ServerReflectionRequest::kAllExtensionNumbersOfType: {
      const Descriptor* type = pool().FindMessageTypeByName(request.all_extension_numbers_of_type());
      if (type == nullptr || known(type->file()) == nullptr) {
        say_error(response, ::grpc::NOT_FOUND, "not found");
        break;
      }
      response.mutable_all_extension_numbers_response()->set_base_type_name(type->full_name());
      std::vector<const FieldDescriptor*> extensions;
      pool().FindAllExtensions(type, &extensions);
      for (const FieldDescriptor* extension : extensions) {
        if (known(extension->file()) != nullptr)
          response.mutable_all_extension_numbers_response()->add_extension_number(extension->number());
      }
      break;
    }
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : services_)
        response.mutable_list_services_response()->add_service()->set_name(name);
      break;
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      say_error(response, ::grpc::INVALID_ARGUMENT, "no question");
      break;
  }
  return response;
}

}  // namespace hongyan::edge
