// Who may call what: every operation, called by everybody that an account can be to an organization, each with a user
// whom its policies allow everything. And what the operations refuse to whom they know.
#include <functional>

#include "protocol/iam/create_user.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/organizations/attach_policy.h"
#include "protocol/organizations/cancel_handshake.h"
#include "protocol/organizations/close_account.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/create_gov_cloud_account.h"
#include "protocol/organizations/create_organizational_unit.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/decline_handshake.h"
#include "protocol/organizations/delete_organization.h"
#include "protocol/organizations/delete_organizational_unit.h"
#include "protocol/organizations/delete_policy.h"
#include "protocol/organizations/delete_resource_policy.h"
#include "protocol/organizations/deregister_delegated_administrator.h"
#include "protocol/organizations/describe_account.h"
#include "protocol/organizations/describe_create_account_status.h"
#include "protocol/organizations/describe_effective_policy.h"
#include "protocol/organizations/describe_handshake.h"
#include "protocol/organizations/describe_organization.h"
#include "protocol/organizations/describe_organizational_unit.h"
#include "protocol/organizations/describe_policy.h"
#include "protocol/organizations/describe_resource_policy.h"
#include "protocol/organizations/describe_responsibility_transfer.h"
#include "protocol/organizations/detach_policy.h"
#include "protocol/organizations/disable_aws_service_access.h"
#include "protocol/organizations/disable_policy_type.h"
#include "protocol/organizations/enable_all_features.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/enable_policy_type.h"
#include "protocol/organizations/invite_organization_to_transfer_responsibility.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/list_accounts_for_parent.h"
#include "protocol/organizations/list_accounts_with_invalid_effective_policy.h"
#include "protocol/organizations/list_aws_service_access_for_organization.h"
#include "protocol/organizations/list_children.h"
#include "protocol/organizations/list_create_account_status.h"
#include "protocol/organizations/list_delegated_administrators.h"
#include "protocol/organizations/list_delegated_services_for_account.h"
#include "protocol/organizations/list_effective_policy_validation_errors.h"
#include "protocol/organizations/list_handshakes_for_account.h"
#include "protocol/organizations/list_handshakes_for_organization.h"
#include "protocol/organizations/list_inbound_responsibility_transfers.h"
#include "protocol/organizations/list_organizational_units_for_parent.h"
#include "protocol/organizations/list_outbound_responsibility_transfers.h"
#include "protocol/organizations/list_parents.h"
#include "protocol/organizations/list_policies.h"
#include "protocol/organizations/list_policies_for_target.h"
#include "protocol/organizations/list_roots.h"
#include "protocol/organizations/list_tags_for_resource.h"
#include "protocol/organizations/list_targets_for_policy.h"
#include "protocol/organizations/move_account.h"
#include "protocol/organizations/put_resource_policy.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/organizations/remove_account_from_organization.h"
#include "protocol/organizations/tag_resource.h"
#include "protocol/organizations/terminate_responsibility_transfer.h"
#include "protocol/organizations/untag_resource.h"
#include "protocol/organizations/update_organizational_unit.h"
#include "protocol/organizations/update_policy.h"
#include "protocol/organizations/update_responsibility_transfer.h"
#include "services/organizations/fixture.h"
#include "services/organizations/table.h"

namespace deputy::organizations {
namespace {

constexpr const char *kMember = kB, *kDelegated = "333333333333", *kOutsider = "444444444444";
constexpr const char* kService = "access-analyzer.amazonaws.com";

constexpr const char* kOpensNothing =
    R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"organizations:DescribeOrganization","Resource":"*"}})";

constexpr const char* kNotInUse = "AWSOrganizationsNotInUseException";
constexpr const char* kNoPermission = "AccessDenied";
constexpr const char* kNoHandshake = "HandshakeNotFoundException";

/// The organization of A with a member, and with one that administers a service; and an account outside.
class StandingTest : public OrganizationsTest {
 protected:
  StandingTest() {
    world.create_account(kDelegated);
    world.create_account(kOutsider);
    join(kMember);
    join(kDelegated);
    world.must<shapes::EnableAWSServiceAccess>({kService});
    world.must<shapes::RegisterDelegatedAdministrator>({kDelegated, kService});
    for (const char* account : {kA, kMember, kDelegated, kOutsider}) {
      world.must<iam::shapes::CreateUser>({.user_name = "admin"}, root(account));
      world.must<iam::shapes::PutUserPolicy>({"admin", "all", tests::kAllowAll}, root(account));
    }
    root_ = organization().organization.root;
  }

  /// The code that an operation answers, empty: it did it. Nothing is written.
  template <class Op>
  std::string code(const typename Op::Input& in, const tests::Who& who) {
    const auto result = world.attempt<Op>(in, who);
    return result ? "" : result.error().code();
  }

  std::string root_;
};

struct StandingCase {
  const char* operation;
  std::function<std::string(const tests::Who&)> call;
  const char *management, *delegated, *member, *outsider;  // the code; empty: done
};

TEST_F(StandingTest, EachOperationIsForWhomItIs) {
  const std::string open = invite(kOutsider);
  const std::string creation =
      *world.must<shapes::CreateAccount>({.email = "new@example.com", .account_name = "New"}).create_account_status->id;
  const auto of = [this]<class Op>(Op, typename Op::Input in) {
    return [this, in](const tests::Who& who) { return code<Op>(in, who); };
  };
  constexpr const char *kAlready = "AlreadyInOrganizationException", *kDone = "";
  constexpr const char *kScp = "SERVICE_CONTROL_POLICY", *kFull = "p-FullAWSAccess";
  constexpr const char* kImmutable = "InvalidInputException";
  constexpr const char *kNoResourcePolicy = "ResourcePolicyNotFoundException",
                       *kNoEffective = "EffectivePolicyNotFoundException",
                       *kNoTransfer = "ResponsibilityTransferNotFoundException";
  world.must<shapes::EnablePolicyType>({root_, kScp});
  const std::string unit = *world.must<shapes::CreateOrganizationalUnit>({root_, "unit", {}}).organizational_unit->id;
  using namespace shapes;
  const StandingCase cases[] = {
      // Anybody.
      {"CreateOrganization", of(CreateOrganization(), {}), kAlready, kAlready, kAlready, kDone},
      {"ListHandshakesForAccount", of(ListHandshakesForAccount(), {}), kDone, kDone, kDone, kDone},
      // Any member.
      {"DescribeOrganization", of(DescribeOrganization(), {}), kDone, kDone, kDone, kNotInUse},
      {"LeaveOrganization", of(LeaveOrganization(), {}), "MasterCannotLeaveOrganizationException",
       "ConstraintViolationException", kDone, kNotInUse},
      // Who reads.
      {"ListAccounts", of(ListAccounts(), {}), kDone, kDone, kNoPermission, kNotInUse},
      {"DescribeAccount", of(DescribeAccount(), {kMember}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListParents", of(ListParents(), {kMember}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListChildren", of(ListChildren(), {root_, "ACCOUNT"}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListAccountsForParent", of(ListAccountsForParent(), {root_}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListRoots", of(ListRoots(), {}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListHandshakesForOrganization", of(ListHandshakesForOrganization(), {}), kDone, kDone, kNoPermission,
       kNotInUse},
      {"DescribeCreateAccountStatus", of(DescribeCreateAccountStatus(), {creation}), kDone, kDone, kNoPermission,
       kNotInUse},
      {"ListCreateAccountStatus", of(ListCreateAccountStatus(), {}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListAWSServiceAccessForOrganization", of(ListAWSServiceAccessForOrganization(), {}), kDone, kDone,
       kNoPermission, kNotInUse},
      {"ListDelegatedAdministrators", of(ListDelegatedAdministrators(), {}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListDelegatedServicesForAccount", of(ListDelegatedServicesForAccount(), {kDelegated}), kDone, kDone,
       kNoPermission, kNotInUse},
      {"DescribeOrganizationalUnit", of(DescribeOrganizationalUnit(), {unit}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListOrganizationalUnitsForParent", of(ListOrganizationalUnitsForParent(), {root_}), kDone, kDone, kNoPermission,
       kNotInUse},
      {"DescribePolicy", of(DescribePolicy(), {kFull}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListPolicies", of(ListPolicies(), {kScp}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListPoliciesForTarget", of(ListPoliciesForTarget(), {root_, kScp}), kDone, kDone, kNoPermission, kNotInUse},
      {"ListTargetsForPolicy", of(ListTargetsForPolicy(), {kFull}), kDone, kDone, kNoPermission, kNotInUse},
      {"DescribeResourcePolicy", of(DescribeResourcePolicy(), {}), kNoResourcePolicy, kNoResourcePolicy, kNoPermission,
       kNotInUse},
      {"ListTagsForResource", of(ListTagsForResource(), {root_}), kDone, kDone, kNoPermission, kNotInUse},
      {"DescribeEffectivePolicy", of(DescribeEffectivePolicy(), {"TAG_POLICY", kDelegated}), kNoEffective, kNoEffective,
       kNoPermission, kNotInUse},
      {"ListAccountsWithInvalidEffectivePolicy", of(ListAccountsWithInvalidEffectivePolicy(), {"TAG_POLICY"}),
       kNoEffective, kNoEffective, kNoPermission, kNotInUse},
      {"ListEffectivePolicyValidationErrors", of(ListEffectivePolicyValidationErrors(), {kMember, "TAG_POLICY"}),
       kNoEffective, kNoEffective, kNoPermission, kNotInUse},
      // The management account, and whom it delegates policies to.
      {"TagResource", of(TagResource(), {root_, {{"a", "b"}}}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"UntagResource", of(UntagResource(), {root_, {"a"}}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"EnablePolicyType", of(EnablePolicyType(), {root_, "TAG_POLICY"}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"DisablePolicyType", of(DisablePolicyType(), {root_, kScp}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"CreatePolicy", of(CreatePolicy(), {tests::kAllowAll, "", "new", kScp}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"UpdatePolicy", of(UpdatePolicy(), {kFull, "new"}), kImmutable, kNoPermission, kNoPermission, kNotInUse},
      {"DeletePolicy", of(DeletePolicy(), {kFull}), kImmutable, kNoPermission, kNoPermission, kNotInUse},
      {"AttachPolicy", of(AttachPolicy(), {kFull, unit}), "DuplicatePolicyAttachmentException", kNoPermission,
       kNoPermission, kNotInUse},
      {"DetachPolicy", of(DetachPolicy(), {kFull, unit}), "ConstraintViolationException", kNoPermission, kNoPermission,
       kNotInUse},
      // The management account alone.
      {"CreateOrganizationalUnit", of(CreateOrganizationalUnit(), {root_, "new"}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"UpdateOrganizationalUnit", of(UpdateOrganizationalUnit(), {unit, "new"}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"DeleteOrganizationalUnit", of(DeleteOrganizationalUnit(), {unit}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"MoveAccount", of(MoveAccount(), {kMember, root_, unit}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"CreateAccount", of(CreateAccount(), {.email = "x@example.com", .account_name = "X"}), kDone, kNoPermission,
       kNoPermission, kNotInUse},
      {"DeleteOrganization", of(DeleteOrganization(), {}), "OrganizationNotEmptyException", kNoPermission,
       kNoPermission, kNotInUse},
      {"EnableAWSServiceAccess", of(EnableAWSServiceAccess(), {"sso.amazonaws.com"}), kDone, kNoPermission,
       kNoPermission, kNotInUse},
      {"DisableAWSServiceAccess", of(DisableAWSServiceAccess(), {kService}), kDone, kNoPermission, kNoPermission,
       kNotInUse},
      {"RegisterDelegatedAdministrator", of(RegisterDelegatedAdministrator(), {kMember, kService}), kDone,
       kNoPermission, kNoPermission, kNotInUse},
      {"DeregisterDelegatedAdministrator", of(DeregisterDelegatedAdministrator(), {kDelegated, kService}), kDone,
       kNoPermission, kNoPermission, kNotInUse},
      {"RemoveAccountFromOrganization", of(RemoveAccountFromOrganization(), {kMember}), kDone, kNoPermission,
       kNoPermission, kNotInUse},
      {"InviteAccountToOrganization", of(InviteAccountToOrganization(), {.target = {kOutsider, "ACCOUNT"}}),
       "DuplicateHandshakeException", kNoPermission, kNoPermission, kNotInUse},
      {"CloseAccount", of(CloseAccount(), {kMember}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"EnableAllFeatures", of(EnableAllFeatures(), {}), "HandshakeConstraintViolationException", kNoPermission,
       kNoPermission, kNotInUse},
      {"PutResourcePolicy", of(PutResourcePolicy(), {kOpensNothing}), kDone, kNoPermission, kNoPermission, kNotInUse},
      {"DeleteResourcePolicy", of(DeleteResourcePolicy(), {}), kNoResourcePolicy, kNoPermission, kNoPermission,
       kNotInUse},
      // What there is none of.
      {"CreateGovCloudAccount", of(CreateGovCloudAccount(), {.email = "x@example.com", .account_name = "X"}),
       "ConstraintViolationException", kNoPermission, kNoPermission, kNotInUse},
      {"InviteOrganizationToTransferResponsibility",
       of(InviteOrganizationToTransferResponsibility(), {.type = "BILLING", .target = {kOutsider, "ACCOUNT"}}),
       "UnsupportedAPIEndpointException", kNoPermission, kNoPermission, kNotInUse},
      {"DescribeResponsibilityTransfer", of(DescribeResponsibilityTransfer(), {"rt-12345678"}), kNoTransfer,
       kNoPermission, kNoPermission, kNotInUse},
      {"UpdateResponsibilityTransfer", of(UpdateResponsibilityTransfer(), {"rt-12345678", "x"}), kNoTransfer,
       kNoPermission, kNoPermission, kNotInUse},
      {"TerminateResponsibilityTransfer", of(TerminateResponsibilityTransfer(), {"rt-12345678"}), kNoTransfer,
       kNoPermission, kNoPermission, kNotInUse},
      {"ListInboundResponsibilityTransfers", of(ListInboundResponsibilityTransfers(), {"BILLING"}), kDone,
       kNoPermission, kNoPermission, kNotInUse},
      {"ListOutboundResponsibilityTransfers", of(ListOutboundResponsibilityTransfers(), {"BILLING"}), kDone,
       kNoPermission, kNoPermission, kNotInUse},
      // Whom an invitation is from, and whom it is for.
      {"CancelHandshake", of(CancelHandshake(), {open}), kDone, kNoHandshake, kNoHandshake, kNoHandshake},
      {"DescribeHandshake", of(DescribeHandshake(), {open}), kDone, kNoHandshake, kNoHandshake, kDone},
      {"AcceptHandshake", of(AcceptHandshake(), {open}), kNoHandshake, kNoHandshake, kNoHandshake, kDone},
      {"DeclineHandshake", of(DeclineHandshake(), {open}), kNoHandshake, kNoHandshake, kNoHandshake, kDone},
  };
  for (const StandingCase& c : cases) {
    EXPECT_EQ(c.call(tests::user("admin", kA)), c.management) << c.operation << " by the management account";
    EXPECT_EQ(c.call(tests::user("admin", kDelegated)), c.delegated) << c.operation << " by a delegated administrator";
    EXPECT_EQ(c.call(tests::user("admin", kMember)), c.member) << c.operation << " by a member";
    EXPECT_EQ(c.call(tests::user("admin", kOutsider)), c.outsider) << c.operation << " by an account outside";
  }
  // A resource policy that lets the member do what any member does opens nothing else.
  world.must<PutResourcePolicy>({kOpensNothing});
  for (const StandingCase& c : cases) {
    EXPECT_EQ(c.call(tests::user("admin", kMember)), c.member) << c.operation << " by a member, with a resource policy";
  }
  EXPECT_EQ(std::size(cases), organizations::bindings().size()) << "an operation without a case";
}

// ---- What is refused to who may call, with its reason

struct RefusalCase {
  const char* about;
  std::function<Error()> call;
  const char *code, *reason, *message;  // reason null: the error has none
};

TEST_F(StandingTest, RefusalsSayWhy) {
  const auto of = [this]<class Op>(Op, typename Op::Input in) {
    return [this, in]() -> Error {
      const auto result = world.attempt<Op>(in, root(kA));
      return result ? Error("", 200, "it succeeded") : result.error();
    };
  };
  using namespace shapes;
  constexpr const char *kConstraint = "ConstraintViolationException", *kInvalid = "InvalidInputException";
  constexpr const char* kNobody = "000000000001";
  constexpr const char* kNoAccount = "You specified an account that doesn't exist.";
  constexpr const char* kNoParent = "You specified parent that doesn't exist.";
  const RefusalCase cases[] = {
      {"an account outside", of(DescribeAccount(), {kOutsider}), "AccountNotFoundException", nullptr, kNoAccount},
      {"no account", of(RemoveAccountFromOrganization(), {kNobody}), "AccountNotFoundException", nullptr, kNoAccount},
      {"registering one outside", of(RegisterDelegatedAdministrator(), {kOutsider, kService}),
       "AccountNotFoundException", nullptr, kNoAccount},
      {"deregistering one outside", of(DeregisterDelegatedAdministrator(), {kOutsider, kService}),
       "AccountNotFoundException", nullptr, kNoAccount},
      {"services of one outside", of(ListDelegatedServicesForAccount(), {kOutsider}), "AccountNotFoundException",
       nullptr, kNoAccount},
      {"a child that is none", of(ListParents(), {kOutsider}), "ChildNotFoundException", nullptr,
       "You specified a child that doesn't exist."},
      {"a parent that is none", of(ListChildren(), {"r-none", "ACCOUNT"}), "ParentNotFoundException", nullptr,
       kNoParent},
      {"accounts of a parent that is none", of(ListAccountsForParent(), {"ou-root-12345678"}),
       "ParentNotFoundException", nullptr, kNoParent},
      {"a creation nobody asked for", of(DescribeCreateAccountStatus(), {"car-00000000000000000000000000000000"}),
       "CreateAccountStatusNotFoundException", nullptr,
       "We can't find an create account request with the CreateAccountRequestId that you specified."},
      {"a handshake nobody sent", of(DescribeHandshake(), {"h-00000000000000000000000000000000"}), kNoHandshake,
       nullptr, "We can't find a handshake with the HandshakeId that you specified."},
      {"removing the management account", of(RemoveAccountFromOrganization(), {kA}),
       "MasterCannotLeaveOrganizationException", nullptr,
       "You can't remove a management account from an organization. If you want the management account to become a "
       "member account in another organization, you must first delete the current organization of the management "
       "account."},
      {"removing an administrator", of(RemoveAccountFromOrganization(), {kDelegated}), kConstraint,
       "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
       "You attempted to remove an account from the organization that is currently a delegated administrator for a "
       "service integrated with Organizations. To complete this operation, you must first deregister this account as a "
       "delegated administrator."},
      {"registering for a service that is not trusted",
       of(RegisterDelegatedAdministrator(), {kMember, "sso.amazonaws.com"}), kConstraint, "SERVICE_ACCESS_NOT_ENABLED",
       "You attempted to register a delegated administrator before you enabled service access. Call the "
       "EnableAWSServiceAccess API first."},
      {"registering twice", of(RegisterDelegatedAdministrator(), {kDelegated, kService}),
       "AccountAlreadyRegisteredException", nullptr,
       "The provided account is already a delegated administrator for your organization."},
      {"deregistering a member", of(DeregisterDelegatedAdministrator(), {kMember, kService}),
       "AccountNotRegisteredException", nullptr,
       "The provided account is not a registered delegated administrator for your organization."},
      {"deregistering of another service", of(DeregisterDelegatedAdministrator(), {kDelegated, "sso.amazonaws.com"}),
       "AccountNotRegisteredException", nullptr,
       "The provided account is not a registered delegated administrator for your organization."},
      {"services of a member", of(ListDelegatedServicesForAccount(), {kMember}), "AccountNotRegisteredException",
       nullptr, "The provided account is not a registered delegated administrator for your organization."},
      {"trusting what is no service", of(EnableAWSServiceAccess(), {"example.com"}), kInvalid,
       "UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal."},
      {"trusting it no more", of(DisableAWSServiceAccess(), {"example.com"}), kInvalid,
       "UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal."},
      {"inviting a member", of(InviteAccountToOrganization(), {.target = {kMember, "ACCOUNT"}}),
       "HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION",
       "The provided account is already a member of an organization."},
      {"inviting no account", of(InviteAccountToOrganization(), {.target = {kNobody, "ACCOUNT"}}), kInvalid,
       "TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity."},
      {"inviting an organization", of(InviteAccountToOrganization(), {.target = {"o-abcdefghij", "ORGANIZATION"}}),
       kInvalid, "INVALID_PARTY_TYPE_TARGET",
       "You specified the wrong type of entity (account, organization, or email) as a party."},
      {"inviting an email that nobody has", of(InviteAccountToOrganization(), {.target = {"x@y.example", "EMAIL"}}),
       kInvalid, "INVALID_EMAIL_ADDRESS_TARGET",
       "You specified an invalid email address for the invited account owner."},
      {"a page of another list", of(ListRoots(), {.next_token = "bm9wZQ=="}), kInvalid, "INVALID_NEXT_TOKEN",
       "Get the value for the NextToken parameter from the response to a previous call of the operation."},
  };
  for (const RefusalCase& c : cases) {
    const Error error = c.call();
    EXPECT_EQ(error.code(), c.code) << c.about;
    EXPECT_EQ(error.message(), c.message) << c.about;
    EXPECT_EQ(error.status(), 400) << c.about;
    const Error::Details expected =
        c.reason == nullptr ? Error::Details{} : Error::Details{{"Reason", std::string(c.reason)}};
    EXPECT_EQ(error.details(), expected) << c.about;
  }
}

TEST_F(StandingTest, BillingAloneTrustsNoService) {
  world.must<shapes::CreateOrganization>({"CONSOLIDATED_BILLING"}, root(kOutsider));
  const auto shown = world.must<shapes::DescribeOrganization>({}, root(kOutsider));
  EXPECT_EQ(shown.organization->feature_set, "CONSOLIDATED_BILLING");
  EXPECT_TRUE(shown.organization->available_policy_types->empty());
  const auto result = world.call<shapes::EnableAWSServiceAccess>({kService}, root(kOutsider));
  EXPECT_TRUE(refused(result, "ConstraintViolationException", 400,
                      "You attempted to perform an operation that requires an organization to be configured to support "
                      "all features. An organization that supports only consolidated billing features can't perform "
                      "this operation."));
  EXPECT_EQ(result.error().details(), (Error::Details{{"Reason", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"}}));
}

// ---- A handshake's states

struct StateCase {
  const char* name;
  const char *accept, *decline, *cancel;  // what each then answers; empty: done
};

TEST_F(StandingTest, AHandshakeEndsOnce) {
  constexpr const char *kSame = "HandshakeAlreadyInStateException", *kOver = "InvalidHandshakeTransitionException";
  const StateCase cases[] = {
      {"OPEN", "", "", ""},
      {"ACCEPTED", kSame, kOver, kOver},
      {"DECLINED", kOver, kSame, kOver},
      {"CANCELED", kOver, kOver, kSame},
      {"EXPIRED", kOver, kOver, kOver},
  };
  for (const StateCase& c : cases) {
    const std::string id = invite(kOutsider), state = c.name;
    if (state == "ACCEPTED") world.must<shapes::AcceptHandshake>({id}, root(kOutsider));
    if (state == "DECLINED") world.must<shapes::DeclineHandshake>({id}, root(kOutsider));
    if (state == "CANCELED") world.must<shapes::CancelHandshake>({id});
    if (state == "EXPIRED") world.now += std::chrono::hours(15 * 24);
    EXPECT_EQ(world.must<shapes::DescribeHandshake>({id}).handshake->state, state);
    EXPECT_EQ(code<shapes::AcceptHandshake>({id}, root(kOutsider)), c.accept) << state;
    EXPECT_EQ(code<shapes::DeclineHandshake>({id}, root(kOutsider)), c.decline) << state;
    EXPECT_EQ(code<shapes::CancelHandshake>({id}, root(kA)), c.cancel) << state;
    if (state == "ACCEPTED") world.must<shapes::LeaveOrganization>({}, root(kOutsider));
    if (state == "OPEN") world.must<shapes::CancelHandshake>({id});
  }
}

// ---- What is shown

TEST_F(StandingTest, AMemberIsShownWithItsPlace) {
  const auto shown = world.must<shapes::DescribeAccount>({kMember}).account;
  const std::string id = organization().organization.id;
  EXPECT_EQ(shown->id, kMember);
  EXPECT_EQ(shown->arn, "arn:aws:organizations::111111111111:account/" + id + "/222222222222");
  EXPECT_EQ(shown->status, "ACTIVE");
  EXPECT_EQ(shown->joined_method, "INVITED");
  EXPECT_EQ(shown->joined_timestamp, world.now);
  EXPECT_EQ(*shown->paths, (std::vector<std::string>{id + "/" + root_ + "/222222222222/"}));
  const auto parents = world.must<shapes::ListParents>({kMember}).parents;
  ASSERT_EQ(parents->size(), 1U);
  EXPECT_EQ(parents->front().id, root_);
  EXPECT_EQ(parents->front().type, "ROOT");
  EXPECT_EQ(world.must<shapes::ListChildren>({root_, "ACCOUNT"}).children->size(), 3U);
  EXPECT_TRUE(world.must<shapes::ListChildren>({root_, "ORGANIZATIONAL_UNIT"}).children->empty());
}

TEST_F(StandingTest, AdministratorsAreListedByService) {
  world.must<shapes::EnableAWSServiceAccess>({"sso.amazonaws.com"});
  world.now += std::chrono::hours(1);
  world.must<shapes::RegisterDelegatedAdministrator>({kDelegated, "sso.amazonaws.com"});
  struct {
    std::optional<std::string> service;
    std::size_t administrators;
    std::chrono::hours ago;
  } const cases[] = {{{}, 1, std::chrono::hours(1)},
                     {kService, 1, std::chrono::hours(1)},
                     {"sso.amazonaws.com", 1, std::chrono::hours(0)},
                     {"config.amazonaws.com", 0, {}}};
  for (const auto& c : cases) {
    const auto shown = world.must<shapes::ListDelegatedAdministrators>({.service_principal = c.service});
    ASSERT_EQ(shown.delegated_administrators->size(), c.administrators);
    if (c.administrators == 0) continue;
    EXPECT_EQ(shown.delegated_administrators->front().id, kDelegated);
    EXPECT_EQ(shown.delegated_administrators->front().delegation_enabled_date, world.now - c.ago);
  }
  EXPECT_EQ(world.must<shapes::ListDelegatedServicesForAccount>({kDelegated}).delegated_services->size(), 2U);
  world.must<shapes::DeregisterDelegatedAdministrator>({kDelegated, kService});
  EXPECT_EQ(world.must<shapes::ListDelegatedServicesForAccount>({kDelegated}).delegated_services->size(), 1U);
  world.must<shapes::DeregisterDelegatedAdministrator>({kDelegated, "sso.amazonaws.com"});
  world.must<shapes::RemoveAccountFromOrganization>({kDelegated});
}

}  // namespace
}  // namespace deputy::organizations
