# packetsentry_options: what every source of ours is compiled with.
add_library(packetsentry_options INTERFACE)
target_include_directories(packetsentry_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(packetsentry_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror)
# Some of the libraries below ask for it. With all sources alike, all can share precompiled headers.
target_compile_options(packetsentry_options INTERFACE -pthread)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms, of 12 to 14: in the standard library's own strings at -O3 (GCC bug 105651 and its like), and, the
  # last, in Asio's coroutine frames at -O2.
  target_compile_options(packetsentry_options INTERFACE
    -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-mismatched-new-delete)
endif()
target_compile_definitions(packetsentry_options INTERFACE PACKETSENTRY_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND PACKETSENTRY_UNITY)
  # It takes a source that stands in another one for a header, where a type without linkage would be a mistake.
  target_compile_options(packetsentry_options INTERFACE -Wno-subobject-linkage)
endif()
if(PACKETSENTRY_SANITIZE)
  add_compile_options(-fsanitize=${PACKETSENTRY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PACKETSENTRY_SANITIZE})
endif()
if(PACKETSENTRY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# packetsentry_unity(TARGET): its sources are compiled several at a time, as they mostly read the headers of others. Names
# in anonymous namespaces are therefore unique in a folder, or in a group of it, and no source changes what another one reads.
function(packetsentry_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${PACKETSENTRY_UNITY} UNITY_BUILD_BATCH_SIZE 10)
endfunction()

# packetsentry_library(NAME [SOURCES a.cpp …] [GROUPS x …] LINKS b … [READS NAME|own] [PRECOMPILE <header> …] [COLD]): one
# folder, one library. What it links is what it may include. GROUPS: variables, each with sources that are compiled
# together, for a large folder in which many sources have a name in common, such as kType; the other SOURCES are compiled
# alone then. READS: which precompiled headers of Precompiled.cmake it shares with others (standard), or that it always has its
# own. PRECOMPILE: its own, which it otherwise has only where each source is compiled alone. COLD: nothing in it runs for
# each packet or row, so that the optimizer would take longer than it saves.
function(packetsentry_library name)
  cmake_parse_arguments(ARG "COLD" "READS" "SOURCES;GROUPS;LINKS;PRECOMPILE" ${ARGN})
  add_library(packetsentry_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(packetsentry_${name} PUBLIC packetsentry_options ${ARG_LINKS})
  packetsentry_unity(packetsentry_${name})
  foreach(group IN LISTS ARG_GROUPS)
    target_sources(packetsentry_${name} PRIVATE ${${group}})
    set_source_files_properties(${${group}} PROPERTIES UNITY_GROUP ${group})
    set_target_properties(packetsentry_${name} PROPERTIES UNITY_BUILD_MODE GROUP)
  endforeach()
  if(ARG_COLD)
    target_compile_options(packetsentry_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(NOT ARG_READS)
    set(ARG_READS standard)
  endif()
  if(NOT ARG_READS STREQUAL "own")
    packetsentry_reads(packetsentry_${name} ${ARG_READS})
  endif()
  if(ARG_PRECOMPILE AND (ARG_READS STREQUAL "own" OR NOT PACKETSENTRY_UNITY))
    target_precompile_headers(packetsentry_${name} PRIVATE ${ARG_PRECOMPILE})
  endif()
endfunction()

# A test is compiled once and run once: the optimizer would take longer than it saves.
set(packetsentry_run_once -O0 -U_FORTIFY_SOURCE)

# packetsentry_unit_tests(NAME LINKS … [FOLDERS …] [SEPARATE]): all *_test.cpp of this folder, and of the FOLDERS in it,
# as one test program. SEPARATE: many of its sources have a name in common.
function(packetsentry_unit_tests name)
  cmake_parse_arguments(ARG "SEPARATE" "" "LINKS;FOLDERS" ${ARGN})
  list(TRANSFORM ARG_FOLDERS APPEND /*_test.cpp)
  file(GLOB sources CONFIGURE_DEPENDS *_test.cpp ${ARG_FOLDERS})
  add_executable(unit_${name} ${sources})
  target_link_libraries(unit_${name} PRIVATE ${ARG_LINKS} packetsentry_options GTest::gtest_main GTest::gmock)
  if(NOT ARG_SEPARATE)
    packetsentry_unity(unit_${name})
  endif()
  packetsentry_reads(unit_${name} tests)
  if(NOT PACKETSENTRY_UNITY)
    target_precompile_headers(unit_${name} PRIVATE <gtest/gtest.h>)
  endif()
  target_compile_options(unit_${name} PRIVATE ${packetsentry_run_once})
  if(unit_${name} IN_LIST PACKETSENTRY_TESTED_ELSEWHERE)
    set_target_properties(unit_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_test(NAME unit_${name} COMMAND unit_${name})
  set_tests_properties(unit_${name} PROPERTIES TIMEOUT 300 LABELS unit)
endfunction()
