# The tests of common/pb have messages of their own, which are no part of the product.
set(out ${CMAKE_CURRENT_BINARY_DIR})
add_custom_command(
  OUTPUT ${out}/pbtest.pb-c.c ${out}/pbtest.pb-c.h
  COMMAND ${PROTOC_C} --c_out=${out} -I ${CMAKE_CURRENT_SOURCE_DIR} pbtest.proto
  DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/pbtest.proto VERBATIM)
add_library(pb_pbtest STATIC ${out}/pbtest.pb-c.c ${out}/pbtest.pb-c.h)
target_include_directories(pb_pbtest SYSTEM PUBLIC ${out})
target_link_libraries(pb_pbtest PUBLIC PkgConfig::PROTOBUF_C)
target_compile_options(pb_pbtest PRIVATE -w)
set_target_properties(pb_pbtest PROPERTIES C_CLANG_TIDY "")
foreach(test test_pb test_pb_build test_pb_limits test_pb_show)
  target_link_libraries(${test} PRIVATE pb_pbtest lq_pb_json)
endforeach()
