# Writes revision.h with the checkout's revision; touched only when that changes. Run at build time, because a commit
# does not reconfigure.
execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE revision
                ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND git status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE changes ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT revision)
  set(revision "unknown")
elseif(changes)
  string(APPEND revision "-dirty")
endif()
set(text "// Made by harness/revision.cmake.\n#define W4_GIT_REVISION \"${revision}\"\n")
string(APPEND text "#define W4_HOST_COMPILER \"${COMPILER}\"\n")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
