// Messages with random content, for the tests of the codecs.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace hongyan::wire::testing {

// A message with random fields. Depth bounded, text with the characters JSON has to escape.
class RandomMessages {
 public:
  using FieldDescriptor = google::protobuf::FieldDescriptor;

  explicit RandomMessages(unsigned seed) : random_(seed) {}

  void fill(google::protobuf::Message& message, int depth = 0) {
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (random_() % 3 == 0) continue;
      // One entry a map, so that no two have the same key.
      const bool many = field.is_repeated() && !field.is_map();
      const int count = many ? static_cast<int>(random_() % 4) : 1;
      for (int n = 0; n < count; ++n) set(message, field, depth);
    }
  }

 private:
  std::string text() {
    static const std::vector<std::string> parts{"a",    "\"", "\\", "\n",  std::string(1, '\0'), "\x7f", "é",
                                                "鸿雁", "😀", "/",  "\x1f"};
    std::string out;
    for (auto n = random_() % 6; n > 0; --n) out += parts[random_() % parts.size()];
    return out;
  }

  template <class T>
  static void put(google::protobuf::Message& message, const FieldDescriptor& field, T value,
                  void (google::protobuf::Reflection::*set)(google::protobuf::Message*, const FieldDescriptor*, T)
                      const,
                  void (google::protobuf::Reflection::*add)(google::protobuf::Message*, const FieldDescriptor*, T)
                      const) {
    (message.GetReflection()->*(field.is_repeated() ? add : set))(&message, &field, value);
  }

  void set(google::protobuf::Message& message, const FieldDescriptor& field, int depth) {
    using R = google::protobuf::Reflection;
    const R& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return put<std::int32_t>(message, field, static_cast<std::int32_t>(random_()), &R::SetInt32, &R::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return put<std::int64_t>(message, field, static_cast<std::int64_t>(random_()) - 2'000'000'000, &R::SetInt64,
                                 &R::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT64:
        return put<std::uint64_t>(message, field, (std::uint64_t{random_()} << 32) | random_(), &R::SetUInt64,
                                  &R::AddUInt64);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return put<double>(message, field, (static_cast<double>(random_()) - 2e9) / 997, &R::SetDouble, &R::AddDouble);
      case FieldDescriptor::CPPTYPE_BOOL:
        return put<bool>(message, field, random_() % 2 == 0, &R::SetBool, &R::AddBool);
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int count = field.enum_type()->value_count();
        const auto* value =
            field.enum_type()->value(1 + static_cast<int>(random_() % static_cast<unsigned>(count - 1)));
        field.is_repeated() ? reflection.AddEnum(&message, &field, value) : reflection.SetEnum(&message, &field, value);
        return;
      }
      case FieldDescriptor::CPPTYPE_STRING:
        field.is_repeated() ? reflection.AddString(&message, &field, text())
                            : reflection.SetString(&message, &field, text());
        return;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth < 5)
          fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                   : *reflection.MutableMessage(&message, &field),
               depth + 1);
        return;
      default: ADD_FAILURE() << "a type this test does not know: " << field.full_name();
    }
  }

  std::mt19937 random_;
};

}  // namespace hongyan::wire::testing
