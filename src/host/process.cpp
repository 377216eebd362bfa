#include "host/process.h"

#include <fcntl.h>
#include <nss.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

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

ProcessFigures process_figures() {
  ProcessFigures figures;
  rusage used = {};
  if (::getrusage(RUSAGE_SELF, &used) == 0) {
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    figures.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  std::uint64_t pages = 0, resident = 0;
  if (std::ifstream statm("/proc/self/statm"); statm >> pages >> resident) {
    figures.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  // /proc/self/fd is not ours to read once keep_memory_private() was called.
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t kMostLookedAt = 65'536;
  for (rlim_t fd = 0; fd < std::min(limit.rlim_cur, kMostLookedAt); ++fd) {
    if (::fcntl(static_cast<int>(fd), F_GETFD) != -1) ++figures.descriptors;
  }
  return figures;
}

}  // namespace deputy::host
