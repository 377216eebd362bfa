// When a key or a role was last used, and where: what GetAccessKeyLastUsed and RoleLastUsed tell.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
#pragma once

#include <string>

#include "base/time.h"

namespace deputy::directory {

struct LastUse {
  Time when;
  std::string region, service;  // service: "iam"; empty for roles
  friend bool operator==(const LastUse&, const LastUse&) = default;
};

}  // namespace deputy::directory
