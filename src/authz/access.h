// What an operation needs to be allowed: a list of these, computed by the operation from its input and the snapshot,
// all of which must be granted [E-14, M-15]. AssumeRole with tags needs two, with a source identity three.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "directory/entities.h"
#include "policy/evaluate.h"
#include "policy/request.h"

namespace deputy::authz {

/// One action on one resource. Views and pointers are into static data or the snapshot.
struct Access {
  policy::Action action;  // spelled as AWS spells it: denials quote it
  std::string resource;   // ARN, or "*" where the action has no resource type [M-12]
  AccountId owner;        // of the resource; empty: the caller's account

  /// The policy that hangs on the resource, if its type has one; for a role that does not exist: none, and kTrust.
  const policy::CompiledPolicy* resource_policy = nullptr;
  policy::ResourceKind resource_kind = policy::ResourceKind::kGeneric;
  bool resource_policy_only_denies = false;        // what it allows does not count for this caller
  bool granted_by_acl = false;                     // the resource's access control list allows the caller what it does
  const directory::Tags* resource_tags = nullptr;  // aws:ResourceTag [K-8]
  directory::Tags overriding_resource_tags =
      {};  // stand for those of the same key: transitive tags at the next role [T-11]

  directory::Tags request_tags = {};                           // aws:RequestTag, and aws:TagKeys with `tag_keys` [K-9]
  std::vector<std::string> tag_keys = {};                      // keys alone, as of an untagging
  const directory::Tags* object_tags = nullptr;                // s3:ExistingObjectTag, of the object that is there
  directory::Tags request_object_tags = {};                    // s3:RequestObjectTag, and s3:RequestObjectTagKeys
  std::vector<std::pair<policy::Key, std::string>> keys = {};  // context keys of this access
  std::vector<std::pair<policy::Key, std::vector<std::string>>> lists = {};  // multivalued ones

  /// What a denial says, and all that it says, where the resource's policy does not allow the caller of another account:
  /// of a service that tells such callers less. Empty: AWS's usual sentence.
  std::string_view ungranted = {};

  /// The account itself allows it, as an account can let every user change its own password: that counts like one more
  /// identity policy, so a Deny, a boundary and a session policy still stand.
  bool account_allows = false;
};
using Accesses = std::vector<Access>;

}  // namespace deputy::authz
