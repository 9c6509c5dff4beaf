# Every library XCS stands on, as imported targets named xcs::<library>. A missing one is named with its Debian package, all at once.

set(XCS_MISSING "")

# One imported target from a header and, where there is one, a library. Static libraries come first in LIBRARY: each shared one costs
# start-up time.
function(xcs_dependency name)
  cmake_parse_arguments(ARG "OPTIONAL" "PACKAGE;HEADER" "LIBRARY;SUFFIXES" ${ARGN})
  find_path(XCS_${name}_INCLUDE ${ARG_HEADER} PATH_SUFFIXES ${ARG_SUFFIXES})
  set(found ${XCS_${name}_INCLUDE})
  if(ARG_LIBRARY)
    find_library(XCS_${name}_LIBRARY NAMES ${ARG_LIBRARY})
    mark_as_advanced(XCS_${name}_LIBRARY)
    if(NOT XCS_${name}_LIBRARY)
      set(found NO)
    endif()
  endif()
  mark_as_advanced(XCS_${name}_INCLUDE)
  if(NOT found)
    if(NOT ARG_OPTIONAL)
      set(XCS_MISSING ${XCS_MISSING} ${ARG_PACKAGE} PARENT_SCOPE)
    endif()
    return()
  endif()
  add_library(xcs::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(xcs::${name} SYSTEM INTERFACE ${XCS_${name}_INCLUDE})
  if(ARG_LIBRARY)
    target_link_libraries(xcs::${name} INTERFACE ${XCS_${name}_LIBRARY})
  endif()
endfunction()

function(xcs_program name package)
  find_program(XCS_${name} NAMES ${ARGN})
  if(NOT XCS_${name})
    set(XCS_MISSING ${XCS_MISSING} ${package} PARENT_SCOPE)
  endif()
endfunction()

find_package(Threads REQUIRED)

xcs_dependency(antlr4 PACKAGE libantlr4-runtime-dev HEADER antlr4-runtime.h SUFFIXES antlr4-runtime
               LIBRARY libantlr4-runtime.a antlr4-runtime)
xcs_dependency(curl PACKAGE libcurl4-openssl-dev HEADER curl/curl.h LIBRARY curl)
xcs_dependency(uv PACKAGE libuv1-dev HEADER uv.h LIBRARY libuv_a.a uv)
xcs_dependency(rapidjson PACKAGE rapidjson-dev HEADER rapidjson/reader.h)
xcs_dependency(flatbuffers PACKAGE libflatbuffers-dev HEADER flatbuffers/flatbuffers.h)
xcs_dependency(xxhash PACKAGE libxxhash-dev HEADER xxhash.h)
xcs_dependency(zlib PACKAGE zlib1g-dev HEADER zlib.h LIBRARY z)
xcs_dependency(zstd PACKAGE libzstd-dev HEADER zstd.h LIBRARY zstd)
xcs_dependency(tbb OPTIONAL PACKAGE libtbb-dev HEADER oneapi/tbb.h LIBRARY tbb)
xcs_program(FLATC flatbuffers-compiler flatc)
xcs_program(ANTLR4_TOOL antlr4 antlr4)
if(XCS_TESTS)
  xcs_dependency(simdjson PACKAGE libsimdjson-dev HEADER simdjson.h LIBRARY libsimdjson.a simdjson)
  xcs_dependency(http_parser PACKAGE libhttp-parser-dev HEADER http_parser.h LIBRARY libhttp_parser.a http_parser)
  xcs_dependency(gtest PACKAGE libgtest-dev HEADER gtest/gtest.h LIBRARY libgtest.a gtest)
  xcs_dependency(gmock PACKAGE libgmock-dev HEADER gmock/gmock.h LIBRARY libgmock.a gmock)
  xcs_dependency(gtest_main PACKAGE libgtest-dev HEADER gtest/gtest.h LIBRARY libgtest_main.a gtest_main)
  xcs_dependency(rapidcheck OPTIONAL PACKAGE librapidcheck-dev HEADER rapidcheck.h LIBRARY rapidcheck)
  # The distribution's own first: lit's time limit needs python3-psutil, which is installed there.
  xcs_program(PYTHON python3 /usr/bin/python3 python3)
endif()

find_package(LLVM 19.1 CONFIG QUIET PATHS /usr/lib/llvm-19/lib/cmake/llvm /usr/lib/llvm-19/cmake)
if(NOT LLVM_FOUND)
  list(APPEND XCS_MISSING llvm-19-dev llvm-19-tools)
endif()

if(XCS_MISSING)
  list(REMOVE_DUPLICATES XCS_MISSING)
  list(JOIN XCS_MISSING " " packages)
  message(FATAL_ERROR "XCS needs libraries or programs that are not installed; on Debian or Ubuntu: apt-get install ${packages}")
endif()

# Two archives instead of libLLVM.so: the shared library costs 21 ms a start, these 1.6 ms (docs/performance.md).
add_library(xcs::llvm INTERFACE IMPORTED GLOBAL)
target_include_directories(xcs::llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(xcs::llvm INTERFACE
  ${LLVM_LIBRARY_DIR}/libLLVMSupport.a ${LLVM_LIBRARY_DIR}/libLLVMDemangle.a
  xcs::zlib xcs::zstd Threads::Threads ${CMAKE_DL_LIBS} rt m)
target_link_libraries(xcs::uv INTERFACE Threads::Threads ${CMAKE_DL_LIBS} rt)
target_link_libraries(xcs::antlr4 INTERFACE Threads::Threads)
if(XCS_TESTS)
  target_link_libraries(xcs::gmock INTERFACE xcs::gtest)
  target_link_libraries(xcs::gtest INTERFACE Threads::Threads)
  target_link_libraries(xcs::gtest_main INTERFACE xcs::gtest)
endif()

include(XcsAntlr)
