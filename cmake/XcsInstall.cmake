# What `cmake --install` copies (docs/usage/install.md), in two components: `tools` has the programs with their manual pages and
# completions, `development` the rooms as static libraries with their headers, for find_package(XCS) and pkg-config.
if(XCS_SANITIZE)
  foreach(component tools development)
    install(CODE "message(FATAL_ERROR \"a build with sanitizers cannot be installed: take the preset release\")" COMPONENT ${component})
  endforeach()
  return()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(XCS_INSTALLED_TOOLS xcs xcsc xcs-run)
install(TARGETS ${XCS_INSTALLED_TOOLS} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)

# Manual pages and completions, written from what the programs print for `--help`.
find_program(XCS_PAGES_PYTHON NAMES /usr/bin/python3 python3)
mark_as_advanced(XCS_PAGES_PYTHON)
if(XCS_PAGES_PYTHON)
  set(pages ${CMAKE_BINARY_DIR}/share)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/pages/*.py)
  list(TRANSFORM XCS_INSTALLED_TOOLS PREPEND ${pages}/man/man1/ OUTPUT_VARIABLE files)
  list(TRANSFORM files APPEND .1)
  add_custom_command(
    OUTPUT ${files}
    COMMAND ${XCS_PAGES_PYTHON} -B ${CMAKE_SOURCE_DIR}/tools/pages/write_pages.py --bin ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} --out ${pages}
    DEPENDS ${XCS_INSTALLED_TOOLS} ${scripts}
    COMMENT "manual pages and completions"
    VERBATIM)
  add_custom_target(xcs-pages ALL DEPENDS ${files})
  install(DIRECTORY ${pages}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT tools)
  install(DIRECTORY ${pages}/bash/ DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tools)
  install(DIRECTORY ${pages}/zsh/ DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT tools)
  install(DIRECTORY ${pages}/fish/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tools)
else()
  message(STATUS "Without python3 there are no manual pages and no completions to install")
endif()

# The rooms: XCS::Api, XCS::Compiler, ...
get_property(rooms GLOBAL PROPERTY XCS_ROOMS)
foreach(room IN LISTS rooms)
  target_compile_features(${room} INTERFACE $<INSTALL_INTERFACE:cxx_std_20>)
endforeach()
install(TARGETS ${rooms} EXPORT XCSTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/xcs DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES ${XCS_GENERATED_INCLUDE}/xcs/Frontend/Operations.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xcs/Frontend
  COMPONENT development)

set(config ${CMAKE_INSTALL_LIBDIR}/cmake/XCS)
install(EXPORT XCSTargets NAMESPACE XCS:: DESTINATION ${config} COMPONENT development)
set(XCS_LINKED_LIBRARIES antlr4 re2 uv zlib zstd)
set(XCS_CURL_LIBRARY "")
if(XCS_LINK_CURL)
  list(APPEND XCS_LINKED_LIBRARIES curl)
  set(XCS_CURL_LIBRARY ${XCS_curl_LIBRARY})
endif()
# Where this build has them: a program outside looks there first.
set(XCS_LIBRARY_FILES "")
foreach(library IN LISTS XCS_LINKED_LIBRARIES)
  string(APPEND XCS_LIBRARY_FILES "_xcs_library(${library} \"${XCS_${library}_LIBRARY}\")\n")
endforeach()
set(XCS_DEVELOPMENT_PACKAGES llvm-${LLVM_VERSION_MAJOR}-dev libantlr4-runtime-dev libre2-dev libuv1-dev zlib1g-dev libzstd-dev)
if(XCS_LINK_CURL)
  list(APPEND XCS_DEVELOPMENT_PACKAGES libcurl4-openssl-dev)
else()
  list(APPEND XCS_DEVELOPMENT_PACKAGES libcurl4)
endif()
list(JOIN XCS_DEVELOPMENT_PACKAGES " " XCS_APT_PACKAGES)
configure_package_config_file(cmake/XCSConfig.cmake.in ${CMAKE_BINARY_DIR}/XCSConfig.cmake INSTALL_DESTINATION ${config})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/XCSConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/XCSConfig.cmake ${CMAKE_BINARY_DIR}/XCSConfigVersion.cmake DESTINATION ${config} COMPONENT development)

# The same targets for a project outside that takes the build itself: -DXCS_DIR=<this build>. `export` would ask for the house's own
# options as well, which such a project does not get.
set(targets "")
foreach(room IN LISTS rooms)
  get_target_property(libraries ${room} INTERFACE_LINK_LIBRARIES)
  list(FILTER libraries EXCLUDE REGEX BUILD_INTERFACE)
  list(REMOVE_ITEM libraries xcsOptions)
  list(TRANSFORM libraries REPLACE "[$]<LINK_ONLY:|>" "") # a static library needs what it links anyway
  list(TRANSFORM libraries REPLACE "^xcs([A-Z])" "XCS::\\1")
  get_target_property(name ${room} EXPORT_NAME)
  string(APPEND targets "add_library(XCS::${name} STATIC IMPORTED)\n"
    "set_target_properties(XCS::${name} PROPERTIES IMPORTED_LOCATION \"$<TARGET_FILE:${room}>\" INTERFACE_COMPILE_FEATURES cxx_std_20\n"
    "  INTERFACE_INCLUDE_DIRECTORIES \"${CMAKE_SOURCE_DIR}/include;${XCS_GENERATED_INCLUDE}\" INTERFACE_LINK_LIBRARIES \"${libraries}\")\n")
endforeach()
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/XCSTargets.cmake CONTENT "${targets}")

# pkg-config: a static library comes before those that it uses, so the rooms are in the opposite order of the root's list.
set(reversed ${rooms})
list(REVERSE reversed)
list(TRANSFORM reversed PREPEND -l)
list(JOIN reversed " " XCS_PC_ROOMS)
string(JOIN " " XCS_PC_LIBRARIES
  ${XCS_antlr4_LIBRARY} ${XCS_re2_LIBRARY} ${XCS_uv_LIBRARY} ${XCS_CURL_LIBRARY}
  ${LLVM_LIBRARY_DIR}/libLLVMSupport.a ${LLVM_LIBRARY_DIR}/libLLVMDemangle.a
  ${XCS_zlib_LIBRARY} ${XCS_zstd_LIBRARY} -lpthread -ldl -lrt -lm)
file(RELATIVE_PATH XCS_PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" XCS_PC_UP ${XCS_PC_UP})
list(JOIN LLVM_INCLUDE_DIRS " -I" XCS_PC_LLVM)
configure_file(cmake/xcs.pc.in ${CMAKE_BINARY_DIR}/xcs.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/xcs.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
