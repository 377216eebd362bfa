// What credentials may call at all. That IAM takes no sessions of users without MFA is said where they are identified,
// as AWS does (authn/signature/checks_query.cpp).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
#include <fmt/format.h>

#include "authz/authorize.h"

namespace deputy::authz {

using directory::Caller;
using directory::Session;

namespace {

Error cannot_call(std::string_view operation) {
  return {"AccessDenied", 403, "Cannot call " + std::string(operation) + " with session credentials"};
}

Result<void> admit_to_sts(std::string_view operation, const Caller& caller) {
  if (operation == "AssumeRole" && caller.kind == Caller::Kind::kRoot) {
    return Error("AccessDenied", 403, "Roles may not be assumed by root accounts.");
  }
  constexpr std::string_view kScope = "GetScopedCredentials";  // for temporary credentials, whichever they are
  if (!caller.session || operation == "GetCallerIdentity") return {};
  switch (caller.session->kind) {
    case Session::Kind::kRole:
      if (operation == "GetSessionToken" || operation == "GetFederationToken") return cannot_call(operation);
      return {};
    case Session::Kind::kUser:
    case Session::Kind::kRoot:
      if (operation != "AssumeRole" && operation != "GetWebIdentityToken" && operation != kScope) {
        return cannot_call(operation);
      }
      return {};
    case Session::Kind::kFederatedUser:
      if (operation == kScope) return {};
      if (operation == "GetWebIdentityToken") {
        return Error("AccessDenied", 403, "GetWebIdentityToken does not support federated user sessions");
      }
      return cannot_call(operation);
    case Session::Kind::kAssumedRoot:
      return cannot_call(operation);
  }
  return cannot_call(operation);
}

}  // namespace

Result<void> admit(std::string_view service, std::string_view operation, const Caller& caller) {
  if (service == "sts") return admit_to_sts(operation, caller);
  return {};
}

}  // namespace deputy::authz
