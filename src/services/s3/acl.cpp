#include "services/s3/acl.h"

#include <algorithm>
#include <array>

#include "crypto/digest.h"
#include "services/s3/errors.h"

namespace deputy::s3 {
namespace {

using directory::Caller;
using directory::Snapshot;

/// EC2, which reads bundles of machine images: of aws-exec-read.
constexpr std::string_view kExecReader = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

struct PermissionName {
  std::string_view name;
  Permission permission;
};
constexpr std::array kPermissions = {
    PermissionName{"FULL_CONTROL", Permission::kFullControl}, PermissionName{"WRITE", Permission::kWrite},
    PermissionName{"WRITE_ACP", Permission::kWriteAcp}, PermissionName{"READ", Permission::kRead},
    PermissionName{"READ_ACP", Permission::kReadAcp}};

std::string_view name_of(Permission permission) {
  return std::ranges::find(kPermissions, permission, &PermissionName::permission)->name;
}

bool is_group(std::string_view uri) { return uri == kAllUsers || uri == kAuthenticatedUsers || uri == kLogDelivery; }
bool is_open_group(std::string_view uri) { return uri == kAllUsers || uri == kAuthenticatedUsers; }

/// Whether an account of this installation has the id, or it is one of those that AWS's own lists name.
bool is_canonical_user(const Snapshot& snapshot, std::string_view id) {
  if (id == kExecReader || id == kAnonymousUser) return true;
  bool found = false;
  constexpr std::size_t kDigits = 64;
  if (id.size() != kDigits) return false;
  snapshot.accounts().each(
      [&](const directory::AccountState& account) { found = found || canonical_user_id(account.account.id) == id; });
  return found;
}

/// Cuts a piece up to a comma off a header's value, without blanks around it.
std::string_view cut_piece(std::string_view& text) {
  const std::size_t end = text.find(',');
  std::string_view piece = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  while (piece.starts_with(' ')) piece.remove_prefix(1);
  while (piece.ends_with(' ')) piece.remove_suffix(1);
  return piece;
}

/// id="…", uri="…", emailAddress="…"; the quotes may be missing.
Result<std::string> grantee_of(const Snapshot& snapshot, std::string_view header, std::string_view piece,
                               std::string_view whole) {
  const std::size_t equals = piece.find('=');
  if (equals == std::string_view::npos) return errors::argument_format(header, whole);
  const std::string_view type = piece.substr(0, equals);
  std::string_view value = piece.substr(equals + 1);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  if (type == "id") {
    if (!is_canonical_user(snapshot, value)) return errors::invalid_grantee_id("id", value);
  } else if (type == "uri") {
    if (!is_group(value)) return errors::invalid_grantee_group("uri", value);
  } else if (type == "emailAddress") {
    return errors::email_grantee();
  } else {
    return errors::argument_format(header, whole);
  }
  return std::string(value);
}

Result<std::vector<AclGrant>> grants_of_headers(const Snapshot& snapshot, const AclHeaders& headers) {
  std::vector<AclGrant> grants;
  for (const AclHeaders::Grants& said : headers.grants) {
    std::string_view rest = *said.text;
    if (rest.empty()) return errors::argument_format(said.header, *said.text);
    while (!rest.empty()) {
      if (grants.size() == kMostGrants) return errors::malformed_acl();
      TRY(std::string grantee, grantee_of(snapshot, said.header, cut_piece(rest), *said.text));
      grants.push_back({std::move(grantee), said.permission});
    }
  }
  return grants;
}

/// What a name of x-amz-acl stands for; nothing: private.
std::optional<AccessControlList> canned_acl(std::string_view name, const AclOwners& owners) {
  AccessControlList acl;
  acl.grants.push_back({canonical_user_id(owners.owner), Permission::kFullControl});
  const auto add = [&](std::string grantee, Permission permission) {
    acl.grants.push_back({std::move(grantee), permission});
  };
  const std::string bucket_owner = canonical_user_id(owners.bucket_owner);
  const bool of_another = owners.object && owners.owner != owners.bucket_owner;
  if (name == "public-read") {
    add(std::string(kAllUsers), Permission::kRead);
  } else if (name == "public-read-write") {
    add(std::string(kAllUsers), Permission::kRead);
    add(std::string(kAllUsers), Permission::kWrite);
  } else if (name == "authenticated-read") {
    add(std::string(kAuthenticatedUsers), Permission::kRead);
  } else if (name == "aws-exec-read") {
    add(std::string(kExecReader), Permission::kRead);
  } else if (name == "log-delivery-write" && !owners.object) {
    add(std::string(kLogDelivery), Permission::kWrite);
    add(std::string(kLogDelivery), Permission::kReadAcp);
  } else if (name == "bucket-owner-read" && of_another) {
    add(bucket_owner, Permission::kRead);
  } else if (name == "bucket-owner-full-control" && of_another) {
    add(bucket_owner, Permission::kFullControl);
  } else {
    return std::nullopt;
  }
  return acl;
}

Result<AclGrant> grant_of(const Snapshot& snapshot, const shapes::Grant& grant) {
  if (!grant.grantee || !grant.permission) return errors::malformed_acl();
  const auto permission = std::ranges::find(kPermissions, *grant.permission, &PermissionName::name);
  if (permission == kPermissions.end()) return errors::malformed_acl();
  const shapes::Grantee& to = *grant.grantee;
  if (to.type == "CanonicalUser") {
    if (!to.id) return errors::malformed_acl();
    if (!is_canonical_user(snapshot, *to.id)) {
      return errors::invalid_grantee_id("CanonicalUser/ID", *to.id);
    }
    return AclGrant{*to.id, permission->permission};
  }
  if (to.type == "Group") {
    if (!to.uri) return errors::malformed_acl();
    if (!is_group(*to.uri)) return errors::invalid_grantee_group("Group/URI", *to.uri);
    return AclGrant{*to.uri, permission->permission};
  }
  if (to.type == "AmazonCustomerByEmail") return errors::email_grantee();
  return errors::malformed_acl();
}

std::string canonical_user_of(const Caller& caller) {
  return caller.account != nullptr ? canonical_user_id(caller.account_id()) : std::string(kAnonymousUser);
}

struct ActionFact {
  std::string_view action;
  Permission permission;
};
constexpr std::array kOnBucket = {ActionFact{"s3:ListBucket", Permission::kRead},
                                  ActionFact{"s3:ListBucketVersions", Permission::kRead},
                                  ActionFact{"s3:ListBucketMultipartUploads", Permission::kRead},
                                  ActionFact{"s3:PutObject", Permission::kWrite},
                                  ActionFact{"s3:DeleteObject", Permission::kWrite},
                                  ActionFact{"s3:DeleteObjectVersion", Permission::kWrite},
                                  ActionFact{"s3:GetBucketAcl", Permission::kReadAcp},
                                  ActionFact{"s3:PutBucketAcl", Permission::kWriteAcp}};
constexpr std::array kOnObject = {ActionFact{"s3:GetObject", Permission::kRead},
                                  ActionFact{"s3:GetObjectVersion", Permission::kRead},
                                  ActionFact{"s3:GetObjectAcl", Permission::kReadAcp},
                                  ActionFact{"s3:GetObjectVersionAcl", Permission::kReadAcp},
                                  ActionFact{"s3:PutObjectAcl", Permission::kWriteAcp},
                                  ActionFact{"s3:PutObjectVersionAcl", Permission::kWriteAcp},
                                  ActionFact{"s3:GetObjectAttributes", Permission::kRead},
                                  ActionFact{"s3:GetObjectVersionAttributes", Permission::kRead}};

template <class Facts>
std::optional<Permission> find_in(const Facts& facts, std::string_view action) {
  const auto found = std::ranges::find(facts, action, &ActionFact::action);
  if (found == facts.end()) return std::nullopt;
  return found->permission;
}

}  // namespace

std::string canonical_user_id(const AccountId& account) {
  if (account.empty()) return std::string(kAnonymousUser);
  return crypto::sha256({"canonical user of account ", account.view()}).hex();
}

AclHeaders acl_headers(const std::optional<std::string>& canned, const std::optional<std::string>& full_control,
                       const std::optional<std::string>& read, const std::optional<std::string>& read_acp,
                       const std::optional<std::string>& write, const std::optional<std::string>& write_acp) {
  using policy::Key;
  AclHeaders out;
  if (canned) out.canned = *canned;
  const auto add = [&](std::string_view header, Permission permission, Key key,
                       const std::optional<std::string>& text) {
    if (text) out.grants.push_back({header, permission, key, *text});
  };
  add("x-amz-grant-full-control", Permission::kFullControl, Key::kS3XAmzGrantFullControl, full_control);
  add("x-amz-grant-read", Permission::kRead, Key::kS3XAmzGrantRead, read);
  add("x-amz-grant-read-acp", Permission::kReadAcp, Key::kS3XAmzGrantReadAcp, read_acp);
  add("x-amz-grant-write", Permission::kWrite, Key::kS3XAmzGrantWrite, write);
  add("x-amz-grant-write-acp", Permission::kWriteAcp, Key::kS3XAmzGrantWriteAcp, write_acp);
  return out;
}

void add_acl_keys(services::Access& access, const AclHeaders& headers) {
  if (headers.canned) access.keys.emplace_back(policy::Key::kS3XAmzAcl, *headers.canned);
  for (const AclHeaders::Grants& said : headers.grants) access.keys.emplace_back(said.key, *said.text);
}

Result<std::optional<AccessControlList>> acl_of_headers(const Snapshot& snapshot, const AclHeaders& headers,
                                                        const AclOwners& owners) {
  if (headers.canned && !headers.grants.empty()) return errors::canned_and_grants();
  if (headers.canned) return canned_acl(*headers.canned, owners);
  if (headers.grants.empty()) return std::optional<AccessControlList>();
  TRY(std::vector<AclGrant> grants, grants_of_headers(snapshot, headers));
  return std::optional(AccessControlList{std::move(grants)});
}

Result<AccessControlList> acl_of_document(const Snapshot& snapshot, const shapes::AccessControlPolicy& document,
                                          const AclOwners& owners) {
  if (!document.owner || !document.owner->id || !document.grants) return errors::malformed_acl();
  if (document.grants->size() > kMostGrants) return errors::malformed_acl();
  if (*document.owner->id != canonical_user_id(owners.owner)) return errors::access_denied();
  AccessControlList acl;
  for (const shapes::Grant& grant : *document.grants) {
    TRY(AclGrant one, grant_of(snapshot, grant));
    acl.grants.push_back(std::move(one));
  }
  return acl;
}

Result<std::optional<AccessControlList>> acl_of_request(const Snapshot& snapshot, const AclHeaders& headers,
                                                        const std::optional<shapes::AccessControlPolicy>& document,
                                                        const AclOwners& owners) {
  if (headers.any()) {
    if (document) return errors::unexpected_content();
    return acl_of_headers(snapshot, headers, owners);
  }
  if (!document) return errors::missing_acl();
  TRY(AccessControlList acl, acl_of_document(snapshot, *document, owners));
  return std::optional(std::move(acl));
}

std::vector<shapes::Grant> shown_grants(const std::optional<AccessControlList>& acl, const AccountId& owner) {
  const AccessControlList plain{{{canonical_user_id(owner), Permission::kFullControl}}};
  std::vector<shapes::Grant> shown;
  for (const AclGrant& grant : acl ? acl->grants : plain.grants) {
    shapes::Grantee to;
    if (grant.is_to_group()) {
      to.type = "Group";
      to.uri = grant.grantee;
    } else {
      to.type = "CanonicalUser";
      to.id = grant.grantee;
    }
    shown.push_back({.grantee = std::move(to), .permission = std::string(name_of(grant.permission))});
  }
  return shown;
}

shapes::Owner shown_owner(const AccountId& owner) { return {.display_name = {}, .id = canonical_user_id(owner)}; }

bool is_public(const AccessControlList& acl) {
  return std::ranges::any_of(acl.grants, [](const AclGrant& grant) { return is_open_group(grant.grantee); });
}

bool grants_to_others(const AccessControlList& acl, const AccountId& owner) {
  const std::string own = canonical_user_id(owner);
  return std::ranges::any_of(acl.grants, [&](const AclGrant& grant) { return grant.grantee != own; });
}

bool grants(const AccessControlList& acl, const Caller& caller, Permission permission, bool ignore_public) {
  std::string own;  // made when it is needed
  return std::ranges::any_of(acl.grants, [&](const AclGrant& grant) {
    if (grant.permission != permission && grant.permission != Permission::kFullControl) return false;
    if (grant.grantee == kAllUsers) return !ignore_public;
    if (grant.grantee == kAuthenticatedUsers) return !ignore_public && caller.account != nullptr;
    if (grant.is_to_group()) return false;
    if (caller.account == nullptr && caller.kind != Caller::Kind::kAnonymous) return false;
    if (own.empty()) own = canonical_user_of(caller);
    return grant.grantee == own;
  });
}

std::optional<Permission> permission_on_bucket(std::string_view action) { return find_in(kOnBucket, action); }
std::optional<Permission> permission_on_object(std::string_view action) { return find_in(kOnObject, action); }

}  // namespace deputy::s3
