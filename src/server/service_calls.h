// AWS's control plane, spoken for by the operator: a service principal assumes a role through its trust policy. The
// decision is the pipeline's own (authz/, policy/), the operation is sts:AssumeRole itself, and the audit shows the
// call as CloudTrail shows a service's; only the caller did not come with a signature but through the operator's door.
//
// There is no other way to call as a service: the network port knows no such caller.
#pragma once

#include "protocol/admin/assume_role_as_service.h"
#include "server/pipeline.h"

namespace deputy::server {

class ServiceCalls {
 public:
  using Input = admin::shapes::AssumeRoleAsService::Input;
  using Output = admin::shapes::AssumeRoleAsService::Output;

  explicit ServiceCalls(const Rooms& rooms) : rooms_(rooms) {}

  /// With PassedBy, the principal that hands the role to the service must be allowed iam:PassRole first. [K-11]
  /// Errors: ValidationException (no service principal, no principal that could pass), those of sts:AssumeRole.
  [[nodiscard]] Result<Output> assume_role(const Input& in) const;

 private:
  const Rooms& rooms_;
};

}  // namespace deputy::server
