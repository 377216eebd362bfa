#include "services/s3/buckets.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/s3/bucket_tags.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"
#include "services/s3/ownership.h"
#include "services/s3/versions.h"

namespace deputy::s3 {

using directory::Bucket;

Result<Accesses> ListBuckets::access(const At&, const Input&) {
  return Accesses{{.action = policy::Action("s3:ListAllMyBuckets"), .resource = "arn:aws:s3:::*", .owner = {}}};
}

Result<Outcome<ListBuckets::Output>> ListBuckets::execute(const At& at, const Input& in) {
  constexpr std::int32_t kMostBuckets = 10'000;
  const bool paged = in.max_buckets || in.continuation_token || in.prefix || in.bucket_region;
  std::string from;  // a continuation token is the name to go on behind, in base64
  if (in.continuation_token) {
    const auto after = unbase64(*in.continuation_token);
    if (!after || after->empty()) {
      return errors::invalid_continuation_token();
    }
    from = *after + '\0';
  }
  const auto limit = static_cast<std::size_t>(in.max_buckets.value_or(kMostBuckets));
  Output out;
  out.owner = shapes::Owner{.display_name = {}, .id = canonical_user_id(at.caller.account_id())};
  out.buckets.emplace();
  if (in.prefix) out.prefix = *in.prefix;
  at.caller.account->buckets.scan(from, [&](std::string_view name, const Bucket& bucket) {
    if (in.prefix && !name.starts_with(*in.prefix)) return true;
    if (in.bucket_region && region_of(bucket) != *in.bucket_region) return true;
    if (out.buckets->size() == limit) {
      out.continuation_token = base64(*out.buckets->back().name);
      return false;
    }
    shapes::Bucket& shown = out.buckets->emplace_back();
    shown.name = bucket.name;
    shown.creation_date = bucket.created;
    shown.bucket_arn = bucket.arn();
    if (paged) shown.bucket_region = region_of(bucket);
    return true;
  });
  return Outcome<Output>{std::move(out)};
}

namespace {

std::span<const shapes::Tag> tags_of(const CreateBucket::Input& in) {
  const auto& body = in.create_bucket_configuration;
  return body && body->tags ? std::span<const shapes::Tag>(*body->tags) : std::span<const shapes::Tag>();
}

using directory::ObjectOwnership;

/// What is asked for on a bucket that is not there yet: in the caller's own account, even where the name is another's.
/// That it is taken shows only afterwards.
services::Access access_to_new(const CreateBucket::Input& in, std::string_view action) {
  services::Access access{.action = policy::Action(action),
                          .resource = "arn:aws:s3:::" + in.bucket,
                          .owner = {},
                          .resource_kind = policy::ResourceKind::kBucket};
  add_acl_keys(access, acl_headers(in));
  if (in.object_ownership) access.keys.emplace_back(policy::Key::kS3XAmzObjectOwnership, *in.object_ownership);
  if (in.create_bucket_configuration && in.create_bucket_configuration->location_constraint) {
    access.keys.emplace_back(policy::Key::kS3LocationConstraint, *in.create_bucket_configuration->location_constraint);
  }
  for (const auto& [key, value] : tags_of(in)) access.request_tags.push_back({key, value});
  return access;
}

/// The access of a new bucket as its headers say. Errors: InvalidArgument, InvalidBucketAclWithObjectOwnership,
/// InvalidBucketAclWithBlockPublicAccessError, those of acl_of_headers().
Result<directory::BucketAccess> access_of_new(const At& at, const CreateBucket::Input& in) {
  directory::BucketAccess access;
  if (in.object_ownership) {
    const auto ownership = ownership_named(*in.object_ownership);
    if (!ownership) return errors::invalid_ownership(*in.object_ownership);
    access.ownership = *ownership;
  }
  const AclHeaders headers = acl_headers(in);
  const AccountId& owner = at.caller.account_id();
  TRY(access.acl, acl_of_headers(at.snapshot, headers, {.owner = owner, .bucket_owner = owner}));
  if (access.ownership == ObjectOwnership::kBucketOwnerEnforced && headers.asks_for_more_than_private()) {
    return errors::bucket_acl_with_ownership();
  }
  // A new bucket blocks them, whatever its account does.
  if (access.acl && is_public(*access.acl)) return errors::bucket_acl_with_block();
  return access;
}

}  // namespace

Result<Accesses> CreateBucket::access(const At&, const Input& in) {
  if (!is_valid_bucket_name(in.bucket)) return errors::invalid_bucket_name(in.bucket);
  Accesses all{access_to_new(in, "s3:CreateBucket")};
  if (acl_headers(in).asks_for_more_than_private()) all.push_back(access_to_new(in, "s3:PutBucketAcl"));
  if (in.object_ownership) all.push_back(access_to_new(in, "s3:PutBucketOwnershipControls"));
  if (!tags_of(in).empty()) all.push_back(access_to_new(in, "s3:TagResource"));
  return all;
}

namespace {

/// What CreateBucket can ask for and Deputy does not have is refused, never taken in silence.
Result<void> refuse_unbuilt(const CreateBucket::Input& in) {
  const auto refuse = errors::header_not_implemented;
  if (in.object_lock_enabled_for_bucket.value_or(false)) return refuse("x-amz-bucket-object-lock-enabled");
  const auto& body = in.create_bucket_configuration;
  if (in.bucket_namespace || (body && (body->location || body->bucket))) {
    return errors::configuration_not_implemented();
  }
  return {};
}

/// Whether the model knows it as a LocationConstraint; the classic region is none.
bool is_place(std::string_view constraint) {
  const auto& members = GetBucketLocation::model.output->members;
  const auto member = std::ranges::find(members, "LocationConstraint", &protocol::Member::name);
  return std::ranges::find(member->shape->values, constraint) != member->shape->values.end();
}

/// The region of a new bucket, from the endpoint that was addressed and the constraint in the body.
Result<std::string> region_of_new_bucket(const At& at, const CreateBucket::Input& in) {
  const auto& body = in.create_bucket_configuration;
  const std::string constraint = body ? body->location_constraint.value_or("") : "";
  const bool classic = at.region == kClassicRegion;
  if (classic && !constraint.empty() && !is_place(constraint)) {
    return errors::invalid_location_constraint(constraint);
  }
  const bool is_here = constraint == at.region || (constraint == kEurope && at.region == kRegionOfEurope);
  if (!classic && !is_here) return errors::illegal_location_constraint(constraint);
  return constraint.empty() ? std::string(kClassicRegion) : constraint;
}

}  // namespace

Result<Outcome<CreateBucket::Output>> CreateBucket::execute(const At& at, const Input& in) {
  TRY_VOID(refuse_unbuilt(in));
  TRY(std::string region, region_of_new_bucket(at, in));
  TRY(directory::Tags tags, checked_tags(tags_of(in), Tagging::kNewBucket));
  TRY(directory::BucketAccess access, access_of_new(at, in));
  Output out;
  out.location = at.region == kClassicRegion && region == kClassicRegion ? "/" + in.bucket
                                                                         : "http://" + in.bucket + ".s3.amazonaws.com/";
  out.bucket_arn = "arn:aws:s3:::" + in.bucket;
  if (const Bucket* existing = at.snapshot.bucket(in.bucket)) {
    if (existing->account != at.caller.account_id()) return errors::bucket_already_exists(in.bucket);
    const bool classic = region == kClassicRegion && existing->region == kClassicRegion;
    const bool same = !in.object_ownership || *in.object_ownership == name_of(existing->access.ownership);
    if (classic && same && tags.empty()) return Outcome<Output>{std::move(out)};  // nothing changes, its tags neither
    return errors::bucket_already_owned_by_you(in.bucket);
  }
  Outcome<Output> outcome{std::move(out)};
  Bucket bucket;
  bucket.account = at.caller.account_id();
  bucket.name = in.bucket;
  bucket.region = std::move(region);
  bucket.created = at.now;
  bucket.id = base32(at.entropy.bytes(15));
  bucket.tags = std::move(tags);
  bucket.access = std::move(access);
  outcome.changes.create(bucket);
  return outcome;
}

objects::Looks DeleteBucket::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  return {objects::Emptiness{bucket->id}};
}

Result<Accesses> DeleteBucket::access(const At& at, const Input& in) { return on_bucket(at, "s3:DeleteBucket", in); }

Result<Outcome<DeleteBucket::Output>> DeleteBucket::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (at.seen != nullptr && !at.seen->empty(0)) return errors::bucket_not_empty(in.bucket, is_versioned(*bucket));
  Outcome<Output> outcome{};
  outcome.changes.require_none_under(directory::objects_of(bucket->id));  // nobody writes into it meanwhile
  outcome.changes.erase(*bucket);
  return outcome;
}

Result<Accesses> HeadBucket::access(const At& at, const Input& in) { return on_bucket(at, "s3:ListBucket", in); }

Result<Outcome<HeadBucket::Output>> HeadBucket::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Output out;
  out.bucket_region = region_of(*bucket);
  out.bucket_arn = bucket->arn();
  out.access_point_alias = false;
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> GetBucketLocation::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketLocation", in);
}

Result<Outcome<GetBucketLocation::Output>> GetBucketLocation::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Output out;
  out.location_constraint = bucket->region == kClassicRegion ? "" : bucket->region;
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::s3
