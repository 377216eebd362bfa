// What the process may do and leave behind.
#pragma once

namespace deputy::host {

/// A crash leaves no core dump, and nobody but root may look into the memory of this process (ptrace(2),
/// /proc/PID/mem): it holds keys. A program that this one becomes (execve) has its own memory and may again.
void keep_memory_private();

/// The same for what is started from here, too: no core file at all (RLIMIT_CORE).
void forbid_core_files();

}  // namespace deputy::host
