#include "policy/s3_facts.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/encoding.h"
#include "policy/pattern.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, names without prefix.
constexpr std::array<std::string_view, 34> kObjectActions = {"AbortMultipartUpload",
                                                             "BypassGovernanceRetention",
                                                             "DeleteObject",
                                                             "DeleteObjectTagging",
                                                             "DeleteObjectVersion",
                                                             "DeleteObjectVersionTagging",
                                                             "GetObject",
                                                             "GetObjectAcl",
                                                             "GetObjectAttributes",
                                                             "GetObjectLegalHold",
                                                             "GetObjectRetention",
                                                             "GetObjectTagging",
                                                             "GetObjectTorrent",
                                                             "GetObjectVersion",
                                                             "GetObjectVersionAcl",
                                                             "GetObjectVersionAttributes",
                                                             "GetObjectVersionForReplication",
                                                             "GetObjectVersionTagging",
                                                             "GetObjectVersionTorrent",
                                                             "InitiateReplication",
                                                             "ListMultipartUploadParts",
                                                             "ObjectOwnerOverrideToBucketOwner",
                                                             "PutObject",
                                                             "PutObjectAcl",
                                                             "PutObjectLegalHold",
                                                             "PutObjectRetention",
                                                             "PutObjectTagging",
                                                             "PutObjectVersionAcl",
                                                             "PutObjectVersionTagging",
                                                             "ReplicateDelete",
                                                             "ReplicateObject",
                                                             "ReplicateTags",
                                                             "RestoreObject",
                                                             "UpdateObjectEncryption"};
constexpr std::array<std::string_view, 50> kBucketActions = {"DeleteBucket",
                                                             "DeleteBucketPolicy",
                                                             "DeleteBucketWebsite",
                                                             "GetAccelerateConfiguration",
                                                             "GetAnalyticsConfiguration",
                                                             "GetBucketAcl",
                                                             "GetBucketCORS",
                                                             "GetBucketLocation",
                                                             "GetBucketLogging",
                                                             "GetBucketNotification",
                                                             "GetBucketObjectLockConfiguration",
                                                             "GetBucketOwnershipControls",
                                                             "GetBucketPolicy",
                                                             "GetBucketPolicyStatus",
                                                             "GetBucketPublicAccessBlock",
                                                             "GetBucketRequestPayment",
                                                             "GetBucketTagging",
                                                             "GetBucketVersioning",
                                                             "GetBucketWebsite",
                                                             "GetEncryptionConfiguration",
                                                             "GetIntelligentTieringConfiguration",
                                                             "GetInventoryConfiguration",
                                                             "GetLifecycleConfiguration",
                                                             "GetMetricsConfiguration",
                                                             "GetReplicationConfiguration",
                                                             "ListBucket",
                                                             "ListBucketMultipartUploads",
                                                             "ListBucketVersions",
                                                             "PutAccelerateConfiguration",
                                                             "PutAnalyticsConfiguration",
                                                             "PutBucketAcl",
                                                             "PutBucketCORS",
                                                             "PutBucketLogging",
                                                             "PutBucketNotification",
                                                             "PutBucketObjectLockConfiguration",
                                                             "PutBucketOwnershipControls",
                                                             "PutBucketPolicy",
                                                             "PutBucketPublicAccessBlock",
                                                             "PutBucketRequestPayment",
                                                             "PutBucketTagging",
                                                             "PutBucketVersioning",
                                                             "PutBucketWebsite",
                                                             "PutEncryptionConfiguration",
                                                             "PutIntelligentTieringConfiguration",
                                                             "PutInventoryConfiguration",
                                                             "PutLifecycleConfiguration",
                                                             "PutMetricsConfiguration",
                                                             "PutReplicationConfiguration",
                                                             "GetBucketAbac",
                                                             "PutBucketAbac"};
struct KeyFact {
  std::string_view key;      // without "s3:"; a trailing slash: any name may follow
  std::string_view actions;  // the only ones that set it, each between blanks; empty: any
};
constexpr std::string_view kListing = " listbucket listbucketversions ";
constexpr std::string_view kAcl = " createbucket putbucketacl putobject putobjectacl putobjectversionacl ";
constexpr std::string_view kWriting = " putobject replicateobject ";
constexpr std::string_view kClassed = " putobject putobjectacl putobjectversionacl ";
// On attributes they never match, but are taken.
constexpr std::string_view kOfTaggedObject =
    " getobject getobjectversion getobjectacl getobjectversionacl putobjectacl putobjectversionacl getobjecttagging "
    "getobjectversiontagging putobjecttagging putobjectversiontagging deleteobjecttagging deleteobjectversiontagging "
    "getobjectattributes getobjectversionattributes ";
constexpr std::string_view kTagging = " putobject putobjecttagging putobjectversiontagging ";
constexpr std::string_view kVersions =
    " deleteobjectversion deleteobjectversiontagging getobjectversion getobjectversionacl getobjectversionattributes "
    "getobjectversiontagging getobjectversiontorrent putobjectversionacl putobjectversiontagging ";
constexpr std::array kKeyFacts = {KeyFact{"prefix", kListing},
                                  KeyFact{"delimiter", kListing},
                                  KeyFact{"max-keys", kListing},
                                  KeyFact{"locationconstraint", " createbucket "},
                                  KeyFact{"versionid", kVersions},
                                  KeyFact{"x-amz-acl", kAcl},
                                  KeyFact{"x-amz-grant-full-control", kAcl},
                                  KeyFact{"x-amz-grant-read", kAcl},
                                  KeyFact{"x-amz-grant-read-acp", kAcl},
                                  KeyFact{"x-amz-grant-write", {}},
                                  KeyFact{"x-amz-grant-write-acp", {}},
                                  KeyFact{"x-amz-copy-source", " putobject "},
                                  KeyFact{"x-amz-metadata-directive", " putobject "},
                                  KeyFact{"x-amz-server-side-encryption", kWriting},
                                  KeyFact{"x-amz-server-side-encryption-aws-kms-key-id", kWriting},
                                  KeyFact{"x-amz-server-side-encryption-customer-algorithm", kWriting},
                                  KeyFact{"x-amz-storage-class", kClassed},
                                  KeyFact{"x-amz-website-redirect-location", " putobject "},
                                  KeyFact{"x-amz-object-ownership", " createbucket "},
                                  KeyFact{"x-amz-content-sha256", {}},
                                  KeyFact{"signatureversion", {}},
                                  KeyFact{"authtype", {}},
                                  KeyFact{"signatureage", {}},
                                  KeyFact{"tlsversion", {}},
                                  KeyFact{"resourceaccount", {}},
                                  KeyFact{"dataaccesspointarn", {}},
                                  KeyFact{"dataaccesspointaccount", {}},
                                  KeyFact{"accesspointnetworkorigin", {}},
                                  KeyFact{"accessgrantsinstancearn", {}},
                                  KeyFact{"object-lock-mode", {}},
                                  KeyFact{"object-lock-remaining-retention-days", {}},
                                  KeyFact{"object-lock-retain-until-date", {}},
                                  KeyFact{"object-lock-legal-hold", {}},
                                  KeyFact{"existingobjecttag/", kOfTaggedObject},
                                  KeyFact{"requestobjecttag/", kTagging},
                                  KeyFact{"requestobjecttagkeys", kTagging},
                                  KeyFact{"buckettag/", {}},
                                  KeyFact{"if-match", " putobject "},
                                  KeyFact{"if-none-match", " putobject "},
                                  KeyFact{"objectcreationoperation", " putobject "},
                                  KeyFact{"inventoryaccessibleoptionalfields", " putinventoryconfiguration "}};

/// A pattern of action names, "s3:Get*"; "*" covers all.
class ActionMatcher {
 public:
  explicit ActionMatcher(std::string_view pattern) : arena_(256) {
    const std::string lowered = ascii_lower(pattern);
    std::string_view names = lowered;
    if (names == "*" || names == "*:*") {
      names = "*";
    } else if (names.starts_with("s3:")) {
      names.remove_prefix(3);
    } else {
      names = {};
    }
    std::vector<Token> tokens;
    tokenize(names, {true, false}, arena_, tokens);
    GlobBuilder builder;
    builder.append(tokens);
    glob_ = builder.store(arena_);
  }
  [[nodiscard]] bool covers(std::string_view name) const { return matches(glob_, ascii_lower(name)); }
  [[nodiscard]] bool covers_any(std::span<const std::string_view> names) const {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return covers(name); });
  }

 private:
  Arena arena_;
  Glob glob_;
};

const KeyFact* find_fact(std::string_view key) {
  const std::string lowered = ascii_lower(key.substr(3));
  for (const KeyFact& fact : kKeyFacts) {
    if (fact.key == lowered || (fact.key.back() == '/' && lowered.starts_with(fact.key))) return &fact;
  }
  return nullptr;
}

/// Of names between blanks.
bool covers_one_of(const ActionMatcher& matcher, std::string_view list) {
  while (list.size() > 1) {
    list.remove_prefix(1);
    const std::size_t blank = list.find(' ');
    if (matcher.covers(list.substr(0, blank))) return true;
    list.remove_prefix(blank);
  }
  return false;
}

bool contains(const std::vector<std::string_view>& lists, std::string_view list) {
  return std::find(lists.begin(), lists.end(), list) != lists.end();
}

bool is_own_key(std::string_view key) { return key.size() > 3 && same_ignoring_case(key.substr(0, 3), "s3:"); }

}  // namespace

std::uint8_t s3_targets(std::string_view action_pattern) {
  const ActionMatcher matcher(action_pattern);
  unsigned targets = 0;
  if (matcher.covers_any(kBucketActions)) targets |= kOnBucket;
  if (matcher.covers_any(kObjectActions)) targets |= kOnObject;
  if (targets == 0) return kUnknownAction;
  return static_cast<std::uint8_t>(targets);
}

bool is_s3_key(std::string_view key) { return !is_own_key(key) || find_fact(key) != nullptr; }

const ConditionEntry* s3_unfit_key(std::span<const ConditionEntry> entries, std::span<const Text> action_patterns) {
  std::array<bool, kKeyFacts.size()> asked{};
  std::vector<std::string_view> lists;  // of actions that set a key, each once
  for (const ConditionEntry& entry : entries) {
    const KeyFact* fact = is_own_key(entry.key) ? find_fact(entry.key) : nullptr;
    if (fact == nullptr || fact->actions.empty()) continue;
    asked[static_cast<std::size_t>(fact - kKeyFacts.data())] = true;
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i] && !contains(lists, kKeyFacts[i].actions)) lists.push_back(kKeyFacts[i].actions);
  }
  // One action that does not set a key spoils the statement; of those that a pattern covers, one is enough.
  std::vector<bool> unfit(lists.size());
  for (std::size_t i = 0; i < action_patterns.size() && !lists.empty(); ++i) {
    const ActionMatcher matcher(action_patterns[i].value);
    for (std::size_t k = 0; k < lists.size(); ++k) unfit[k] = unfit[k] || !covers_one_of(matcher, lists[k]);
  }
  for (std::size_t k = lists.size(); k-- > 0;) {
    if (!unfit[k]) lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(k));
  }
  if (lists.empty()) return nullptr;
  for (const ConditionEntry& entry : entries) {
    const KeyFact* fact = is_own_key(entry.key) ? find_fact(entry.key) : nullptr;
    if (fact != nullptr && contains(lists, fact->actions)) return &entry;
  }
  return nullptr;
}

}  // namespace deputy::policy
