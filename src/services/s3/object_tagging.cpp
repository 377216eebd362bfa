#include "services/s3/object_tagging.h"

#include <algorithm>

#include "services/s3/bucket_tags.h"
#include "services/s3/objects_common.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using directory::Tags;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

template <class Input>
Result<Accesses> tag_accesses(const At& at, std::string_view action, const Input& in, const Tags* tags = nullptr) {
  const auto& there = seen_versions(at);
  TRY(Access access, version_access(at, action, in, there));
  if (tags != nullptr) access.request_object_tags = *tags;
  Accesses accesses{std::move(access)};
  add_list_access(at, accesses, in.bucket, in.version_id, there);
  return accesses;
}

Tags tags_of(const shapes::Tagging& tagging) {
  Tags tags;
  for (const shapes::Tag& tag : tagging.tag_set) tags.push_back({tag.key, tag.value});
  return tags;
}

/// The version with other tags, where it lies.
template <class Output, class Input>
Result<Outcome<Output>> retag(const At& at, const Input& in, std::string_view method, Tags tags) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, method));
  Outcome<Output> outcome{};
  outcome.output.version_id = read_version_id(*bucket, *version);
  ObjectVersion after = *version;
  after.tags = std::move(tags);
  rewrite(outcome.changes, at, after);
  return outcome;
}

}  // namespace

objects::Looks GetObjectTagging::looks(const At& at, const Input& in) { return look_of_version(at, in); }
Result<Accesses> GetObjectTagging::access(const At& at, const Input& in) {
  return tag_accesses(at, "s3:GetObjectTagging", in);
}
Result<Outcome<GetObjectTagging::Output>> GetObjectTagging::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, "GET"));
  Outcome<Output> outcome{};
  outcome.output.version_id = read_version_id(*bucket, *version);
  for (const directory::Tag& tag : version->tags) {
    shapes::Tag shown;
    shown.key = tag.key;
    shown.value = tag.value;
    outcome.output.tag_set.push_back(std::move(shown));
  }
  std::sort(outcome.output.tag_set.begin(), outcome.output.tag_set.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  return outcome;
}

objects::Looks PutObjectTagging::looks(const At& at, const Input& in) { return look_of_version(at, in); }
Result<Accesses> PutObjectTagging::access(const At& at, const Input& in) {
  const Tags tags = tags_of(in.tagging);
  return tag_accesses(at, "s3:PutObjectTagging", in, &tags);
}
Result<Outcome<PutObjectTagging::Output>> PutObjectTagging::execute(const At& at, const Input& in) {
  TRY(Tags tags, checked_tags(in.tagging.tag_set, Tagging::kObject));
  return retag<Output>(at, in, "PUT", std::move(tags));
}

objects::Looks DeleteObjectTagging::looks(const At& at, const Input& in) { return look_of_version(at, in); }
Result<Accesses> DeleteObjectTagging::access(const At& at, const Input& in) {
  return tag_accesses(at, "s3:DeleteObjectTagging", in);
}
Result<Outcome<DeleteObjectTagging::Output>> DeleteObjectTagging::execute(const At& at, const Input& in) {
  return retag<Output>(at, in, "DELETE", {});
}

}  // namespace deputy::s3
