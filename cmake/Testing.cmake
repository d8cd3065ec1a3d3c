enable_testing()

# w4_add_test(NAME SOURCES... LIBRARIES ... LABELS ...): one cmocka program a module; exit 77 means skipped.
function(w4_add_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} PkgConfig::CMOCKA)
  target_compile_definitions(${name} PRIVATE W4_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}"
                                             W4_BUILD_DIR="${CMAKE_BINARY_DIR}" W4_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()
