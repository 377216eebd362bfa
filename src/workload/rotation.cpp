#include "workload/rotation.h"

#include <algorithm>

namespace deputy::workload {

std::string role_name(const std::string& role_arn) { return role_arn.substr(role_arn.rfind('/') + 1); }

std::chrono::milliseconds ahead_of_end(const Credentials& credentials) {
  using std::chrono::minutes;
  const std::chrono::milliseconds least = minutes(5), most = minutes(20);
  return std::clamp<std::chrono::milliseconds>((credentials.expires - credentials.issued) / 4, least, most);
}

Result<Credentials, Refusal> Rotation::get(const std::string& role_arn) {
  if (held_ && held_->role_arn != role_arn) held_.reset();
  const auto now = source_.now();
  if (!now) {
    if (held_) return *held_;
    return now.error();
  }
  if (held_ && *now + ahead_of_end(*held_) < held_->expires) return *held_;
  auto fresh = source_.assume(role_arn);
  if (fresh) {
    held_ = *fresh;
    return fresh;
  }
  if (held_ && *now < held_->expires) return *held_;
  held_.reset();
  return fresh;
}

}  // namespace deputy::workload
