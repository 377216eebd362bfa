// Amazon Resource Names: arn:partition:service:region:account:resource.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/account_id.h"

namespace deputy {

/// The six fields of an ARN, as views into the text that was split. The resource is everything after the fifth colon.
struct Arn {
  std::string_view partition, service, region, account, resource;

  /// Nothing unless the text starts with "arn:" and has at least six fields. Fields may be empty.
  static std::optional<Arn> split(std::string_view text);
};

/// arn:aws:iam::<account>:<type><path><name>, for type "user", "role", "group", "policy". `path` begins and ends with
/// /.
std::string iam_arn(const AccountId& account, std::string_view type, std::string_view path, std::string_view name);
/// arn:aws:iam::<account>:root
std::string root_arn(const AccountId& account);
/// arn:aws:sts::<account>:assumed-role/<role name, no path>/<session name>
std::string assumed_role_arn(const AccountId& account, std::string_view role_name, std::string_view session_name);
/// arn:aws:sts::<account>:federated-user/<name>
std::string federated_user_arn(const AccountId& account, std::string_view name);

}  // namespace deputy
