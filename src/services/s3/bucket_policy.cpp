#include "services/s3/bucket_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "authz/authorize.h"
#include "directory/principals.h"
#include "policy/compiled.h"
#include "policy/principal_names.h"
#include "policy/principals.h"
#include "policy/public_access.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using policy::Document;
using policy::PrincipalElement;
using policy::PrincipalKind;

namespace {

constexpr policy::Kind kKind = policy::Kind::kBucket;

std::string_view type_of(PrincipalKind kind) {
  switch (kind) {
    case PrincipalKind::kService:
      return "Service";
    case PrincipalKind::kFederated:
      return "Federated";
    case PrincipalKind::kCanonicalUser:
      return "CanonicalUser";
    default:
      return "AWS";
  }
}

/// A principal as S3 shows it: "AWS" : "arn:…"
std::string shown(const PrincipalElement& principal) {
  return fmt::format("\"{}\" : \"{}\"", type_of(principal.kind), principal.text.value);
}

/// What the Detail of an error shows: the principal, action or resource that is wrong, as it was written; nothing for
/// other faults. [S-205]
std::string detail_of(const Document& document, const policy::Problem& problem) {
  const auto is_there = [&](const policy::Text& text) { return text.position.offset == problem.position.offset; };
  for (const policy::Statement& statement : document.statements) {
    for (const PrincipalElement& principal : statement.principals) {
      if (is_there(principal.text)) return shown(principal);
    }
    for (const auto& texts : {statement.actions, statement.resources}) {
      const auto found = std::ranges::find_if(texts, is_there);
      if (found != texts.end()) return std::string(found->value);
    }
  }
  return {};
}

Error invalid_principal(const PrincipalElement& principal) { return errors::invalid_principal(shown(principal)); }

/// Principals that directory/principals.h does not look up.
Result<void> check_others(const directory::Snapshot& snapshot, const PrincipalElement& principal) {
  const std::string_view value = principal.text.value;
  switch (principal.kind) {
    case PrincipalKind::kService:
      if (!policy::is_service_principal(value)) return invalid_principal(principal);
      return {};
    case PrincipalKind::kFederated:
      if (!policy::is_built_in_provider(value) && snapshot.oidc_provider_by_arn(value) == nullptr &&
          snapshot.saml_provider_by_arn(value) == nullptr) {
        return invalid_principal(principal);
      }
      return {};
    case PrincipalKind::kCanonicalUser:  // README: what is not built
      return invalid_principal(principal);
    default:
      return {};
  }
}

struct Read {
  directory::StoredPolicy stored;
  bool is_public = false;
};

/// What is to be stored of a document. Errors: MalformedPolicy, PolicyTooLarge.
Result<Read> read(const directory::Snapshot& snapshot, std::string_view text, std::string_view bucket) {
  const auto malformed = [](const policy::Problem& problem, std::string detail = {}) {
    return errors::malformed_policy(problem.message, detail);
  };
  if (!text.starts_with('{')) return errors::no_policy();  // white space in front counts
  const auto document = policy::parse(text, kKind);
  if (!document) return malformed(document.error());
  if (policy::size_without_white_space(text) > kMostPolicyBytes) return errors::policy_too_large(kMostPolicyBytes);
  if (const auto valid = policy::validate_for_bucket(*document, bucket); !valid) {
    return malformed(valid.error(), detail_of(*document, valid.error()));
  }
  auto stored = directory::to_ids(snapshot, *document, directory::Strangers::kRefused);
  if (!stored) return invalid_principal(*stored.error().element);
  for (const policy::PrincipalAt& principal : policy::principals_of(*document)) {
    TRY_VOID(check_others(snapshot, *principal.element));
  }
  if (const auto compiled = policy::compile(stored->text, kKind); !compiled) return malformed(compiled.error());
  return Read{std::move(stored).value(), policy::is_public(*document)};
}

/// The bucket whose policy it is, to callers of its account. [S-201]
Result<const Bucket*> own_bucket(const At& at, std::string_view name, const std::optional<std::string>& expected_owner,
                                 std::string_view method) {
  TRY(const Bucket* bucket, find_bucket(at, name, expected_owner));
  if (at.caller.account == nullptr || at.caller.account_id() != bucket->account) {
    return errors::policy_of_another(method);
  }
  return bucket;
}

}  // namespace

Result<Accesses> GetBucketPolicy::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketPolicy", in);
}

Result<Outcome<GetBucketPolicy::Output>> GetBucketPolicy::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, own_bucket(at, in.bucket, in.expected_bucket_owner, "GET"));
  const directory::BucketAccess& access = bucket->access;
  if (!access.has_policy()) return errors::no_bucket_policy(in.bucket);
  Output out;
  out.policy = directory::to_arns(at.snapshot, access.policy.text(), access.policy_principals, kKind);
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutBucketPolicy::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketPolicy", in);
}

Result<Outcome<PutBucketPolicy::Output>> PutBucketPolicy::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, own_bucket(at, in.bucket, in.expected_bucket_owner, "PUT"));
  TRY(Read policy, read(at.snapshot, in.policy, in.bucket));
  if (policy.is_public && effective_block(at.snapshot, *before).block_policy) {
    return errors::public_policy_blocked(at.caller.arn, before->arn());
  }
  Bucket bucket = *before;
  bucket.access.policy = directory::PolicyText(std::move(policy.stored.text));
  bucket.access.policy_principals = std::move(policy.stored.principals);
  return services::written<Output>(bucket);
}

Result<Accesses> DeleteBucketPolicy::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:DeleteBucketPolicy", in);
}

Result<Outcome<DeleteBucketPolicy::Output>> DeleteBucketPolicy::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, own_bucket(at, in.bucket, in.expected_bucket_owner, "DELETE"));
  if (!before->access.has_policy()) return Outcome<Output>{};
  Bucket bucket = *before;
  bucket.access.policy = {};
  bucket.access.policy_principals.clear();
  return services::written<Output>(bucket);
}

Result<Accesses> GetBucketPolicyStatus::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketPolicyStatus", in);
}

Result<Outcome<GetBucketPolicyStatus::Output>> GetBucketPolicyStatus::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (!bucket->access.has_policy()) return errors::no_bucket_policy(in.bucket);
  Output out;
  out.policy_status.emplace().is_public = bucket->access.policy_is_public;
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::s3
