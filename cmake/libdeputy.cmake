# libdeputy: the rooms base, policy and embed as one shared and one static library, with what `cmake --install
# --component libdeputy` puts beside them: headers, CMake package (find_package(deputy), deputy::deputy and
# deputy::deputy-static), pkg-config file.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The SONAME counts changes of the ABI, not releases: include/deputy/deputy.h says what may not change.
set(DEPUTY_ABI 1)

target_include_directories(deputy_embed PUBLIC ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(deputy_embed PRIVATE DEPUTY_VERSION="${PROJECT_VERSION}")
set_target_properties(deputy_base deputy_policy deputy_embed PROPERTIES CXX_VISIBILITY_PRESET hidden
                                                                        VISIBILITY_INLINES_HIDDEN ON)

# base/ and policy/ are pure: the library needs the C++ runtime only.
set(libdeputy_objects $<TARGET_OBJECTS:deputy_embed> $<TARGET_OBJECTS:deputy_policy> $<TARGET_OBJECTS:deputy_base>)
set(libdeputy_map ${CMAKE_SOURCE_DIR}/src/embed/libdeputy.map)
add_library(libdeputy SHARED ${libdeputy_objects})
add_library(libdeputy_static STATIC ${libdeputy_objects})
target_link_options(libdeputy PRIVATE -Wl,--version-script=${libdeputy_map})
set_target_properties(libdeputy PROPERTIES OUTPUT_NAME deputy EXPORT_NAME deputy VERSION ${DEPUTY_ABI}.0.0
                                           SOVERSION ${DEPUTY_ABI} LINK_DEPENDS ${libdeputy_map})
set_target_properties(libdeputy_static PROPERTIES OUTPUT_NAME deputy EXPORT_NAME deputy-static)
if(NOT DEPUTY_SANITIZE)
  target_link_options(libdeputy PRIVATE -Wl,-z,defs)
endif()
foreach(library libdeputy libdeputy_static)
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX)
  target_compile_features(${library} INTERFACE cxx_std_17)
  target_include_directories(${library} INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/deputy)
install(TARGETS libdeputy libdeputy_static EXPORT deputyTargets COMPONENT libdeputy)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/deputy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT libdeputy)
install(EXPORT deputyTargets NAMESPACE deputy:: DESTINATION ${package_folder} COMPONENT libdeputy)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/deputyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/deputyConfig.cmake ${CMAKE_BINARY_DIR}/deputyConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT libdeputy)

# From where the .pc file lies to the prefix, so that the tree may be moved.
file(RELATIVE_PATH DEPUTY_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" DEPUTY_PC_PREFIX ${DEPUTY_PC_PREFIX})
configure_file(${CMAKE_SOURCE_DIR}/cmake/deputy.pc.in ${CMAKE_BINARY_DIR}/deputy.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/deputy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libdeputy)
