#include "policy/keys.h"

#include <array>

#include "policy/text.h"

namespace deputy::policy {
namespace {

struct Entry {
  std::string_view name;
  bool multivalued = false;
};

// INVARIANT: in the order of `Key` (KeysTest.EveryKeyFindsItself).
constexpr std::array<Entry, static_cast<std::size_t>(Key::kCount)> kKeys = {{
    {"aws:PrincipalArn"},
    {"aws:PrincipalAccount"},
    {"aws:PrincipalType"},
    {"aws:userid"},
    {"aws:username"},
    {"aws:PrincipalOrgID"},
    {"aws:PrincipalOrgPaths", true},
    {"aws:PrincipalIsAWSService"},
    {"aws:PrincipalServiceName"},
    {"aws:PrincipalServiceNamesList", true},
    {"aws:TokenIssueTime"},
    {"aws:MultiFactorAuthPresent"},
    {"aws:MultiFactorAuthAge"},
    {"aws:FederatedProvider"},
    {"aws:SourceIdentity"},
    {"aws:AssumedRoot"},
    {"aws:CurrentTime"},
    {"aws:EpochTime"},
    {"aws:SecureTransport"},
    {"aws:UserAgent"},
    {"aws:Referer"},
    {"aws:RequestedRegion"},
    {"aws:ViaAWSService"},
    {"aws:SourceIp"},
    {"aws:VpcSourceIp"},
    {"aws:SourceVpc"},
    {"aws:SourceVpce"},
    {"aws:CalledVia", true},
    {"aws:CalledViaFirst"},
    {"aws:CalledViaLast"},
    {"aws:SourceArn"},
    {"aws:SourceAccount"},
    {"aws:SourceOrgID"},
    {"aws:SourceOrgPaths", true},
    {"aws:ResourceAccount"},
    {"aws:ResourceOrgID"},
    {"aws:ResourceOrgPaths", true},
    {"aws:TagKeys", true},
    {"sts:ExternalId"},
    {"sts:RoleSessionName"},
    {"sts:SourceIdentity"},
    {"sts:TransitiveTagKeys", true},
    {"sts:DurationSeconds"},
    {"sts:AWSServiceName"},
    {"sts:TaskPolicyArn"},
    {"sts:IdentityTokenAudience", true},
    {"sts:SigningAlgorithm"},
    {"iam:PassedToService"},
    {"iam:AssociatedResourceArn"},
    {"iam:PermissionsBoundary"},
    {"iam:PolicyARN"},
    {"iam:AWSServiceName"},
    {"iam:OrganizationsPolicyId"},
    {"organizations:ServicePrincipal"},
    {"organizations:PolicyType"},
    {"s3:prefix"},
    {"s3:delimiter"},
    {"s3:max-keys"},
    {"s3:LocationConstraint"},
    {"s3:signatureversion"},
    {"s3:authType"},
    {"s3:signatureAge"},
    {"s3:x-amz-content-sha256"},
    {"s3:x-amz-acl"},
    {"s3:ResourceAccount"},
    {"s3:TlsVersion"},
    {"s3:x-amz-grant-read"},
    {"s3:x-amz-grant-write"},
    {"s3:x-amz-grant-read-acp"},
    {"s3:x-amz-grant-write-acp"},
    {"s3:x-amz-grant-full-control"},
    {"s3:x-amz-object-ownership"},
    {"s3:VersionId"},
    {"s3:x-amz-copy-source"},
    {"s3:x-amz-metadata-directive"},
    {"s3:x-amz-server-side-encryption"},
    {"s3:x-amz-server-side-encryption-aws-kms-key-id"},
    {"s3:x-amz-storage-class"},
    {"s3:x-amz-website-redirect-location"},
    {"s3:if-match"},
    {"s3:if-none-match"},
    {"s3:ObjectCreationOperation"},
    {"s3:RequestObjectTagKeys", true},
}};

constexpr std::array<std::string_view, 6> kFamilies = {"aws:PrincipalTag/",     "aws:RequestTag/",
                                                       "aws:ResourceTag/",      "iam:ResourceTag/",
                                                       "s3:ExistingObjectTag/", "s3:RequestObjectTag/"};

/// The SAML keys that have one value; all others may have several. [K-13]
constexpr std::array<std::string_view, 6> kSingleSamlKeys = {"saml:aud",      "saml:iss",           "saml:sub",
                                                             "saml:sub_type", "saml:namequalifier", "saml:doc"};

/// Open addressing over the lower-cased names; 0 is an empty place, n the key n - 1.
constexpr std::size_t kPlaces = 256;
constexpr std::array<std::uint8_t, kPlaces> make_places() {
  std::array<std::uint8_t, kPlaces> places{};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    std::size_t place = hash_ignoring_case(kKeys[i].name) % kPlaces;
    while (places[place] != 0) place = (place + 1) % kPlaces;
    places[place] = static_cast<std::uint8_t>(i + 1);
  }
  return places;
}
constexpr auto kPlaceOf = make_places();

}  // namespace

std::string_view name(Key key) { return kKeys[static_cast<std::size_t>(key)].name; }
bool is_multivalued(Key key) { return kKeys[static_cast<std::size_t>(key)].multivalued; }

std::optional<Key> find_key(std::string_view name) {
  for (std::size_t place = hash_ignoring_case(name) % kPlaces; kPlaceOf[place] != 0; place = (place + 1) % kPlaces) {
    const std::size_t i = kPlaceOf[place] - 1U;
    if (same_ignoring_case(kKeys[i].name, name)) return static_cast<Key>(i);
  }
  return std::nullopt;
}

std::string_view prefix(TagFamily family) { return kFamilies[static_cast<std::size_t>(family)]; }

std::optional<TagName> find_tag(std::string_view name) {
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    const std::size_t length = kFamilies[i].size();
    if (name.size() >= length && same_ignoring_case(name.substr(0, length), kFamilies[i])) {
      return TagName{static_cast<TagFamily>(i), name.substr(length)};
    }
  }
  return std::nullopt;
}

bool is_multivalued_name(std::string_view name) {
  if (name.size() > 5 && same_ignoring_case(name.substr(0, 5), "saml:")) {
    for (const std::string_view single : kSingleSamlKeys) {
      if (same_ignoring_case(single, name)) return false;
    }
    return true;
  }
  if (same_ignoring_case(name, "aws:VpceOrgPaths")) return true;
  return name.size() > 4 && same_ignoring_case(name.substr(name.size() - 4), ":amr");
}

}  // namespace deputy::policy
