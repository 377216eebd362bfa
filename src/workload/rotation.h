// Credentials that are always good for a while: kept until shortly before they end, then replaced.
#pragma once

#include <optional>
#include <string>

#include "workload/source.h"

namespace deputy::workload {

class Rotation {
 public:
  explicit Rotation(Source& source) : source_(source) {}

  /// Of that role: the ones at hand, or new ones if those end soon or are another role's. If the server refuses new
  /// ones, the old ones go on as long as they last, as on AWS: a workload does not stop because its role is being
  /// mended.
  Result<Credentials, Refusal> get(const std::string& role_arn);

 private:
  Source& source_;
  std::optional<Credentials> held_;
};

/// How long before their end credentials are replaced: a quarter of their life, but no less than the five minutes that
/// AWS promises and no more than twenty, so that an SDK that looks a quarter of an hour ahead finds new ones.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
std::chrono::milliseconds ahead_of_end(const Credentials& credentials);

}  // namespace deputy::workload
