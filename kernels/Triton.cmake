# Triton, optional: compiles kernels/triton without a GPU. Sets W4_TRITON_PYTHON to a Python that has it, else empty.
#
# ./bench and ./check put it into <build>/triton-venv (cmake/setup.sh); -DW4_TRITON_PYTHON=PATH names another one. The
# version is fixed: another one makes other code, and the published figures are held against this one's.
set(W4_TRITON_VERSION 3.6.0)
set(W4_TRITON_PYTHON "" CACHE FILEPATH "Python with Triton ${W4_TRITON_VERSION}; empty: <build>/triton-venv")

function(w4_find_triton out)
  set(python ${W4_TRITON_PYTHON})
  if(NOT python)
    set(python ${CMAKE_BINARY_DIR}/triton-venv/bin/python)
  endif()
  set(version "not found")
  if(EXISTS ${python})
    execute_process(COMMAND ${python} -c "import importlib.metadata as m; print(m.version('triton'))"
                    OUTPUT_VARIABLE version ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  set(${out} "" PARENT_SCOPE)
  if(version STREQUAL W4_TRITON_VERSION)
    set(${out} ${python} PARENT_SCOPE)
    message(STATUS "GPU kernels: Triton ${version} (${python})")
  elseif(W4_TRITON_PYTHON)
    message(FATAL_ERROR "${W4_TRITON_PYTHON} has no Triton ${W4_TRITON_VERSION} (it says: ${version}). "
                        "Run: ${W4_TRITON_PYTHON} -m pip install triton==${W4_TRITON_VERSION}")
  else()
    message(STATUS "GPU kernels: without Triton ${W4_TRITON_VERSION}, so the family \"triton\" is left out")
  endif()
endfunction()

# w4_add_triton_kernels(OUT PYTHON FOLDER): a command a row of triton/variants.def; OUT receives the code objects.
function(w4_add_triton_kernels out python folder)
  set(sources ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/triton)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources}/variants.def)
  file(MAKE_DIRECTORY ${folder})
  file(STRINGS ${sources}/variants.def lines REGEX "^W4_TRITON\\(")
  set(objects "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^W4_TRITON\\((.*)\\)$" "\\1" row "${line}")
    string(REPLACE " " "" row "${row}")
    string(REPLACE "," ";" row "${row}")
    list(GET row 7 types)
    list(SUBLIST row 0 8 arguments) # compile.py's; the last field is the manifest tool's
    list(SUBLIST row 0 7 tile)
    list(JOIN tile "-" tile)
    string(REGEX REPLACE "^([0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)" "triton-\\1x\\2x\\3-w\\4-s\\5-u\\6"
                         tile ${tile})
    set(outputs "")
    string(REPLACE "|" ";" types "${types}")
    foreach(type IN LISTS types)
      foreach(tag sym zp)
        list(APPEND outputs ${folder}/${tile}-${type}-g128-${tag}.hsaco)
      endforeach()
    endforeach()
    list(TRANSFORM outputs REPLACE "hsaco$" "json" OUTPUT_VARIABLE descriptions)
    add_custom_command(
      OUTPUT ${outputs} ${descriptions}
      COMMAND ${python} ${sources}/compile.py --out ${folder} ${arguments}
      DEPENDS ${sources}/compile.py ${sources}/kernel.py
      COMMENT "Triton kernels ${tile}"
      VERBATIM)
    list(APPEND objects ${outputs})
  endforeach()
  set(${out} ${objects} PARENT_SCOPE)
endfunction()
