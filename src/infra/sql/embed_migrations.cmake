# cmake -DFOLDER=db/sqlite -DOUTPUT=x.cc -P embed_migrations.cmake: writes the migration files of FOLDER as C++.
file(GLOB _files ${FOLDER}/*.sql)
list(SORT _files)
set(_rows "")
foreach(_file ${_files})
  get_filename_component(_stem ${_file} NAME_WE)
  if(NOT _stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${_file}: a migration is named NNNN_name.sql")
  endif()
  set(_digits ${CMAKE_MATCH_1})
  set(_name ${CMAKE_MATCH_2})
  # Leading zeros would make the number octal.
  string(REGEX REPLACE "^0+" "" _number ${_digits})
  file(SHA256 ${_file} _checksum)
  file(READ ${_file} _script)
  string(APPEND _rows "    {${_number}, \"${_name}\", \"${_checksum}\", R\"sql(${_script})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from the migration files; do not edit.
#include \"infra/sql/migrations.h\"

namespace hongyan::sql {

std::span<const Migration> embedded_migrations() {
  static constexpr Migration kMigrations[] = {
${_rows}  };
  return kMigrations;
}

}  // namespace hongyan::sql
")
