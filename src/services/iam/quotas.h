// IAM's quotas as data: the numbers of docs/wire.md, section 5.4, under the names that LimitExceeded messages quote.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
//
//   if (account.users.size() >= quotas::kUsersPerAccount.limit) return
//   errors::limit_exceeded(quotas::kUsersPerAccount);
//
// All are AWS's defaults. Deputy raises none: what fits here fits into any account of AWS.
#pragma once

#include <cstddef>
#include <string_view>

namespace deputy::iam {

/// "Cannot exceed quota for <name>: <limit>"
struct Quota {
  std::string_view name;
  std::size_t limit;
};

namespace quotas {

inline constexpr Quota kUsersPerAccount{"UsersPerAccount", 5000};
inline constexpr Quota kGroupsPerAccount{"GroupsPerAccount", 300};
inline constexpr Quota kRolesPerAccount{"RolesPerAccount", 1000};
inline constexpr Quota kInstanceProfilesPerAccount{"InstanceProfilesPerAccount", 1000};
inline constexpr Quota kPoliciesPerAccount{"PoliciesPerAccount", 1500};
inline constexpr Quota kServerCertificatesPerAccount{"ServerCertificatesPerAccount", 20};

/// A document in the store may have a megabyte with everything else of its commit; AWS takes ten.
inline constexpr std::size_t kSamlMetadataBytes = 900'000;
inline constexpr Quota kRolesPerInstanceProfile{"InstanceSessionsPerInstanceProfile", 1};

// Managed policies attached to one entity.
inline constexpr Quota kPoliciesPerUser{"PoliciesPerUser", 10};
inline constexpr Quota kPoliciesPerGroup{"PoliciesPerGroup", 10};
inline constexpr Quota kPoliciesPerRole{"PoliciesPerRole", 10};

inline constexpr Quota kGroupsPerUser{"GroupsPerUser", 10};
inline constexpr Quota kAccessKeysPerUser{"AccessKeysPerUser", 2};
inline constexpr Quota kCertificatesPerUser{"CertificatesPerUser", 2};
inline constexpr Quota kSshPublicKeysPerUser{"SSHPublicKeysPerUser", 5};
inline constexpr Quota kServiceCredentialsPerUser{"ServiceSpecificCredentialsPerUser", 2};  // for each service
inline constexpr Quota kMfaDevicesPerUser{"MFADevicesPerUser", 8};
inline constexpr Quota kVirtualMfaDevicesPerAccount{"VirtualMFADevicesPerAccount", 5000};  // as many as users

inline constexpr Quota kOidcProvidersPerAccount{"OpenIDConnectProvidersPerAccount", 100};
inline constexpr Quota kSamlProvidersPerAccount{"SAMLProvidersPerAccount", 100};
inline constexpr Quota kClientIdsPerOidcProvider{"ClientIdsPerOpenIdConnectProvider", 100};
inline constexpr std::size_t kThumbprintsPerOidcProvider = 5;

// Documents, in bytes without white space; a trust policy is counted with it.
inline constexpr Quota kPolicySize{"PolicySize", 6144};
inline constexpr Quota kTrustPolicySize{"ACLSizePerRole", 2048};

// The sum of one entity's inline policies; over it the message is another (errors::inline_policies_too_large).
inline constexpr std::size_t kInlinePolicyBytesPerUser = 2048;
inline constexpr std::size_t kInlinePolicyBytesPerGroup = 5120;
inline constexpr std::size_t kInlinePolicyBytesPerRole = 10240;

inline constexpr std::size_t kVersionsPerPolicy = 5;
inline constexpr std::size_t kPolicyVersionsInUse = 10000;
inline constexpr std::size_t kTagsPerEntity = 50;

/// Bounds of Deputy's own, where AWS documents none: both lie in the account's entry.
inline constexpr std::size_t kAccountProperties = 100;
inline constexpr std::size_t kAccessReports = 20;  // the newest; an older one is not there any more

}  // namespace quotas
}  // namespace deputy::iam
