#include "services/s3/buckets.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/s3/bucket_tags.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"

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

}  // namespace

Result<Accesses> CreateBucket::access(const At& at, const Input& in) {
  if (!is_valid_bucket_name(in.bucket)) return errors::invalid_bucket_name(in.bucket);
  // Asked in the caller's own account even where the name is another's: that it is taken shows only afterwards.
  services::Access access = bucket_access(at, "s3:CreateBucket", in.bucket);
  access.owner = {};
  access.keys.clear();
  if (in.acl) access.keys.emplace_back(policy::Key::kS3XAmzAcl, *in.acl);
  if (in.create_bucket_configuration && in.create_bucket_configuration->location_constraint) {
    access.keys.emplace_back(policy::Key::kS3LocationConstraint, *in.create_bucket_configuration->location_constraint);
  }
  if (tags_of(in).empty()) return Accesses{std::move(access)};
  for (const auto& [key, value] : tags_of(in)) access.request_tags.push_back({key, value});
  services::Access tagging = access;
  tagging.action = policy::Action("s3:TagResource");
  return Accesses{std::move(access), std::move(tagging)};
}

namespace {

/// What CreateBucket can ask for and Deputy does not have is refused, never taken in silence.
Result<void> refuse_unbuilt(const CreateBucket::Input& in) {
  const auto refuse = errors::header_not_implemented;
  if (in.acl && *in.acl != "private") return refuse("x-amz-acl");
  if (in.grant_full_control || in.grant_read || in.grant_read_acp || in.grant_write || in.grant_write_acp) {
    return refuse("x-amz-grant-*");
  }
  if (in.object_lock_enabled_for_bucket.value_or(false)) return refuse("x-amz-bucket-object-lock-enabled");
  if (in.object_ownership && *in.object_ownership != "BucketOwnerEnforced") return refuse("x-amz-object-ownership");
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
  Output out;
  out.location = at.region == kClassicRegion && region == kClassicRegion ? "/" + in.bucket
                                                                         : "http://" + in.bucket + ".s3.amazonaws.com/";
  out.bucket_arn = "arn:aws:s3:::" + in.bucket;
  if (const Bucket* existing = at.snapshot.bucket(in.bucket)) {
    if (existing->account != at.caller.account_id()) return errors::bucket_already_exists(in.bucket);
    const bool classic = region == kClassicRegion && existing->region == kClassicRegion;
    if (classic && tags.empty()) return Outcome<Output>{std::move(out)};  // nothing changes, its tags neither
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
  outcome.changes.create(bucket);
  return outcome;
}

Result<Accesses> DeleteBucket::access(const At& at, const Input& in) {
  return Accesses{bucket_access(at, "s3:DeleteBucket", in.bucket)};
}

Result<Outcome<DeleteBucket::Output>> DeleteBucket::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Outcome<Output> outcome{};
  outcome.changes.erase(*bucket);
  return outcome;
}

Result<Accesses> HeadBucket::access(const At& at, const Input& in) {
  return Accesses{bucket_access(at, "s3:ListBucket", in.bucket)};
}

Result<Outcome<HeadBucket::Output>> HeadBucket::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Output out;
  out.bucket_region = region_of(*bucket);
  out.bucket_arn = bucket->arn();
  out.access_point_alias = false;
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> GetBucketLocation::access(const At& at, const Input& in) {
  return Accesses{bucket_access(at, "s3:GetBucketLocation", in.bucket)};
}

Result<Outcome<GetBucketLocation::Output>> GetBucketLocation::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Output out;
  out.location_constraint = bucket->region == kClassicRegion ? "" : bucket->region;
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::s3
