// When a key, a user or a role was last used, and where: what GetAccessKeyLastUsed, RoleLastUsed and the reports of last
// uses tell.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceLastAccessed.html
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace deputy::directory {

struct ActionUse {
  std::string name;  // "CreateUser"
  Time when;
  std::string region;
  friend bool operator==(const ActionUse&, const ActionUse&) = default;
};

struct ServiceUse {
  std::string name;  // "iam"
  Time when;
  std::string region;
  std::vector<ActionUse> actions;  // by name
  friend bool operator==(const ServiceUse&, const ServiceUse&) = default;
};

struct LastUse {
  Time when;
  std::string region, service;            // service: "iam"; empty for users and roles
  std::vector<ServiceUse> services = {};  // by name; of users and roles
  friend bool operator==(const LastUse&, const LastUse&) = default;
};

}  // namespace deputy::directory
