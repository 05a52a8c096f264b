# How everything of ours is compiled: warnings, hardening, sanitizers. Targets link lq_compile.
add_library(lq_compile INTERFACE)
target_compile_definitions(lq_compile INTERFACE _GNU_SOURCE LQ_VERSION="${PROJECT_VERSION}")
target_compile_options(lq_compile INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
  -Wwrite-strings -Wvla -Wundef -Wformat=2 -fno-common -fno-strict-aliasing
  # protobuf-c's initialisers cast const away; gcc is silent in system headers, clang is not
  $<$<C_COMPILER_ID:GNU>:-Wcast-qual>
  $<$<BOOL:${LQ_WERROR}>:-Werror>)
if(LQ_SANITIZE)
  target_compile_options(lq_compile INTERFACE -fsanitize=${LQ_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(lq_compile INTERFACE -fsanitize=${LQ_SANITIZE})
else()
  target_compile_options(lq_compile INTERFACE $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2> -fstack-protector-strong)
  target_link_options(lq_compile INTERFACE -Wl,-z,relro,-z,now)
endif()
if(LQ_COVERAGE) # counted atomically: tests of the bus have threads, and lost counts go negative
  target_compile_options(lq_compile INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(lq_compile INTERFACE --coverage)
endif()

if(LQ_FUZZ) # libFuzzer is steered by which branches of our own code an input reaches
  if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "LQ_FUZZ needs clang: use the preset fuzz")
  endif()
  target_compile_options(lq_compile INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(lq_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()

# lq_library(NAME SOURCES... [LINK targets...]): a library of common/, seen as "layer/header.h".
function(lq_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/common)
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE lq_compile)
endfunction()

# lq_test(NAME SOURCES... LINK targets... [LABELS labels...]): one cmocka executable, one ctest.
function(lq_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${arg_LINK} PkgConfig::CMOCKA lq_compile)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300)
endfunction()
