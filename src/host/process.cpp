#include "host/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace deputy::host {

// Neither call can fail with these arguments.

void keep_memory_private() { ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

void forbid_core_files() {
  constexpr rlimit kNone{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &kNone);
}

}  // namespace deputy::host
