#include "services/s3/bucket_tags.h"

#include <algorithm>
#include <set>

#include "protocol/pattern.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using protocol::Member;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

/// What a key or a value may be, as models/annotations.json says it.
const protocol::Shape& shape_of(std::string_view member) {
  const auto find = [](const protocol::Structure& type, std::string_view name) -> const protocol::Shape& {
    return *std::ranges::find(type.members, name, &Member::name)->shape;
  };
  const protocol::Shape& tagging = find(*PutBucketTagging::model.input, "Tagging");
  return find(*find(*tagging.structure, "TagSet").element->structure, member);
}

bool fits(const protocol::Shape& shape, std::string_view text) {
  const auto points =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; });
  return points >= shape.min && points <= shape.max && shape.pattern->matches(text);
}

}  // namespace

Result<directory::Tags> checked_tags(std::span<const shapes::Tag> tags, Tagging of) {
  static const protocol::Shape& key_shape = shape_of("Key");
  static const protocol::Shape& value_shape = shape_of("Value");
  const std::size_t most = of == Tagging::kObject ? kMostObjectTags : kMostBucketTags;
  if (tags.size() > most)
    return of == Tagging::kObject ? errors::too_many_object_tags() : errors::too_many_bucket_tags();
  directory::Tags checked;
  std::set<std::string_view> keys;
  for (const auto& [key, value] : tags) {
    if (!keys.insert(key).second) return errors::tag_key_twice(key);
    if (key.starts_with("aws:")) {
      return of == Tagging::kObject   ? errors::reserved_object_tag(key)
             : of == Tagging::kBucket ? errors::reserved_bucket_tag(key)
                                      : errors::reserved_new_bucket_tag(key);
    }
    if (!fits(key_shape, key)) return errors::bad_tag_key(key);
    if (!fits(value_shape, value)) return errors::bad_tag_value(key, value);
    checked.push_back({key, value});
  }
  return checked;
}

Result<Accesses> GetBucketTagging::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketTagging", in);
}

Result<Outcome<GetBucketTagging::Output>> GetBucketTagging::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (bucket->tags.empty()) return errors::no_such_tag_set(in.bucket);
  Output out;
  for (const auto& [key, value] : bucket->tags) out.tag_set.push_back({key, value});
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutBucketTagging::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketTagging", in);
}

Result<Outcome<PutBucketTagging::Output>> PutBucketTagging::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Bucket bucket = *before;
  TRY(bucket.tags, checked_tags(in.tagging.tag_set, Tagging::kBucket));
  return services::written<Output>(bucket);
}

Result<Accesses> DeleteBucketTagging::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketTagging", in);
}

Result<Outcome<DeleteBucketTagging::Output>> DeleteBucketTagging::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (before->tags.empty()) return Outcome<Output>{};
  Bucket bucket = *before;
  bucket.tags.clear();
  return services::written<Output>(bucket);
}

}  // namespace deputy::s3
