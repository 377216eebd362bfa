# The generated half of the room catalog: the AWS managed policies of models/managed-policies/ as one table
# (tools/generate-managed-policies) with their documents packed, made again whenever one of them changes.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
file(GLOB managed_policies CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/managed-policies/*.json)
set(generated ${CMAKE_BINARY_DIR}/gen/catalog/managed_policies.cpp)
add_custom_command(
  OUTPUT ${generated}
  COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/generate-managed-policies ${generated}
  DEPENDS ${managed_policies} ${CMAKE_SOURCE_DIR}/tools/generate-managed-policies
  COMMENT "Generating the table of AWS managed policies"
  VERBATIM)
target_sources(deputy_catalog PRIVATE ${generated})
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS "-Wno-overlength-strings;-fconstexpr-steps=100000000")
endif()

# And the table of all services' actions, of models/actions.json.
set(generated ${CMAKE_BINARY_DIR}/gen/catalog/actions_table.cpp)
add_custom_command(
  OUTPUT ${generated}
  COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/generate-actions ${generated}
  DEPENDS ${CMAKE_SOURCE_DIR}/models/actions.json ${CMAKE_SOURCE_DIR}/tools/generate-actions
  COMMENT "Generating the table of actions"
  VERBATIM)
target_sources(deputy_catalog PRIVATE ${generated})
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS "-Wno-overlength-strings;-fconstexpr-steps=100000000")
endif()
