// Where a workload's credentials come from: the server, behind whatever line leads there.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace deputy::workload {

/// Temporary credentials of a role session.
struct Credentials {
  std::string access_key_id, secret_access_key, session_token;
  std::string role_arn;
  Time issued, expires;
};

/// Why there are none: the server's code and sentence.
struct Refusal {
  std::string code, message;
};

/// What an instance carries: its profile, and the role in it.
struct Profile {
  std::string arn, id;   // empty: the instance was given a role without a profile
  std::string role_arn;  // empty: the profile is empty
};

/// Called from one thread at a time; may wait for the server.
class Source {
 public:
  virtual ~Source() = default;
  /// The server's time, by which credentials end.
  virtual Result<Time, Refusal> now() = 0;
  virtual Result<Profile, Refusal> profile() = 0;
  /// A new session of the role.
  virtual Result<Credentials, Refusal> assume(const std::string& role_arn) = 0;
};

/// The name at the end of a role's ARN; empty if there is none.
std::string role_name(const std::string& role_arn);

}  // namespace deputy::workload
