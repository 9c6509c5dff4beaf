# Compiler settings for every room, tool and test.

option(XCS_TESTS "Build the tests" ON)
option(XCS_PYTHON_PACKAGE "Fail where the Python package cannot be built, and build nothing else by default" OFF)
option(XCS_FUZZ "Build test/fuzz/*.cpp with libFuzzer (clang only) instead of as corpus runners" OFF)
option(XCS_LINK_CURL "Link libcurl, which every process then loads when it starts, instead of opening it for the first request" OFF)
option(XCS_WERROR "Treat warnings as errors" ON)
set(XCS_SANITIZE "" CACHE STRING "Sanitizers to build with, as in -fsanitize=: address,undefined or thread")

# The plan file and the digests are defined as little-endian bytes that are mapped, not decoded.
if(NOT CMAKE_CXX_BYTE_ORDER STREQUAL "LITTLE_ENDIAN")
  message(FATAL_ERROR "XCS needs a little-endian machine; this one is ${CMAKE_CXX_BYTE_ORDER}")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# The rooms are linked into the tools and into the Python package's extension module alike. Hidden names cost nothing in either, and
# keep another library of the same process from meeting ours.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

find_program(XCS_CCACHE ccache)
if(XCS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the source folder, so that a second checkout of the same text hits the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${XCS_CCACHE})
endif()

# Rooms that are COUNTED (XcsRoom.cmake) count their work in a plain debug build.
set(XCS_COUNT_WORK OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT XCS_SANITIZE)
  set(XCS_COUNT_WORK ON)
endif()

add_library(xcsOptions INTERFACE)
target_compile_options(xcsOptions INTERFACE
  -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wundef
  $<$<BOOL:${XCS_WERROR}>:-Werror>
  # Both warn about correct std::string and std::optional code in g++ 12 (GCC PR105651, PR105593).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized>
  # std::stable_sort of libstdc++ 12 calls its own deprecated get_temporary_buffer, which clang blames on the caller.
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-deprecated-declarations>
  -ffunction-sections -fdata-sections)
target_link_options(xcsOptions INTERFACE -Wl,--gc-sections -Wl,--as-needed)
target_include_directories(xcsOptions INTERFACE ${CMAKE_SOURCE_DIR}/include)

if(XCS_SANITIZE)
  # The check of dynamic types reads memory through a pipe of its own, and calls every object a wrong one where the process has no
  # descriptor left, which tests bring about. The sanitizer of addresses finds objects that are gone.
  if(XCS_SANITIZE MATCHES "undefined")
    set(XCS_NO_SANITIZE -fno-sanitize=vptr)
  endif()
  target_compile_options(xcsOptions INTERFACE
    -fsanitize=${XCS_SANITIZE} ${XCS_NO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(xcsOptions INTERFACE -fsanitize=${XCS_SANITIZE})
else()
  # A shared libstdc++ costs 0.7 ms of a 3 ms start-up (docs/performance.md). An extension module shares its process with other users of
  # it, and links shared libraries that throw.
  set(isProgram $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
  target_link_options(xcsOptions INTERFACE $<${isProgram}:-static-libstdc++> $<${isProgram}:-static-libgcc>)
endif()

if(XCS_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "XCS_FUZZ needs clang; configure with --preset fuzz")
  endif()
  target_compile_options(xcsOptions INTERFACE -fsanitize=fuzzer-no-link)
endif()
