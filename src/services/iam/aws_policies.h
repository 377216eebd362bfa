// The AWS managed policies as entities of the directory, for directory::Snapshot::empty().
#pragma once

#include "directory/aws_policies.h"

namespace deputy::iam {

/// All policies of catalog/managed_policies.h; the document of each is unpacked and compiled when it is first used.
/// INVARIANT: every document compiles (AwsPoliciesTest.EveryDocumentCompiles); one that did not would be left out, so
/// that a policy attached to somebody would not be found and refuse everything (authz/gather.h).
directory::AwsPolicyFacts aws_policies();

/// Whether only AWS attaches it, to the roles of its services.
bool is_service_linked(const directory::ManagedPolicy& policy);

}  // namespace deputy::iam
