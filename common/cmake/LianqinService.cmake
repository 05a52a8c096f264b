# What turns a .proto file into a library, and a folder into a service.

# lq_proto(NAME [NEEDS other...]): the library pb_NAME from proto/NAME.proto. Generated code stays
# in the build tree and is compiled without our warnings, and not looked at by clang-tidy.
find_program(PROTOC_C protoc-c REQUIRED)
set(LQ_PROTO_OUT ${CMAKE_BINARY_DIR}/proto)
function(lq_proto name)
  cmake_parse_arguments(arg "" "" "NEEDS" ${ARGN})
  set(source ${CMAKE_SOURCE_DIR}/proto/${name}.proto)
  set(generated ${LQ_PROTO_OUT}/${name}.pb-c.c ${LQ_PROTO_OUT}/${name}.pb-c.h)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${PROTOC_C} --c_out=${LQ_PROTO_OUT} -I ${CMAKE_SOURCE_DIR}/proto ${name}.proto
    DEPENDS ${source} VERBATIM)
  add_library(pb_${name} STATIC ${generated})
  target_include_directories(pb_${name} SYSTEM PUBLIC ${LQ_PROTO_OUT})
  target_link_libraries(pb_${name} PUBLIC PkgConfig::PROTOBUF_C)
  target_compile_options(pb_${name} PRIVATE -w)
  set_target_properties(pb_${name} PROPERTIES C_CLANG_TIDY "")
  foreach(need ${arg_NEEDS})
    target_link_libraries(pb_${name} PUBLIC pb_${need})
  endforeach()
  add_dependencies(pb_${name} pb_${name}_headers)
  add_custom_target(pb_${name}_headers DEPENDS ${generated})
endfunction()

# lq_add_service(NAME [FOLLOWS other...]): services/NAME/*.c become svc_NAME, with the messages of
# proto/NAME.proto, held pure (LianqinPure.cmake); the registry gets its row. What others keep of
# NAME when they follow it stands in services/NAME/replica/ and is seen as "NAME/replica/x.h".
set_property(GLOBAL PROPERTY LQ_SERVICES "")
function(lq_add_service name)
  cmake_parse_arguments(arg "" "" "FOLLOWS" ${ARGN})
  lq_proto(${name} NEEDS envelope rules ${arg_FOLLOWS})
  set(follows "")
  foreach(other ${arg_FOLLOWS})
    list(APPEND follows pb_${other})
    if(TARGET replica_${other})
      list(APPEND follows replica_${other})
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/${name}/*.c)
  file(GLOB replica CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/${name}/replica/*.c)
  if(replica)
    lq_service_library(replica_${name} SOURCES ${replica} LINK pb_${name})
    target_include_directories(replica_${name} PUBLIC ${CMAKE_SOURCE_DIR}/services)
    lq_pure_checked(replica_${name})
    list(APPEND follows replica_${name}) # a service may keep its things as its followers do
  endif()
  lq_service_library(svc_${name} SOURCES ${sources} LINK pb_${name} ${follows})
  target_include_directories(svc_${name} PRIVATE ${CMAKE_SOURCE_DIR}/services)
  lq_pure_checked(svc_${name})
  set_property(GLOBAL APPEND PROPERTY LQ_SERVICES ${name})
endfunction()

# lq_service_registry(): the table of all services, from the lq_add_service lines.
function(lq_service_registry)
  get_property(names GLOBAL PROPERTY LQ_SERVICES)
  set(declarations "")
  set(rows "")
  foreach(name ${names})
    string(APPEND declarations "extern const struct lq_service lq_service_${name};\n")
    string(APPEND rows "    &lq_service_${name},\n")
  endforeach()
  configure_file(${CMAKE_SOURCE_DIR}/common/cmake/registry.c.in ${CMAKE_BINARY_DIR}/registry.c @ONLY)
  add_library(lq_registry STATIC ${CMAKE_BINARY_DIR}/registry.c)
  target_link_libraries(lq_registry PUBLIC lq_service PRIVATE lq_compile)
  foreach(name ${names})
    target_link_libraries(lq_registry PUBLIC svc_${name})
  endforeach()
  get_property(checks GLOBAL PROPERTY LQ_PURE_CHECKS)
  add_dependencies(lq_registry ${checks})
endfunction()
