// Which actions AWS's services have, so that somebody who mistyped one can be told. Facts of models/actions.json,
// generated into a table by the build. AWS adds some each week and takes any name in an identity policy [W-5], so an
// action that is not here is a reason to warn, never one to refuse.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::catalog {

struct ServiceActions {
  std::string_view prefix;  // "s3"
  std::string_view names;   // "AbortMultipartUpload … UpdateObjectEncryption", sorted, a blank between two
};

/// By prefix.
std::span<const ServiceActions> services_with_actions();
/// Null for a prefix that no service has; ignores case, as policies do [M-3].
const ServiceActions* find_service(std::string_view prefix);
/// "s3:AbortMultipartUpload", …
std::vector<std::string> actions_of(const ServiceActions& service);
/// Whether a pattern ("s3:Get*", "S3:getobject", "*") covers at least one action that is known here.
bool covers_an_action(std::string_view pattern);
/// The services that have an action of exactly this name, as "logs:PutLogEvents"; ignores case.
std::vector<std::string> actions_named(std::string_view name);

}  // namespace deputy::catalog
