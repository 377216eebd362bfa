# find_package(deputy): the targets deputy::deputy (shared) and deputy::deputy-static.
include("${CMAKE_CURRENT_LIST_DIR}/deputyTargets.cmake")
