# The library as a stranger meets it: installed, found, built against, run (tests/embed/install_test.sh).
if(CMAKE_CROSSCOMPILING)
  return()
endif()
add_test(NAME EmbedTest.InstalledLibraryServesAStranger
         COMMAND ${CMAKE_SOURCE_DIR}/tests/embed/install_test.sh ${CMAKE_BINARY_DIR} ${CMAKE_COMMAND})
set_tests_properties(EmbedTest.InstalledLibraryServesAStranger PROPERTIES
  TIMEOUT 300 SKIP_RETURN_CODE 77
  ENVIRONMENT "CC=${CMAKE_C_COMPILER};CXX=${CMAKE_CXX_COMPILER};SANITIZE=${DEPUTY_SANITIZE}")
