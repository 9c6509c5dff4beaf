# ANTLR's tool and its C++ runtime are separate packages: check that they fit each other, and run the tool.

# The serialised automaton changed with 4.10: a parser generated on one side of it does not start on a runtime of the other side.
function(xcs_check_antlr)
  if(XCS_ANTLR4_CHECKED STREQUAL "${XCS_ANTLR4_TOOL};${XCS_antlr4_LIBRARY}")
    return()
  endif()
  execute_process(COMMAND ${XCS_ANTLR4_TOOL} OUTPUT_VARIABLE usage ERROR_VARIABLE usage RESULT_VARIABLE failed)
  if(NOT usage MATCHES "Version ([0-9]+\\.[0-9]+[.0-9]*)")
    message(FATAL_ERROR "`${XCS_ANTLR4_TOOL}` does not say its version; does `java -version` work? (${failed})")
  endif()
  set(tool ${CMAKE_MATCH_1})
  find_package(antlr4-runtime CONFIG QUIET)
  set(runtime "${antlr4-runtime_VERSION}")
  if(NOT runtime)
    message(STATUS "ANTLR: tool ${tool}; the runtime does not say its version, taken to fit")
  elseif((tool VERSION_LESS 4.10 AND runtime VERSION_LESS 4.10) OR
         (tool VERSION_GREATER_EQUAL 4.10 AND runtime VERSION_GREATER_EQUAL 4.10))
    message(STATUS "ANTLR: tool ${tool} fits runtime ${runtime}")
  else()
    message(FATAL_ERROR "ANTLR's tool ${tool} does not fit the C++ runtime ${runtime}: both must be older than 4.10, or neither. "
      "Give a tool that fits with -DXCS_ANTLR4_TOOL=<path> (a script that runs antlr-${runtime}-complete.jar will do), "
      "or a runtime that fits with -DXCS_antlr4_INCLUDE=<folder> -DXCS_antlr4_LIBRARY=<file>.")
  endif()
  set(XCS_ANTLR4_CHECKED "${XCS_ANTLR4_TOOL};${XCS_antlr4_LIBRARY}" CACHE INTERNAL "the pair that was checked")
endfunction()

# Generates <grammar>.h and <grammar>.cpp into `folder`; `outputs` gets their names. DEPENDS names files the grammar reads.
function(xcs_antlr_generate outputs grammar folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  get_filename_component(stem ${grammar} NAME_WE)
  get_filename_component(source ${grammar} ABSOLUTE)
  file(READ ${source} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  # A combined or parser grammar's generated class has the grammar's name with `Parser` behind it, unless it ends in it.
  if(text MATCHES "lexer grammar" OR text MATCHES "parser grammar")
    set(class ${stem})
  else()
    set(class ${stem}Parser)
  endif()
  set(files ${folder}/${class}.h ${folder}/${class}.cpp)
  set(byproducts ${folder}/${stem}.tokens ${folder}/${stem}.interp)
  add_custom_command(
    OUTPUT ${files}
    BYPRODUCTS ${byproducts}
    COMMAND ${XCS_ANTLR4_TOOL} -Dlanguage=Cpp -no-listener -no-visitor -Werror -lib ${folder} -o ${folder} ${source}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    DEPENDS ${source} ${ARG_DEPENDS}
    COMMENT "antlr4 ${stem}.g4"
    VERBATIM)
  set(${outputs} ${files} PARENT_SCOPE)
endfunction()
