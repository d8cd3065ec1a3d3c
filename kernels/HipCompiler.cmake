# Finds the compiler of the GPU kernels: hipcc when it can build one of them for gfx1151, else the newest clang (19 or
# later) that can. Sets W4_HIP_COMPILER_PATH, _NAME, _VERSION, _FLAGS. -DW4_HIP_COMPILER=PATH overrides the search.
set(W4_HIP_COMPILER "" CACHE FILEPATH "Compiler of the GPU kernels (hipcc or clang >= 19); empty: search")

# The kernels are self-contained: neither ROCm's headers nor its device libraries. Line tables let tools name source lines;
# the mapped prefix and no compilation unit id keep code objects the same wherever the tree lies.
set(W4_HIP_FLAGS -x hip --cuda-device-only --no-gpu-bundle-output -nogpulib -nogpuinc -fuse-cuid=none
                 --offload-arch=gfx1151 -O3 -gline-tables-only -Wall -Wextra
    CACHE INTERNAL "") # tests/kernels uses them too
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH source_root)
set(W4_HIP_PATH_FLAGS -ffile-prefix-map=${source_root}/= -fdebug-compilation-dir=. CACHE INTERNAL "")

# Tries to build a small kernel; `reason` receives the first error line, empty on success.
function(w4_probe_hip_compiler compiler reason)
  execute_process(
    COMMAND ${compiler} ${W4_HIP_FLAGS} ${W4_HIP_PATH_FLAGS} -DW4_BM=32 -DW4_BN=32 -DW4_BK=32 -DW4_WAVES=4
            -DW4_UNROLL_K=1 -DW4_GROUPS=32 ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hip/prefill.hip
            -o ${CMAKE_CURRENT_BINARY_DIR}/probe.hsaco
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(${reason} "" PARENT_SCOPE)
  if(NOT status EQUAL 0)
    string(REGEX MATCH "[^\n]*error[^\n]*" line "${output}")
    if(line STREQUAL "")
      set(line "status ${status}")
    endif()
    set(${reason} "${line}" PARENT_SCOPE)
  endif()
endfunction()

function(w4_find_hip_compiler)
  if(W4_HIP_COMPILER)
    set(candidates ${W4_HIP_COMPILER})
  else()
    find_program(W4_HIPCC hipcc HINTS /opt/rocm/bin)
    mark_as_advanced(W4_HIPCC)
    if(W4_HIPCC)
      list(APPEND candidates ${W4_HIPCC})
    endif()
    foreach(major RANGE 40 19 -1)
      find_program(clang_${major} clang-${major} NO_CACHE)
      if(clang_${major})
        list(APPEND candidates ${clang_${major}})
      endif()
    endforeach()
    find_program(clang_plain clang HINTS /opt/rocm/llvm/bin NO_CACHE)
    if(clang_plain)
      list(APPEND candidates ${clang_plain})
    endif()
  endif()

  foreach(candidate IN LISTS candidates)
    w4_probe_hip_compiler(${candidate} reason)
    if(reason STREQUAL "")
      execute_process(COMMAND ${candidate} --version OUTPUT_VARIABLE version ERROR_QUIET)
      string(REGEX MATCH "[^\n]*clang version[^\n]*" version "${version}")
      get_filename_component(name ${candidate} NAME)
      set(W4_HIP_COMPILER_PATH ${candidate} CACHE INTERNAL "")
      set(W4_HIP_COMPILER_NAME ${name} CACHE INTERNAL "")
      set(W4_HIP_COMPILER_VERSION "${version}" CACHE INTERNAL "")
      set(W4_HIP_COMPILER_SEARCHED "${W4_HIP_COMPILER}" CACHE INTERNAL "")
      return()
    endif()
    message(STATUS "GPU kernels: ${candidate} cannot build them: ${reason}")
  endforeach()
  message(FATAL_ERROR "No compiler for gfx1151 found. Install clang 19 or later with lld (Debian: clang-22 lld-22) or "
                      "ROCm 6.4 or later, or name one with -DW4_HIP_COMPILER=PATH.")
endfunction()

if(NOT W4_HIP_COMPILER_PATH OR NOT EXISTS "${W4_HIP_COMPILER_PATH}"
   OR NOT "${W4_HIP_COMPILER_SEARCHED}" STREQUAL "${W4_HIP_COMPILER}")
  w4_find_hip_compiler()
endif()
list(JOIN W4_HIP_FLAGS " " flags_text)
message(STATUS "GPU kernels: ${W4_HIP_COMPILER_PATH} (${W4_HIP_COMPILER_VERSION}) ${flags_text}")
