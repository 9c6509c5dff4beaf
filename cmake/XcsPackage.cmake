# `cpack` in the build folder makes two Debian packages: xcs (the tools) and xcs-dev (the libraries).
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME xcs)
set(CPACK_PACKAGE_VENDOR "XCS")
set(CPACK_PACKAGE_CONTACT "The authors of XCS <xcs@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler and runtime for programs whose operations mostly wait")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL tools development)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME xcs)
set(CPACK_DEBIAN_TOOLS_DESCRIPTION
  "xcs compiles and runs programs in XIR; xcsc compiles them to plans, which xcs-run executes.")
# dpkg-shlibdeps names the libraries that the tools are linked with. libcurl is opened by the first run that sends requests, which
# no such program can see.
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "")
if(NOT XCS_LINK_CURL)
  set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS libcurl4)
endif()
find_program(XCS_SHLIBDEPS dpkg-shlibdeps)
find_program(XCS_FILE_PROGRAM file) # which CPack asks for what is a program
mark_as_advanced(XCS_SHLIBDEPS XCS_FILE_PROGRAM)
if(XCS_SHLIBDEPS AND XCS_FILE_PROGRAM)
  set(CPACK_DEBIAN_TOOLS_PACKAGE_SHLIBDEPS ON)
else()
  list(PREPEND CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS libc6 zlib1g)
  list(JOIN CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS ", " CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS)
endif()

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME xcs-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
  "The rooms of XCS as static libraries, with their headers, for CMake and pkg-config.")
list(JOIN XCS_DEVELOPMENT_PACKAGES ", " depends)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${depends}")
include(CPack)
