# xcs_room(NAME Analysis DEPS IR LIBS xcs::llvm EDGES Foo.cpp)
#
# Builds the static library xcs<NAME> from every .cpp below the calling folder. DEPS names rooms, LIBS libraries that only this room
# uses, EDGES the files that may catch exceptions of a library. A room without source yet is an empty interface, so that the others
# and the tools can name it.
#
# COUNTED: the dev preset counts the basic blocks that this room's code runs (GCC's and clang's trace-pc calls a function at each of
# them), so that a test can tell how work grows without a clock; test/growth. Other presets omit it: a sanitizer or a fuzzer
# has its own calls, and releases are measured.
function(xcs_room)
  cmake_parse_arguments(ARG "COUNTED" "NAME" "DEPS;LIBS;EDGES;SOURCES" ${ARGN})
  set(target xcs${ARG_NAME})
  list(TRANSFORM ARG_DEPS PREPEND xcs)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE xcsOptions xcs::llvm ${ARG_DEPS} ${ARG_LIBS})
    return()
  endif()
  add_library(${target} STATIC ${sources} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/lib)
  # The options are the house's own: a program outside that links an installed room has its own warnings.
  target_link_libraries(${target} PUBLIC $<BUILD_INTERFACE:xcsOptions> xcs::llvm ${ARG_DEPS} PRIVATE ${ARG_LIBS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${ARG_NAME})
  set_property(GLOBAL APPEND PROPERTY XCS_ROOMS ${target})
  if(ARG_COUNTED AND XCS_COUNT_WORK)
    target_compile_options(${target} PRIVATE -fsanitize-coverage=trace-pc)
  endif()
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR} ${source})
    if(NOT name IN_LIST ARG_EDGES)
      set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS -fno-exceptions)
    endif()
  endforeach()
endfunction()

# xcs_tool(NAME xcsc ROOMS Syntax Transforms LIBS xcs::tbb): an executable from the calling folder, skipped while it has no main.cpp.
# PARTS: all sources but main.cpp are a library of their own, <NAME>-parts, which another tool may link.
function(xcs_tool)
  cmake_parse_arguments(ARG "PARTS" "NAME" "ROOMS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp IN_LIST sources)
    return()
  endif()
  list(TRANSFORM ARG_ROOMS PREPEND xcs)
  if(ARG_PARTS)
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
    add_library(${ARG_NAME}-parts STATIC ${sources})
    target_include_directories(${ARG_NAME}-parts PUBLIC ${CMAKE_SOURCE_DIR}/tools)
    target_compile_definitions(${ARG_NAME}-parts PRIVATE XCS_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${ARG_NAME}-parts PUBLIC xcsOptions ${ARG_ROOMS} ${ARG_LIBS})
    set(sources ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
    list(PREPEND ARG_LIBS ${ARG_NAME}-parts)
  endif()
  add_executable(${ARG_NAME} ${sources})
  target_include_directories(${ARG_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tools)
  target_compile_definitions(${ARG_NAME} PRIVATE XCS_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${ARG_NAME} PRIVATE xcsOptions ${ARG_LIBS} ${ARG_ROOMS})
endfunction()
