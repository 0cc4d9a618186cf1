# The two helpers every folder uses, and the only place with compiler flags.
#
#   hongyan_library(NAME SRCS a.cc ... DEPS other ... [NO_PCH])
#   hongyan_test(NAME SRCS a_test.cc ... DEPS library ... [NO_PCH] [ON_MYSQL pattern])
#   hongyan_fuzzer(NAME SRCS a.cc ... DEPS library ...)     program BUILD/fuzz/NAME

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(hongyan_flags INTERFACE)
target_compile_options(hongyan_flags INTERFACE -stdlib=libstdc++ -Wall -Wextra -Wshadow -Werror -fno-omit-frame-pointer
                       # Files name themselves by their place in the tree: logs find their module by it.
                       -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
target_include_directories(hongyan_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/gen)
target_link_options(hongyan_flags INTERFACE -stdlib=libstdc++ -fuse-ld=lld)
target_compile_definitions(hongyan_flags INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_REGEX
                                                   $<$<CONFIG:Debug>:HONGYAN_DEBUG>)
if(HONGYAN_SANITIZE)
  target_compile_options(hongyan_flags INTERFACE -fsanitize=${HONGYAN_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(hongyan_flags INTERFACE -fsanitize=${HONGYAN_SANITIZE})
endif()

# What ran how often, so that the compiler puts together what is hot and inlines it. Functions of a file are named by the file
# alone, wherever the tree lies; those that have changed since are compiled as if nothing were known of them.
if(HONGYAN_PROFILE)
  target_compile_options(hongyan_flags INTERFACE "SHELL:-mllvm -static-func-strip-dirname-prefix=64")
endif()
if(HONGYAN_PROFILE STREQUAL make)
  target_compile_options(hongyan_flags INTERFACE -fprofile-generate=${CMAKE_BINARY_DIR}/counts)
  target_link_options(hongyan_flags INTERFACE -fprofile-generate=${CMAKE_BINARY_DIR}/counts)
elseif(HONGYAN_PROFILE STREQUAL use)
  target_compile_options(hongyan_flags INTERFACE -fprofile-use=${CMAKE_SOURCE_DIR}/cmake/hongyan.profdata -Wno-backend-plugin)
  # The profile is no dependency that the compiler tells of: its hash among the flags makes everything anew when it changes.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/hongyan.profdata)
  file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/hongyan.profdata hash)
  target_compile_definitions(hongyan_flags INTERFACE HONGYAN_PROFILE_HASH=${hash})
  target_link_options(hongyan_flags INTERFACE LINKER:-z,keep-text-section-prefix)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are only cached when their timestamp is left out.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  target_compile_options(hongyan_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

# Optimising a test costs half of its compile time and makes nothing quicker that counts.
set(HONGYAN_TEST_FLAGS -O0)

# Several files are compiled as one: what each needs of Asio, protobuf and gtest is most of the work, and that is done once. So a
# name in an unnamed namespace is there once in a library. The preset `separate` compiles each on its own.
function(_hongyan_compile_together TARGET)
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ${HONGYAN_TOGETHER} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# Asio and protobuf cost 6 s a file without a precompiled header, 1 s with it. There are four: of libraries and of tests,
# whose flags differ, and of folders above the protocol (HONGYAN_PCH is `protocol`) and below it (`plain`).
set(HONGYAN_PCH protocol)
add_custom_target(hongyan_headers COMMENT "What has to be made before a file can be read on its own")
function(_hongyan_use_pch TARGET USE)
  set(PCH hongyan_pch_${HONGYAN_PCH}_${USE})
  if(NOT TARGET ${PCH})
    set(HEADERS <${CMAKE_SOURCE_DIR}/cmake/pch.h>)
    if(HONGYAN_PCH STREQUAL protocol)
      list(APPEND HEADERS ${HONGYAN_PROTO_HEADERS} <${CMAKE_SOURCE_DIR}/cmake/pch_protocol.h>)
    endif()
    if(USE STREQUAL tests)
      list(APPEND HEADERS <gtest/gtest.h>)
    endif()
    # In a file of our own: ccache does not notice when the list that CMake writes has changed.
    list(TRANSFORM HEADERS PREPEND "#include ")
    list(JOIN HEADERS "\n" LINES)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/${PCH}.h CONTENT "#pragma once\n${LINES}\n")
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/${PCH}.cc CONTENT "")
    add_library(${PCH} STATIC ${CMAKE_BINARY_DIR}/pch/${PCH}.cc)
    target_link_libraries(${PCH} PUBLIC hongyan_flags hongyan_dependencies)
    target_precompile_headers(${PCH} PRIVATE ${CMAKE_BINARY_DIR}/pch/${PCH}.h)
    add_dependencies(hongyan_headers ${PCH})
    if(HONGYAN_PCH STREQUAL protocol)
      target_link_libraries(${PCH} PUBLIC hongyan_proto)
    endif()
    if(USE STREQUAL tests)
      target_link_libraries(${PCH} PUBLIC hongyan_test_dependencies)
      target_compile_options(${PCH} PRIVATE ${HONGYAN_TEST_FLAGS})
    endif()
  endif()
  target_precompile_headers(${TARGET} REUSE_FROM ${PCH})
endfunction()

function(hongyan_library NAME)
  cmake_parse_arguments(ARG "NO_PCH" "" "SRCS;DEPS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SRCS})
  target_link_libraries(${NAME} PUBLIC hongyan_flags hongyan_dependencies ${ARG_DEPS})
  _hongyan_compile_together(${NAME})
  if(NOT ARG_NO_PCH)
    _hongyan_use_pch(${NAME} libraries)
  endif()
endfunction()

# What ON_MYSQL names of its tests, as --gtest_filter does, runs once more on MariaDB (label mysql: tools/dev/unit). Suites
# named Mysql are for that run alone, those named Sqlite for the other, as are races, which the one writer of a process decides.
function(hongyan_test NAME)
  if(NOT HONGYAN_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "NO_PCH" "ON_MYSQL" "SRCS;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SRCS})
  target_link_libraries(${NAME} PRIVATE hongyan_flags hongyan_dependencies ${ARG_DEPS} hongyan_test_dependencies)
  target_compile_options(${NAME} PRIVATE ${HONGYAN_TEST_FLAGS})
  _hongyan_compile_together(${NAME})
  if(NOT ARG_NO_PCH)
    _hongyan_use_pch(${NAME} tests)
  endif()
  add_test(NAME ${NAME} COMMAND ${NAME} --gtest_filter=-*Mysql*)
  set_tests_properties(${NAME} PROPERTIES TIMEOUT 300)
  if(ARG_ON_MYSQL)
    add_test(NAME ${NAME}.mysql COMMAND ${NAME} --gtest_filter=${ARG_ON_MYSQL}:-Sqlite*:*Races*)
    set_tests_properties(${NAME}.mysql PROPERTIES TIMEOUT 300 LABELS mysql ENVIRONMENT HONGYAN_TEST_SQL=mysql)
  endif()
endfunction()

function(hongyan_fuzzer NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(fuzz_${NAME} ${ARG_SRCS})
  set_target_properties(fuzz_${NAME} PROPERTIES OUTPUT_NAME ${NAME} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  target_link_libraries(fuzz_${NAME} PRIVATE hongyan_flags hongyan_dependencies ${ARG_DEPS})
  target_link_options(fuzz_${NAME} PRIVATE -fsanitize=fuzzer)
endfunction()
