# What a service may not reach for, and how the build sees to it.
#
# A service is a function of its tables and of what it is told. So its library may use: symbols of
# the libraries that are themselves held to be pure (lq_pure, lq_pb, lq_law, lq_service, lq_rules), of its own
# messages, and the C library's plain functions on strings. That leaves no way to a clock, a random
# number, the environment, a file, a socket, a thread, a log, a locale, memory of its own or the
# text of a floating point number; and there are no variables. Where a symbol is defined decides,
# not how it is spelled: what is moved into common/base is out of reach, whatever its name.

# Of libprotobuf-c: what reads descriptors.
set(LQ_PURE_SYMBOLS
  protobuf_c_empty_string protobuf_c_message_init
  protobuf_c_message_descriptor_get_field protobuf_c_message_descriptor_get_field_by_name
  protobuf_c_enum_descriptor_get_value protobuf_c_enum_descriptor_get_value_by_name)

set_property(GLOBAL PROPERTY LQ_PURE_LAYERS "")
set_property(GLOBAL PROPERTY LQ_PURE_CHECKS "")

# lq_hold_pure(LIBRARY [FROM libraries...] [SYMBOLS symbols...]): makes the target pure_LIBRARY, which
# fails if LIBRARY uses more than is defined in FROM and in the pure layers before it, and SYMBOLS.
function(lq_hold_pure name)
  cmake_parse_arguments(arg "" "" "FROM;SYMBOLS" ${ARGN})
  get_property(layers GLOBAL PROPERTY LQ_PURE_LAYERS)
  set(files "")
  foreach(other ${layers} ${arg_FROM})
    list(APPEND files $<TARGET_FILE:${other}>)
  endforeach()
  set(symbols ${LQ_PURE_SYMBOLS} ${arg_SYMBOLS})
  list(JOIN symbols "," symbols)
  set(check ${CMAKE_SOURCE_DIR}/common/cmake/purity.sh)
  set(stamp ${CMAKE_BINARY_DIR}/pure/${name})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pure)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ${check} ${CMAKE_NM} ${stamp} $<TARGET_FILE:${name}> "${symbols}" ${files}
    DEPENDS ${check} ${name} ${layers} ${arg_FROM}
    COMMENT "Checking that ${name} is pure" VERBATIM)
  add_custom_target(pure_${name} DEPENDS ${stamp})
endfunction()

# The registry waits for these checks, and so does every program that hosts a service.
function(lq_pure_checked name)
  set_property(GLOBAL APPEND PROPERTY LQ_PURE_CHECKS pure_${name})
endfunction()

# lq_pure_layer(LIBRARY [FROM libraries...] [SYMBOLS symbols...]): holds a layer of common/ pure;
# services and the layers after it may use it.
function(lq_pure_layer name)
  lq_hold_pure(${name} ${ARGN})
  lq_pure_checked(${name})
  set_property(GLOBAL APPEND PROPERTY LQ_PURE_LAYERS ${name})
endfunction()

# lq_service_library(NAME SOURCES... [LINK messages and followed services...]): compiles and holds
# pure what a service is made of. Floating point is refused by the compiler, where it can: results
# and texts of it differ between machines.
include(CheckCCompilerFlag)
check_c_compiler_flag(-mgeneral-regs-only LQ_HAS_GENERAL_REGS_ONLY)
function(lq_service_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC lq_rules ${arg_LINK} PRIVATE lq_compile)
  # Handlers have one signature and rows one shape, of which most need a part. (Options of sources come
  # after -Wextra, which clang needs.)
  set_source_files_properties(${arg_SOURCES} PROPERTIES
    COMPILE_OPTIONS "-Wno-unused-parameter;-Wno-missing-field-initializers")
  if(LQ_HAS_GENERAL_REGS_ONLY) # a release copies structs quicker without it
    target_compile_options(${name} PRIVATE $<$<NOT:$<CONFIG:Release>>:-mgeneral-regs-only>)
  endif()
  lq_hold_pure(${name} FROM pb_envelope pb_rules ${arg_LINK})
endfunction()
