#include "host/process.h"

#include <nss.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "host/log.h"

namespace deputy::host {

// Neither call can fail with these arguments.

void keep_memory_private() { ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

void forbid_core_files() {
  constexpr rlimit kNone{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &kNone);
}

void look_up_names_without_plugins() {
#ifdef DEPUTY_STATIC
  // glibc would load another glibc's plugins, and with them that glibc, into this process.
  if (::__nss_configure_lookup("hosts", "files dns") != 0) log::warning("names: {}", std::strerror(errno));
#endif
}

}  // namespace deputy::host
