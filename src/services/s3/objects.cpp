#include "services/s3/objects.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using policy::Key;

Result<services::Accesses> ListObjectsV2::access(const services::At& at, const Input& in) {
  TRY(services::Access access, bucket_access(at, "s3:ListBucket", in.bucket, in.expected_bucket_owner));
  if (in.prefix) access.keys.emplace_back(Key::kS3Prefix, *in.prefix);
  if (in.delimiter) access.keys.emplace_back(Key::kS3Delimiter, *in.delimiter);
  if (in.max_keys) access.keys.emplace_back(Key::kS3MaxKeys, std::to_string(*in.max_keys));
  return services::Accesses{std::move(access)};
}

Result<services::Outcome<ListObjectsV2::Output>> ListObjectsV2::execute(const services::At& at, const Input& in) {
  constexpr std::int32_t kMostKeys = 1000;
  TRY([[maybe_unused]] const directory::Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (in.max_keys && *in.max_keys < 0) {
    return errors::invalid_max_keys(std::to_string(*in.max_keys));
  }
  const bool url = in.encoding_type == "url";
  const auto shown = [&](const std::string& text) { return url ? percent_encode(text, true) : text; };
  Output out;
  out.name = in.bucket;
  out.prefix = shown(in.prefix.value_or(""));
  if (in.start_after) out.start_after = shown(*in.start_after);
  if (in.continuation_token) out.continuation_token = in.continuation_token;
  out.key_count = 0;
  out.max_keys = std::min(in.max_keys.value_or(kMostKeys), kMostKeys);
  if (in.delimiter && !in.delimiter->empty()) out.delimiter = shown(*in.delimiter);
  out.encoding_type = in.encoding_type;
  out.is_truncated = false;
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::s3
