// Which provider runs with the keys of a folder: at most one, and others can find it.
//
//   TRY(const Hold hold, Hold::take(folder));        // as long as it lives
//   TRY_VOID(write_running(folder, {"127.0.0.1:4567", issuers}));
//
//   lock     held by the kernel for the process that runs: it cannot outlive it, and names its number
//   issuers  where that listens, and for which issuers; of the last one, if none runs
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/files.h"
#include "identity_provider/issuer.h"

namespace deputy::identity_provider {

class Hold {
 public:
  /// Error: another process has it.
  static host::Outcome<Hold> take(const std::string& folder);

 private:
  explicit Hold(host::Descriptor lock) : lock_(std::move(lock)) {}
  host::Descriptor lock_;
};

/// The number of the process that has the folder; 0: none.
host::Outcome<int> holder_of(const std::string& folder);

struct Running {
  std::string address;  // HOST:PORT where it can be reached from this machine
  std::vector<Issuer> issuers;
};

host::Outcome<void> write_running(const std::string& folder, const Running& running);
/// Nothing: none has ever run.
host::Outcome<std::optional<Running>> read_running(const std::string& folder);

}  // namespace deputy::identity_provider
