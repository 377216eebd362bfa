// Which instance profile an instance is told of, by each way to name one.
#include "services/admin/instance_profiles.h"

#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/create_role.h"
#include "support/world.h"

namespace deputy::admin {
namespace {

using tests::kA;
using tests::kB;
using tests::refused;
using tests::World;

class InstanceProfilesTest : public testing::Test {
 protected:
  InstanceProfilesTest() {
    for (const char* role : {"web", "spare"}) {
      world.must<iam::shapes::CreateRole>({.role_name = role, .assume_role_policy_document = tests::kTrustsA});
    }
    for (const char* profile : {"zeta", "alpha", "empty"}) {
      world.must<iam::shapes::CreateInstanceProfile>({.instance_profile_name = profile});
    }
    world.must<iam::shapes::AddRoleToInstanceProfile>({"zeta", "web"});
    world.must<iam::shapes::AddRoleToInstanceProfile>({"alpha", "web"});
  }

  World world;
};

TEST_F(InstanceProfilesTest, OneIsFoundByEitherName) {
  struct {
    DescribeInstanceProfile::Input in;
    const char *profile, *role;  // null: none
  } const cases[] = {
      {{.account_id = kA, .name = "zeta"}, "zeta", "web"},
      {{.account_id = kA, .name = "empty"}, "empty", nullptr},
      {{.role_arn = tests::arn("role/web")}, "alpha", "web"},  // the first of two
      {{.account_id = kA, .name = "zeta", .role_arn = tests::arn("role/web")}, "alpha", "web"},
  };
  for (const auto& c : cases) {
    const auto shown = world.must<DescribeInstanceProfile>(c.in);
    EXPECT_EQ(shown.arn, tests::arn("instance-profile/" + std::string(c.profile)));
    EXPECT_TRUE(shown.instance_profile_id.starts_with("AIPA"));
    EXPECT_EQ(shown.role_arn.value_or(""), c.role == nullptr ? "" : tests::arn("role/" + std::string(c.role)));
  }
}

TEST_F(InstanceProfilesTest, WhatIsNotThereIsSaidInTheWordsOfTheQuestion) {
  const auto none = [&](const DescribeInstanceProfile::Input& in, const std::string& what) {
    return refused(world.call<DescribeInstanceProfile>(in), "InstanceProfileNotFoundException", 400,
                   "There is no instance profile " + what + ".");
  };
  EXPECT_TRUE(none({.account_id = kA, .name = "nope"}, "nope in account 111111111111"));
  EXPECT_TRUE(none({.account_id = kB, .name = "zeta"}, "zeta in account 222222222222"));
  EXPECT_TRUE(none({.role_arn = tests::arn("role/spare")}, "that holds " + tests::arn("role/spare")));
  EXPECT_TRUE(none({.role_arn = tests::arn("role/nobody")}, "that holds " + tests::arn("role/nobody")));
  constexpr const char* kHow = "Name an instance profile by AccountId and Name, or by RoleArn.";
  for (const DescribeInstanceProfile::Input& in :
       {DescribeInstanceProfile::Input{}, {.account_id = kA}, {.name = "zeta"}}) {
    EXPECT_TRUE(refused(world.call<DescribeInstanceProfile>(in), "ValidationException", 400, kHow));
  }
}

}  // namespace
}  // namespace deputy::admin
