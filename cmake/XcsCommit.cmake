# cmake -DSOURCE=... -DOUT=... -P: writes the commit of the checkout, for `--version`. The file changes only with the commit, so nothing
# else is compiled anew. Outside a checkout, the commit is empty.
find_package(Git QUIET)
set(commit "")
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET)
endif()
set(text "#include \"Common/Commit.h\"\n\nconst char *xcs::tools::commit() { return \"${commit}\"; }\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT text STREQUAL old)
  file(WRITE ${OUT} "${text}")
endif()
