#include "services/iam/aws_policies.h"

#include "catalog/managed_policies.h"

namespace deputy::iam {

std::vector<directory::ManagedPolicy> aws_policies() {
  std::vector<directory::ManagedPolicy> policies;
  policies.reserve(catalog::aws_managed_policies().size());
  for (const catalog::AwsManagedPolicy& facts : catalog::aws_managed_policies()) {
    directory::ManagedPolicy& policy = policies.emplace_back();
    policy.aws = true;
    policy.id = UniqueId(std::string(facts.id));
    policy.path = facts.path;
    policy.name = facts.name;
    policy.created = from_epoch_seconds(facts.created);
    policy.updated = from_epoch_seconds(facts.updated);
    policy.versions.push_back(
        {.number = facts.version,
         .document = directory::PolicyText::compiled_on_use(std::string(facts.document), policy::Kind::kManaged),
         .created = policy.updated});
    policy.default_version = facts.version;
    policy.next_version = facts.version + 1;
  }
  return policies;
}

bool is_service_linked(const directory::ManagedPolicy& policy) {
  return policy.aws && policy.path == "/aws-service-role/";
}

}  // namespace deputy::iam
