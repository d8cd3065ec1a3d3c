# From rows of variants.def to code objects and their manifest.

# w4_read_variants(OUT): the table's rows, as lists "family,BM,BN,BK,waves,unroll,m_max,groups,spills".
function(w4_read_variants out)
  set(table ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/variants.def)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  file(STRINGS ${table} lines REGEX "^W4_VARIANT\\(")
  set(rows "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^W4_VARIANT\\((.*)\\)$" "\\1" row "${line}")
    string(REPLACE " " "" row "${row}")
    list(APPEND rows "${row}")
  endforeach()
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()

# w4_add_code_object(OUT ROW FOLDER [GROUPS g] [DEFINITIONS d...]): compiles a row into FOLDER; OUT receives the file.
function(w4_add_code_object out row folder)
  cmake_parse_arguments(arg "" "GROUPS" "DEFINITIONS" ${ARGN})
  string(REPLACE "," ";" fields "${row}")
  list(GET fields 0 family)
  list(GET fields 1 bm)
  list(GET fields 2 bn)
  list(GET fields 3 bk)
  list(GET fields 4 waves)
  list(GET fields 5 unroll)
  list(GET fields 7 groups)
  if(arg_GROUPS)
    set(groups ${arg_GROUPS})
  endif()
  set(sources ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hip)
  file(GLOB headers CONFIGURE_DEPENDS ${sources}/*.h)
  set(name ${family}-${bm}x${bn}x${bk}-w${waves}-u${unroll})
  set(file ${folder}/${name}.hsaco)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${file}
    COMMAND ${W4_HIP_COMPILER_PATH} ${W4_HIP_FLAGS} ${W4_HIP_PATH_FLAGS} -DW4_BM=${bm} -DW4_BN=${bn} -DW4_BK=${bk}
            -DW4_WAVES=${waves} -DW4_UNROLL_K=${unroll} -DW4_GROUPS=${groups} ${arg_DEFINITIONS}
            ${sources}/${family}.hip -o ${file}
    DEPENDS ${sources}/${family}.hip ${headers} ${sources}/../abi.h # clang writes no dependency file for a linked HIP object
    COMMENT "GPU kernels ${name}"
    VERBATIM)
  set(${out} ${file} PARENT_SCOPE)
endfunction()

# w4_add_manifest(TARGET FOLDER OBJECTS... [GROUPS g] [COMPILER_NOTE text]): FOLDER/kernels.json of the code objects,
# built with `all`; the note is appended to the compiler's version.
function(w4_add_manifest target folder)
  cmake_parse_arguments(arg "" "GROUPS;COMPILER_NOTE" "OBJECTS" ${ARGN})
  set(options "")
  if(arg_GROUPS)
    set(options --groups ${arg_GROUPS})
  endif()
  list(JOIN W4_HIP_FLAGS " " flags_text)
  add_custom_command(
    OUTPUT ${folder}/kernels.json
    COMMAND kernel-manifest --out ${folder}/kernels.json --compiler ${W4_HIP_COMPILER_NAME} --compiler-version
            ${W4_HIP_COMPILER_VERSION}${arg_COMPILER_NOTE} --flags ${flags_text} ${options} ${arg_OBJECTS}
    DEPENDS kernel-manifest ${arg_OBJECTS}
    COMMENT "Manifest of the GPU kernels"
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${folder}/kernels.json)
endfunction()
