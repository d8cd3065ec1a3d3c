# The catalogue (models, suites, rule tables, manifest, cases) as a library of its own; harness/CMakeLists.txt includes
# this file.
add_library(w4catalog STATIC)
foreach(source cases condition derive listing manifest manifest_convention model rules shapes suites)
  target_sources(w4catalog PRIVATE ${CMAKE_CURRENT_LIST_DIR}/${source}.c)
endforeach()
target_link_libraries(w4catalog PUBLIC w4base w4convention w4reference)
