// Service-linked roles: docs/wire.md, 5.2 and 5.6.
#include "catalog/service_linked_roles.h"
#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_service_linked_role.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/delete_service_linked_role.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/get_service_linked_role_deletion_status.h"
#include "protocol/iam/list_attached_role_policies.h"
#include "protocol/iam/put_role_permissions_boundary.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/tag_role.h"
#include "protocol/iam/update_assume_role_policy.h"
#include "protocol/iam/update_role.h"
#include "protocol/iam/update_role_description.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kName = "AWSServiceRoleForElasticLoadBalancing";
constexpr const char* kProtected =
    "Cannot perform the operation on the protected role 'AWSServiceRoleForElasticLoadBalancing' - this role is only "
    "modifiable by AWS";

class ServiceLinkedRolesTest : public testing::Test {
 protected:
  shapes::Role create(const std::string& service = "elasticloadbalancing.amazonaws.com") {
    return world.must<shapes::CreateServiceLinkedRole>({.aws_service_name = service}).role.value();
  }
  std::string remove() { return world.must<shapes::DeleteServiceLinkedRole>({.role_name = kName}).deletion_task_id; }
  auto status(const std::string& task, const Who& who = {}) {
    return world.call<shapes::GetServiceLinkedRoleDeletionStatus>({.deletion_task_id = task}, who);
  }
  template <class Op>
  testing::AssertionResult unmodifiable(const typename Op::Input& in) {
    return refused(world.call<Op>(in), "UnmodifiableEntity", 400, kProtected);
  }

  World world;
};

TEST_F(ServiceLinkedRolesTest, HaveThePathTheNameTheTrustAndThePolicyOfTheirService) {
  const auto role = create();
  EXPECT_EQ(role.arn, arn("role/aws-service-role/elasticloadbalancing.amazonaws.com/" + std::string(kName)));
  EXPECT_EQ(role.path, "/aws-service-role/elasticloadbalancing.amazonaws.com/");
  EXPECT_EQ(role.role_name, kName);
  EXPECT_EQ(role.assume_role_policy_document,
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":)"
            R"("elasticloadbalancing.amazonaws.com"},"Action":"sts:AssumeRole"}]})");
  const auto attached = world.must<shapes::ListAttachedRolePolicies>({.role_name = kName}).attached_policies;
  ASSERT_TRUE(attached && attached->size() == 1);
  EXPECT_EQ(attached->front().policy_arn,
            "arn:aws:iam::aws:policy/aws-service-role/AWSElasticLoadBalancingServiceRolePolicy");
}

TEST_F(ServiceLinkedRolesTest, EveryServiceThatHasOneGetsItWithItsPolicyAndItsSuffixes) {
  EXPECT_GE(catalog::service_linked_roles().size(), 271U);
  for (const catalog::ServiceLinkedRole& known : catalog::service_linked_roles()) {
    const std::string service(known.service), name(known.role);
    EXPECT_EQ(create(service).arn, arn("role/aws-service-role/" + service + "/" + name)) << service;
    const auto attached = world.must<shapes::ListAttachedRolePolicies>({.role_name = name}).attached_policies;
    ASSERT_TRUE(attached && attached->size() == 1) << service;
    EXPECT_NE(world.snapshot().policy_by_arn(*attached->front().policy_arn), nullptr) << service;
    const auto more =
        world.call<shapes::CreateServiceLinkedRole>({.aws_service_name = service, .custom_suffix = "blue"});
    if (known.custom_suffix) {
      EXPECT_TRUE(more.ok()) << service;
    } else {
      EXPECT_TRUE(refused(more, "InvalidInput", 400, "Custom suffix is not allowed for " + service));
    }
  }
}

TEST_F(ServiceLinkedRolesTest, AreAskedForWithTheirService) {
  const auto needs = world.accesses<shapes::CreateServiceLinkedRole>({.aws_service_name = "ecs.amazonaws.com"});
  ASSERT_EQ(needs.size(), 1U);
  EXPECT_EQ(needs[0].resource, arn("role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"));
  EXPECT_EQ(key(needs[0], policy::Key::kIamAwsServiceName), "ecs.amazonaws.com");
}

TEST_F(ServiceLinkedRolesTest, ExistOnceUnlessTheirServiceTakesSuffixes) {
  create();
  EXPECT_TRUE(refused(
      world.call<shapes::CreateServiceLinkedRole>({.aws_service_name = "elasticloadbalancing.amazonaws.com"}),
      "InvalidInput", 400,
      "Service role name AWSServiceRoleForElasticLoadBalancing has been taken in this account, please try a different "
      "suffix."));
  EXPECT_TRUE(refused(
      world.call<shapes::CreateServiceLinkedRole>({.aws_service_name = "ecs.amazonaws.com", .custom_suffix = "blue"}),
      "InvalidInput", 400, "Custom suffix is not allowed for ecs.amazonaws.com"));
  create("autoscaling.amazonaws.com");
  const auto second = world
                          .must<shapes::CreateServiceLinkedRole>(
                              {.aws_service_name = "autoscaling.amazonaws.com", .custom_suffix = "blue"})
                          .role.value();
  EXPECT_EQ(second.role_name, "AWSServiceRoleForAutoScaling_blue");
  EXPECT_TRUE(refused(world.call<shapes::CreateServiceLinkedRole>({.aws_service_name = "no.amazonaws.com"}),
                      "InvalidInput", 400, "Service Linked Role not supported for no.amazonaws.com"));
}

TEST_F(ServiceLinkedRolesTest, CannotBeModified) {
  create();
  EXPECT_TRUE(unmodifiable<shapes::DeleteRole>({.role_name = kName}));
  EXPECT_TRUE(unmodifiable<shapes::UpdateAssumeRolePolicy>({.role_name = kName, .policy_document = kTrustsA}));
  EXPECT_TRUE(
      unmodifiable<shapes::PutRolePolicy>({.role_name = kName, .policy_name = "more", .policy_document = kAllowAll}));
  EXPECT_TRUE(unmodifiable<shapes::AttachRolePolicy>(
      {.role_name = kName, .policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"}));
  EXPECT_TRUE(unmodifiable<shapes::PutRolePermissionsBoundary>(
      {.role_name = kName, .permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"}));
  EXPECT_TRUE(unmodifiable<shapes::UpdateRole>({.role_name = kName, .max_session_duration = 7200}));
  world.must<shapes::CreateInstanceProfile>({.instance_profile_name = "web"});
  EXPECT_TRUE(unmodifiable<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = kName}));
}

TEST_F(ServiceLinkedRolesTest, MayBeTaggedAndDescribed) {
  create();
  world.must<shapes::TagRole>({.role_name = kName, .tags = {{"team", "red"}}});
  world.must<shapes::UpdateRoleDescription>({.role_name = kName, .description = "one"});
  world.must<shapes::UpdateRole>({.role_name = kName, .description = "of the shop"});
  const auto role = world.must<shapes::GetRole>({.role_name = kName}).role;
  EXPECT_EQ(role.description, "of the shop");
  ASSERT_TRUE(role.tags);
  EXPECT_EQ(role.tags->front().value, "red");
}

TEST_F(ServiceLinkedRolesTest, AreDeletedByATaskThatIsDoneAtOnce) {
  create();
  const std::string task = remove();
  EXPECT_TRUE(task.starts_with("task/aws-service-role/elasticloadbalancing.amazonaws.com/" + std::string(kName) + "/"));
  EXPECT_TRUE(missing(world.call<shapes::GetRole>({.role_name = kName}),
                      "The role with name " + std::string(kName) + " cannot be found."));
  const auto done = status(task);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->status, "SUCCEEDED");
}

TEST_F(ServiceLinkedRolesTest, TasksThatNobodyBeganAreNotFound) {
  create();
  const std::string task = remove();
  const auto unknown = [&](const std::string& id, const Who& who = {}) {
    return missing(status(id, who), "Deletion task id " + id + " cannot be found.");
  };
  std::string changed = task;
  changed.back() = changed.back() == '0' ? '1' : '0';
  EXPECT_TRUE(unknown(changed));
  EXPECT_TRUE(unknown(task, root(kB)));
  EXPECT_TRUE(unknown("task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS" + task.substr(task.rfind('/'))));
  for (const char* id :
       {"x", "/", "task/", "task//", "task/aws-service-role/a/b/00000000-0000-0000-0000-000000000000"}) {
    EXPECT_TRUE(unknown(id)) << id;
  }
}

TEST_F(ServiceLinkedRolesTest, OrdinaryRolesAreNone) {
  world.must<shapes::CreateRole>({.role_name = "mine", .assume_role_policy_document = kTrustsA});
  EXPECT_TRUE(missing(world.call<shapes::DeleteServiceLinkedRole>({.role_name = "mine"}),
                      "The role with name mine cannot be found."));
}

}  // namespace
}  // namespace deputy::iam
