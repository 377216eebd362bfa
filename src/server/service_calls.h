// AWS's control plane, spoken for by the operator: a service principal assumes a role through its trust policy. The call
// runs as every call does (server/run.h), the operation is sts:AssumeRole itself, and the trail shows it as CloudTrail
// shows a service's; only the caller did not come with a signature but through the operator's door.
//
// There is no other way to call as a service: the network port knows no such caller.
#pragma once

#include "protocol/admin/assume_role_as_service.h"
#include "server/run.h"

namespace deputy::server {

class ServiceCalls {
 public:
  using Input = admin::shapes::AssumeRoleAsService::Input;
  using Output = admin::shapes::AssumeRoleAsService::Output;

  /// Both outlive this.
  ServiceCalls(const Rooms& rooms, const Run& run) : rooms_(rooms), run_(run) {}

  /// With PassedBy, the principal that hands the role to the service must be allowed iam:PassRole first. [K-11]
  /// Errors: ValidationException (no service principal, no principal that could pass), those of sts:AssumeRole.
  void assume_role(const Input& in, http::Responder respond) const;

 private:
  const Rooms& rooms_;
  const Run& run_;
};

}  // namespace deputy::server
