#include "services/iam/aws_policies.h"

#include "catalog/managed_policies.h"

namespace deputy::iam {

namespace {

std::string unpack(std::size_t index) { return catalog::aws_policy_document(catalog::aws_managed_policies()[index]); }

directory::ManagedPolicy made(std::size_t index) {
  const catalog::AwsManagedPolicy& facts = catalog::aws_managed_policies()[index];
  directory::ManagedPolicy policy;
  policy.aws = true;
  policy.id = UniqueId(std::string(facts.id));
  policy.path = facts.path();
  policy.name = facts.name();
  policy.created = from_epoch_seconds(facts.created);
  policy.updated = from_epoch_seconds(facts.updated);
  policy.versions.push_back({.number = facts.version,
                             .document = directory::PolicyText::unpacked_on_use(unpack, index, policy::Kind::kManaged),
                             .created = policy.updated});
  policy.default_version = facts.version;
  policy.next_version = facts.version + 1;
  return policy;
}

}  // namespace

directory::AwsPolicyFacts aws_policies() {
  return {.count = catalog::aws_managed_policies().size(),
          .path_and_name = [](std::size_t index) { return catalog::aws_managed_policies()[index].path_and_name(); },
          .make = made};
}

bool is_service_linked(const directory::ManagedPolicy& policy) {
  return policy.aws && policy.path == "/aws-service-role/";
}

}  // namespace deputy::iam
