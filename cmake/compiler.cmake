# What holds for every target: warnings are errors, sections are collected, ccache where it is installed.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
add_compile_options(-ffunction-sections -fdata-sections -fno-omit-frame-pointer)
add_link_options(-Wl,--gc-sections -Wl,--as-needed)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Both are false alarms of g++ 12: inlined std::string code, and coroutine frames.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_GLIBCXX_ASSERTIONS=1)
  add_compile_options(-fstack-protector-strong)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
if(DEPUTY_FUZZ)
  # The rooms tell the fuzzer which of their lines it reached: without it, it mutates blindly.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(DEPUTY_SANITIZE)
  add_compile_options(-fsanitize=${DEPUTY_SANITIZE} -fno-sanitize-recover=all -O1 -g)
  add_link_options(-fsanitize=${DEPUTY_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio under the sanitizers of g++ 12: its coroutine frames come from its own allocator, and the thread sanitizer
    # does not model its fences.
    add_compile_options(-Wno-mismatched-new-delete -Wno-tsan)
  else()
    # clang 14 cannot assemble a coroutine with this check's data before it.
    add_compile_options(-fno-sanitize=function)
  endif()
endif()
