// What the process may do and leave behind.
#pragma once

#include <cstdint>

namespace deputy::host {

/// A crash leaves no core dump, and nobody but root may look into the memory of this process (ptrace(2),
/// /proc/PID/mem): it holds keys. A program that this one becomes (execve) has its own memory and may again.
void keep_memory_private();

/// The same for what is started from here, too: no core file at all (RLIMIT_CORE).
void forbid_core_files();

/// Before the first look-up of a name. A static program cannot load the system's plugins for it (nsswitch.conf(5) names
/// them): it asks what it has itself, /etc/hosts and DNS. Changes nothing in any other program.
void look_up_names_without_plugins();

/// What it uses, as the system says.
struct ProcessFigures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t descriptors = 0;  // open ones
};
ProcessFigures process_figures();

}  // namespace deputy::host
