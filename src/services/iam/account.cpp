// The account itself: its alias and how full it is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/console_account-alias.html
#include "protocol/iam/create_account_alias.h"
#include "protocol/iam/delete_account_alias.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/list_account_aliases.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// Aliases are unique among all accounts; that an account holds it already itself makes no difference.
bool is_alias_taken(const At& at, std::string_view alias) {
  bool taken = false;
  at.snapshot.accounts().scan("", [&](std::string_view, const AccountState& account) {
    taken = account.account.alias == alias;
    return !taken;
  });
  return taken;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html
struct CreateAccountAlias : shapes::CreateAccountAlias {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:CreateAccountAlias">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    directory::Account account = account_of(at).account;
    if (AccountId::parse(in.account_alias)) return errors::account_alias_is_account_id(in.account_alias);
    if (is_alias_taken(at, in.account_alias)) return errors::account_alias_taken(in.account_alias);
    Outcome<Output> out;
    if (!account.alias.empty()) out.changes.release_alias(account.alias);
    out.changes.claim_alias(in.account_alias);
    account.alias = in.account_alias;  // an account has one: the new one takes the place of the old
    out.changes.update(account);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountAlias.html
struct DeleteAccountAlias : shapes::DeleteAccountAlias {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:DeleteAccountAlias">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    directory::Account account = account_of(at).account;
    if (account.alias != in.account_alias) return errors::no_such_account_alias(in.account_alias);
    account.alias.clear();
    Outcome<Output> out;
    out.changes.release_alias(in.account_alias);
    out.changes.update(account);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
struct ListAccountAliases : shapes::ListAccountAliases {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:ListAccountAliases">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListAccountAliases"));
    std::vector<std::string> aliases;  // one or none
    if (!account_of(at).account.alias.empty()) aliases.push_back(account_of(at).account.alias);
    Outcome<Output> out;
    give_page(
        out.output, page, std::move(aliases), [](const std::string& alias) { return alias; },
        [&](const std::string& alias) { out.output.account_aliases.push_back(alias); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
struct GetAccountSummary : shapes::GetAccountSummary {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:GetAccountSummary">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    const AccountState& account = account_of(at);
    std::size_t versions = 0;
    account.policies.each([&](const ManagedPolicy& policy) { versions += policy.versions.size(); });
    std::size_t mfa_devices_in_use = 0;
    account.mfa_devices.each([&](const MfaDevice& device) { mfa_devices_in_use += device.user.empty() ? 0 : 1; });
    const std::pair<const char*, std::size_t> rows[] = {
        {"Users", account.users.size()},
        {"UsersQuota", quotas::kUsersPerAccount.limit},
        {"Groups", account.groups.size()},
        {"GroupsQuota", quotas::kGroupsPerAccount.limit},
        {"ServerCertificates", account.server_certificates.size()},
        {"ServerCertificatesQuota", quotas::kServerCertificatesPerAccount.limit},
        {"UserPolicySizeQuota", quotas::kInlinePolicyBytesPerUser},
        {"GroupPolicySizeQuota", quotas::kInlinePolicyBytesPerGroup},
        {"GroupsPerUserQuota", quotas::kGroupsPerUser.limit},
        {"SigningCertificatesPerUserQuota", quotas::kCertificatesPerUser.limit},
        {"AccessKeysPerUserQuota", quotas::kAccessKeysPerUser.limit},
        {"MFADevices", account.mfa_devices.size()},
        {"MFADevicesInUse", mfa_devices_in_use},
        {"AccountMFAEnabled", 0},  // of the root user, whom only the console of AWS gives a device
        {"AccountAccessKeysPresent", account.account.root_keys.empty() ? 0U : 1U},
        {"AccountPasswordPresent", 0},
        {"AccountSigningCertificatesPresent", account.account.root_certificates.empty() ? 0U : 1U},
        {"AttachedPoliciesPerGroupQuota", quotas::kPoliciesPerGroup.limit},
        {"AttachedPoliciesPerRoleQuota", quotas::kPoliciesPerRole.limit},
        {"AttachedPoliciesPerUserQuota", quotas::kPoliciesPerUser.limit},
        {"Policies", account.policies.size()},
        {"PoliciesQuota", quotas::kPoliciesPerAccount.limit},
        {"PolicySizeQuota", quotas::kPolicySize.limit},
        {"PolicyVersionsInUse", versions},
        {"PolicyVersionsInUseQuota", quotas::kPolicyVersionsInUse},
        {"VersionsPerPolicyQuota", quotas::kVersionsPerPolicy},
        {"GlobalEndpointTokenVersion", account.account.long_global_tokens ? 2U : 1U},
        {"AssumeRolePolicySizeQuota", quotas::kTrustPolicySize.limit},
        {"InstanceProfiles", account.instance_profiles.size()},
        {"InstanceProfilesQuota", quotas::kInstanceProfilesPerAccount.limit},
        {"Providers", account.oidc_providers.size() + account.saml_providers.size()},
        {"RolePolicySizeQuota", quotas::kInlinePolicyBytesPerRole},
        {"Roles", account.roles.size()},
        {"RolesQuota", quotas::kRolesPerAccount.limit},
    };
    Outcome<Output> out;
    auto& map = out.output.summary_map.emplace();
    for (const auto& [name, value] : rows) map.emplace_back(name, static_cast<std::int32_t>(value));
    return out;
  }
};

}  // namespace

std::span<const Binding> account_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateAccountAlias>(),
      bind<DeleteAccountAlias>(),
      bind<ListAccountAliases>(),
      bind<GetAccountSummary>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
