// "Active" and "Inactive": what a user's keys, certificates and credentials are switched to. The models know "Expired"
// too, to which nobody can set one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "services/iam/errors.h"

namespace deputy::iam {

inline std::string shown_status(bool active) { return active ? "Active" : "Inactive"; }

/// Error: ValidationError ("Expired").
inline Result<bool> wanted_status(std::string_view status) {
  if (status != "Active" && status != "Inactive") return errors::access_key_status_is_not_set();
  return status == "Active";
}

}  // namespace deputy::iam
