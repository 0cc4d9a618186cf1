# Third-party libraries, all from the system's packages (docs/dependencies.md says why each is here).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(Protobuf REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(prometheus-cpp REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(ROCKSDB REQUIRED IMPORTED_TARGET rocksdb)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc)
# Linked by infra/text alone.
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-i18n)
# Linked by infra/egress alone.
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
# Linked by app/chat alone, and by name: pkg-config would add flags the precompiled header is built without.
find_library(NCURSESW_LIBRARY ncursesw REQUIRED)
# Linked by edge/grpc alone, and by name: its CMake files would add flags the precompiled header is built without, and
# pkg-config takes a minute over the files of its dependencies.
find_library(GRPC_LIBRARY grpc REQUIRED)
find_library(GRPCPP_LIBRARY grpc++ REQUIRED)
find_library(GPR_LIBRARY gpr REQUIRED)
find_library(ABSL_SYNCHRONIZATION_LIBRARY absl_synchronization REQUIRED)

add_library(hongyan_dependencies INTERFACE)
target_compile_definitions(hongyan_dependencies INTERFACE SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
target_include_directories(hongyan_dependencies SYSTEM INTERFACE ${Boost_INCLUDE_DIRS} /usr/include/soci)
target_link_libraries(hongyan_dependencies INTERFACE
  Threads::Threads Boost::url protobuf::libprotobuf OpenSSL::Crypto ZLIB::ZLIB spdlog::spdlog fmt::fmt simdjson::simdjson
  prometheus-cpp::core PkgConfig::SODIUM PkgConfig::SQLITE PkgConfig::ROCKSDB PkgConfig::BROTLI soci_core soci_sqlite3)

if(HONGYAN_TESTS)
  find_package(GTest REQUIRED)
  add_library(hongyan_test_dependencies INTERFACE)
  target_link_libraries(hongyan_test_dependencies INTERFACE GTest::gtest GTest::gmock GTest::gtest_main rapidcheck)
endif()
