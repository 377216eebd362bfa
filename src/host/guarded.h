// For threads that work for many: what one piece of work throws costs that piece, not the process.
//
//   guarded("an answer", [&] { done(std::move(outcome)); });
//
// Nothing of ours throws on purpose; what arrives here is memory that ran out, or a defect.
#pragma once

#include <exception>
#include <string_view>

#include "host/log.h"

namespace deputy {

/// True: `work` came to its end. Else it is logged, as `what`, with what was thrown.
template <class Work>
bool guarded(std::string_view what, Work&& work) noexcept {
  const auto note = [&](std::string_view why) noexcept {
    try {
      log::error("{} failed: {}", what, why);
    } catch (...) {  // NOLINT(bugprone-empty-catch): not even a line could be made
    }
  };
  try {
    work();
    return true;
  } catch (const std::exception& thrown) {
    note(thrown.what());
  } catch (...) {
    note("something was thrown");
  }
  return false;
}

}  // namespace deputy
