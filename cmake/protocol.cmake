# The generated half of the room protocol: shapes and tables from models/ (tools/generate), made when CMake configures
# and again whenever a model or the generator changes. Headers: #include "protocol/iam/create_role.h".
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(generated ${CMAKE_BINARY_DIR}/gen)
file(GLOB generator_inputs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/*.json ${CMAKE_SOURCE_DIR}/tools/codegen/*.py)
list(APPEND generator_inputs ${CMAKE_SOURCE_DIR}/tools/generate)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${generator_inputs})
execute_process(COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/generate ${generated} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "tools/generate failed")
endif()
file(GLOB_RECURSE generated_sources ${generated}/protocol/*.cpp)
target_sources(deputy_protocol PRIVATE ${generated_sources})
target_include_directories(deputy_protocol PUBLIC ${generated})
# Standard-layout or not, g++ and clang lay these plain structs out as offsetof expects.
set_source_files_properties(${generated_sources} PROPERTIES COMPILE_OPTIONS "-Wno-invalid-offsetof")
