# C++ of the public API (hongyan.v1), of the internal records and of gRPC's own services, into BUILD/gen.
file(GLOB HONGYAN_PROTOS RELATIVE ${CMAKE_SOURCE_DIR}/proto CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/proto/hongyan/v1/*.proto ${CMAKE_SOURCE_DIR}/proto/hongyan/internal/*.proto
     ${CMAKE_SOURCE_DIR}/proto/grpc/*/v1/*.proto)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/gen)
set(_sources)
foreach(_proto ${HONGYAN_PROTOS})
  string(REGEX REPLACE "\\.proto$" "" _base ${_proto})
  list(APPEND _inputs ${CMAKE_SOURCE_DIR}/proto/${_proto})
  list(APPEND _sources ${CMAKE_BINARY_DIR}/gen/${_base}.pb.cc)
  list(APPEND _headers ${CMAKE_BINARY_DIR}/gen/${_base}.pb.h)
  if(_base MATCHES "^hongyan/")
    list(APPEND HONGYAN_PROTO_HEADERS <${_base}.pb.h>)
  endif()
endforeach()
add_custom_command(
  OUTPUT ${_sources} ${_headers}
  COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR}/proto --cpp_out=${CMAKE_BINARY_DIR}/gen ${HONGYAN_PROTOS}
  DEPENDS ${_inputs}
  VERBATIM)
add_library(hongyan_proto STATIC ${_sources})
target_link_libraries(hongyan_proto PUBLIC hongyan_flags hongyan_dependencies)
# What protoc writes is not ours to mend: without UndefinedBehaviorSanitizer it takes two thirds of the time.
target_compile_options(hongyan_proto PRIVATE -Wno-everything -fno-sanitize=undefined)
set(HONGYAN_PCH plain)
_hongyan_use_pch(hongyan_proto libraries)
set(HONGYAN_PCH protocol)
