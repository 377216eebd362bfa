// What AWS keeps to its partners: each operation is asked for as AWS asks, and answers that there is nothing (docs/wire.md,
// 5.8).
#include <gtest/gtest.h>

#include "protocol/iam/accept_delegation_request.h"
#include "protocol/iam/acquire_role.h"
#include "protocol/iam/associate_delegation_request.h"
#include "protocol/iam/create_delegation_request.h"
#include "protocol/iam/get_delegation_request.h"
#include "protocol/iam/get_human_readable_summary.h"
#include "protocol/iam/get_role_template_version.h"
#include "protocol/iam/list_delegation_requests.h"
#include "protocol/iam/reject_delegation_request.h"
#include "protocol/iam/send_delegation_token.h"
#include "protocol/iam/update_delegation_request.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kTemplate = "arn:aws:iam::aws:role-template/Example";

template <class Op>
class OnRequestTest : public testing::Test {
 protected:
  World world;
};
using OnRequests =
    testing::Types<shapes::GetDelegationRequest, shapes::AssociateDelegationRequest, shapes::AcceptDelegationRequest,
                   shapes::RejectDelegationRequest, shapes::UpdateDelegationRequest, shapes::SendDelegationToken>;
TYPED_TEST_SUITE(OnRequestTest, OnRequests);

TYPED_TEST(OnRequestTest, NoRequestIsFound) {
  typename TypeParam::Input in;
  in.delegation_request_id = "dr-1234";
  const auto asked = this->world.template accesses<TypeParam>(in);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].action.name, "iam:" + std::string(TypeParam::model.name));
  EXPECT_EQ(asked[0].resource, arn("delegation-request/dr-1234"));
  EXPECT_TRUE(
      missing(this->world.template call<TypeParam>(in), "The Delegation Request with id dr-1234 cannot be found."));
}

template <class Op>
class OnTemplateTest : public OnRequestTest<Op> {};
using OnTemplates = testing::Types<shapes::AcquireRole, shapes::GetRoleTemplateVersion>;
TYPED_TEST_SUITE(OnTemplateTest, OnTemplates);

TYPED_TEST(OnTemplateTest, NoTemplateIsFound) {
  typename TypeParam::Input in;
  in.template_arn = kTemplate;
  const auto asked = this->world.template accesses<TypeParam>(in);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].action.name, "iam:" + std::string(TypeParam::model.name));
  EXPECT_EQ(asked[0].resource, "*");
  EXPECT_TRUE(missing(this->world.template call<TypeParam>(in),
                      std::string("The Role Template with ARN ") + kTemplate + " cannot be found."));
}

TEST(PartnerOperationsTest, OnlyPartnersMakeRequests) {
  World world;
  EXPECT_TRUE(refused(world.call<shapes::CreateDelegationRequest>({}), "AccessDenied", 403,
                      "Only product providers that AWS has onboarded can create delegation requests."));
}

TEST(PartnerOperationsTest, NobodyAskedThisAccount) {
  World world;
  const auto list = world.must<shapes::ListDelegationRequests>({});
  EXPECT_TRUE(list.delegation_requests->empty());
  EXPECT_EQ(list.is_truncated, false);
  EXPECT_TRUE(
      refused(world.call<shapes::ListDelegationRequests>({.marker = "x"}), "ValidationError", 400, "Invalid Marker."));
  const std::string request = arn("delegation-request/dr-1");
  EXPECT_TRUE(missing(world.call<shapes::GetHumanReadableSummary>({.entity_arn = request}),
                      "The Delegation Request with id " + request + " cannot be found."));
}

TEST(PartnerOperationsTest, WhoMayNothingIsToldThatFirst) {
  World world;
  directory::Changes changes;
  directory::User clerk;
  clerk.account = *AccountId::parse(kA);
  clerk.id = UniqueId("AIDACLERK");
  clerk.path = "/";
  clerk.name = "clerk";
  changes.create(clerk);
  ASSERT_TRUE(world.commit(changes));
  EXPECT_EQ(world.call<shapes::AcquireRole>({.template_arn = kTemplate}, user("clerk")).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<shapes::ListDelegationRequests>({}, user("clerk")).error().status(), 403);
}

}  // namespace
}  // namespace deputy::iam
