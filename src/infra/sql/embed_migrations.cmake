# cmake -DFOLDER=db -DOUTPUT=x.cc -P embed_migrations.cmake: writes the migration files of FOLDER/sqlite and FOLDER/mysql as C++.
# Each number and name is there for both.
function(rows_of FOLDER ROWS NAMES)
  file(GLOB _files ${FOLDER}/*.sql)
  list(SORT _files)
  set(_rows "")
  set(_names "")
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
    list(APPEND _names ${_stem})
  endforeach()
  set(${ROWS} "${_rows}" PARENT_SCOPE)
  set(${NAMES} "${_names}" PARENT_SCOPE)
endfunction()

rows_of(${FOLDER}/sqlite _sqlite _sqlite_names)
rows_of(${FOLDER}/mysql _mysql _mysql_names)
if(NOT _sqlite_names STREQUAL _mysql_names)
  message(FATAL_ERROR "db/sqlite and db/mysql have different migrations:\n${_sqlite_names}\n${_mysql_names}")
endif()
file(WRITE ${OUTPUT} "// Generated from the migration files; do not edit.
#include \"infra/sql/migrations.h\"

namespace hongyan::sql {

std::span<const Migration> embedded_migrations(Dialect dialect) {
  static constexpr Migration kSqlite[] = {
${_sqlite}  };
  static constexpr Migration kMysql[] = {
${_mysql}  };
  return dialect == Dialect::sqlite ? std::span<const Migration>(kSqlite) : std::span<const Migration>(kMysql);
}

}  // namespace hongyan::sql
")
