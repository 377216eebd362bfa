# DEPUTY_STATIC: a program that asks the system for a kernel and nothing else (docs/dependencies.md says from where each library
# comes). Included twice: before the libraries are looked for, and after it.
set(DEPUTY_PACKAGE_LIBS ${CMAKE_SOURCE_DIR}/build/package-libs)  # by scripts/package-libs
if(NOT DEPUTY_STATIC_PREPARED)
  set(DEPUTY_STATIC_PREPARED TRUE)
  if(NOT EXISTS ${DEPUTY_PACKAGE_LIBS}/lib/.xmlsec1)
    message(FATAL_ERROR "build/package-libs is not there: run scripts/package")
  endif()
  set(OPENSSL_USE_STATIC_LIBS TRUE)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  set(CMAKE_SKIP_RPATH TRUE)  # glibc starts no static program that has one
  set(ENV{PKG_CONFIG_PATH} ${DEPUTY_PACKAGE_LIBS}/lib/pkgconfig)
  string(APPEND CMAKE_EXE_LINKER_FLAGS " -static-pie")
  return()
endif()

# Targets that Debian's packages name as shared libraries: the same version, as an archive.
function(deputy_archive TARGET NAME)
  get_target_property(configurations ${TARGET} IMPORTED_CONFIGURATIONS)
  foreach(configuration ${configurations})
    set_target_properties(${TARGET} PROPERTIES IMPORTED_LOCATION_${configuration} ${DEPUTY_PACKAGE_LIBS}/lib/lib${NAME}.a)
  endforeach()
endfunction()
deputy_archive(fmt::fmt fmt)
deputy_archive(simdjson::simdjson simdjson)
set_target_properties(pugixml::pugixml PROPERTIES INTERFACE_LINK_LIBRARIES pugixml::static)
set_target_properties(PkgConfig::qrencode PROPERTIES INTERFACE_LINK_LIBRARIES ${DEPUTY_PACKAGE_LIBS}/lib/libqrencode.a)
set(XMLSEC_ARCHIVES ${DEPUTY_PACKAGE_LIBS}/lib/libxmlsec1-openssl.a ${DEPUTY_PACKAGE_LIBS}/lib/libxmlsec1.a
                    ${DEPUTY_PACKAGE_LIBS}/lib/libxml2.a OpenSSL::Crypto)
