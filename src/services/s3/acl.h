// Access control lists: what requests say of them, what is stored, and what a stored one grants. Nothing here asks for
// permission or writes; buckets and objects have the same lists.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/s3/shapes.h"
#include "services/operation.h"

namespace deputy::s3 {

using directory::AccessControlList;
using directory::AclGrant;
using Permission = directory::AclGrant::Permission;

inline constexpr std::string_view kAllUsers = "http://acs.amazonaws.com/groups/global/AllUsers";
inline constexpr std::string_view kAuthenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
inline constexpr std::string_view kLogDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";
/// The canonical user of everybody who does not sign: whose objects are that such a caller wrote.
inline constexpr std::string_view kAnonymousUser = "65a011a29cdf8ec533ec3d1ccaae921c";

/// Of one list.
inline constexpr std::size_t kMostGrants = 100;

/// 64 hex digits that stand for an account in S3's own answers; made from the account id, so the same everywhere. Of no
/// account: the anonymous user.
std::string canonical_user_id(const AccountId& account);

/// Whether lists count in a bucket: not where all belongs to the bucket owner. [S-173]
inline bool takes_acls(const directory::Bucket& bucket) {
  return bucket.access.ownership != directory::ObjectOwnership::kBucketOwnerEnforced;
}

/// x-amz-acl and x-amz-grant-* of a request. Borrowed from its input.
struct AclHeaders {
  std::optional<std::string_view> canned = {};
  struct Grants {
    std::string_view header;  // "x-amz-grant-read"
    Permission permission;
    policy::Key key;
    std::optional<std::string_view> text = {};
  };
  std::vector<Grants> grants = {};  // of the headers that were sent

  /// Whether anything is said at all.
  [[nodiscard]] bool any() const { return canned || !grants.empty(); }
  /// Whether more is said than what is so anyway.
  [[nodiscard]] bool asks_for_more_than_private() const { return !grants.empty() || (canned && *canned != "private"); }
};

AclHeaders acl_headers(const std::optional<std::string>& canned, const std::optional<std::string>& full_control,
                       const std::optional<std::string>& read, const std::optional<std::string>& read_acp,
                       const std::optional<std::string>& write, const std::optional<std::string>& write_acp);
/// Of the input of any operation that takes them.
template <class Input>
AclHeaders acl_headers(const Input& in) {
  static const std::optional<std::string> kNone;
  const auto& write = [&]() -> const std::optional<std::string>& {
    if constexpr (requires { in.grant_write; }) {
      return in.grant_write;
    } else {
      return kNone;
    }
  }();
  return acl_headers(in.acl, in.grant_full_control, in.grant_read, in.grant_read_acp, write, in.grant_write_acp);
}

/// s3:x-amz-acl and s3:x-amz-grant-* of what is asked for. [S-233]
void add_acl_keys(services::Access& access, const AclHeaders& headers);

/// Whose list it is.
struct AclOwners {
  AccountId owner;         // of the bucket or the object; empty: the anonymous user
  AccountId bucket_owner;  // of objects: bucket-owner-read, …
  bool object = false;
};

/// The list that the headers ask for; nothing: they say nothing, or `private`. Errors: InvalidArgument, InvalidRequest.
Result<std::optional<AccessControlList>> acl_of_headers(const directory::Snapshot& snapshot, const AclHeaders& headers,
                                                        const AclOwners& owners);
/// The list of a document. Errors: MalformedACLError, InvalidArgument, MethodNotAllowed, AccessDenied if it names another
/// owner.
Result<AccessControlList> acl_of_document(const directory::Snapshot& snapshot,
                                          const shapes::AccessControlPolicy& document, const AclOwners& owners);
/// What a request to replace a list asks for, by headers or by a document. Errors: both of the above,
/// MissingSecurityHeader, UnexpectedContent.
Result<std::optional<AccessControlList>> acl_of_request(const directory::Snapshot& snapshot, const AclHeaders& headers,
                                                        const std::optional<shapes::AccessControlPolicy>& document,
                                                        const AclOwners& owners);

/// As it is shown; nothing: private.
std::vector<shapes::Grant> shown_grants(const std::optional<AccessControlList>& acl, const AccountId& owner);
shapes::Owner shown_owner(const AccountId& owner);

/// Whether it grants anything to everybody, or to everybody who signs: what S3 Block Public Access calls public.
bool is_public(const AccessControlList& acl);
/// Whether it grants anything to somebody else than the owner.
bool grants_to_others(const AccessControlList& acl, const AccountId& owner);
/// Whether it grants the permission to the caller. `ignore_public`: what it grants to everybody does not count. [S-192]
bool grants(const AccessControlList& acl, const directory::Caller& caller, Permission permission, bool ignore_public);

/// What of a bucket's list, and of an object's, allows an action; nothing: no list allows it. [S-188]
std::optional<Permission> permission_on_bucket(std::string_view action);
std::optional<Permission> permission_on_object(std::string_view action);

}  // namespace deputy::s3
