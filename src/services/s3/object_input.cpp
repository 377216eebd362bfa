#include "services/s3/object_input.h"

#include "services/s3/bucket_tags.h"

namespace deputy::s3 {

using directory::ObjectVersion;
using directory::Tags;

namespace {

constexpr std::array<std::string_view, 8> kStorageClasses = {kStandard,    "REDUCED_REDUNDANCY",  "STANDARD_IA",
                                                             "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER",
                                                             "GLACIER_IR", "DEEP_ARCHIVE"};

bool matches(std::string_view condition, const ObjectVersion& version) {
  for (std::string_view rest = condition; !rest.empty();) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == "*" || unquoted(one) == version.etag) return true;
  }
  return false;
}

std::chrono::seconds seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch());
}

}  // namespace

Result<void> check_key(std::string_view key) {
  if (key.size() > directory::kLongestObjectKey) return errors::key_too_long(key.size());
  if (!is_utf8(key) || key.find('\0') != std::string_view::npos) {
    return errors::invalid_uri();
  }
  return {};
}

Result<void> check_storage_class(const std::optional<std::string>& sent) {
  if (sent && std::find(kStorageClasses.begin(), kStorageClasses.end(), *sent) == kStorageClasses.end()) {
    return errors::invalid_storage_class(*sent);
  }
  return {};
}

Result<Tags> tags_of_header(const std::string& text) {
  std::vector<shapes::Tag> tags;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (one.empty()) continue;
    const std::size_t equals = one.find('=');
    const auto key = percent_decode(one.substr(0, equals), true);
    const auto value = percent_decode(equals == std::string_view::npos ? "" : one.substr(equals + 1), true);
    const bool repeats = key && std::any_of(tags.begin(), tags.end(), [&](const auto& tag) { return tag.key == *key; });
    const bool two_values = equals != std::string_view::npos && one.find('=', equals + 1) != std::string_view::npos;
    if (!key || !value || key->empty() || repeats || two_values) return errors::invalid_tagging_header(text);
    tags.push_back({*key, *value});
  }
  return checked_tags(tags, Tagging::kObject);
}

Result<Tags> metadata_of(const std::vector<std::pair<std::string, std::string>>& sent) {
  Tags metadata;
  std::size_t size = 0;
  for (const auto& [name, value] : sent) {
    size += name.size() + value.size();
    const std::string key = ascii_lower(name);
    const auto same = std::find_if(metadata.begin(), metadata.end(), [&](const auto& tag) { return tag.key == key; });
    if (same == metadata.end()) {
      metadata.push_back({key, value});
    } else {
      same->value.append(",").append(value);
    }
  }
  if (size > kLargestMetadata) return errors::metadata_too_large(size);
  return metadata;
}

std::string content_encoding_of(const std::string& sent) {
  std::string kept;
  for (std::string_view rest = sent; !rest.empty();) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.empty() || equals_ignoring_case(one, "aws-chunked")) continue;
    if (!kept.empty()) kept += ',';
    kept += one;
  }
  return kept;
}

Result<void> check_md5_form(const std::optional<std::string>& content_md5) {
  if (!content_md5) return {};
  const auto md5 = unbase64(*content_md5);
  if (!md5 || md5->size() != crypto::checksum_size(crypto::ChecksumAlgorithm::kMd5)) {
    return errors::invalid_digest(*content_md5);
  }
  return {};
}

Result<void> check_md5(const std::optional<std::string>& content_md5, const services::BodyReceived& body) {
  if (content_md5 && unbase64(*content_md5) != body.md5) return errors::bad_md5(*content_md5, base64(body.md5));
  return {};
}

std::string shown_checksum(const directory::Checksum& checksum, std::size_t parts) {
  std::string text = base64(checksum.value);
  if (checksum.composite && parts > 0) text.append("-").append(std::to_string(parts));
  return text;
}

std::string_view checksum_type(const directory::Checksum& checksum) {
  return checksum.composite ? "COMPOSITE" : "FULL_OBJECT";
}

std::string quoted(std::string_view etag) { return std::string("\"").append(etag).append("\""); }
std::string_view unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') return etag.substr(1, etag.size() - 2);
  return etag;
}

Result<void> check_write_conditions(const std::optional<std::string>& if_match,
                                    const std::optional<std::string>& if_none_match, const ObjectVersion* newest,
                                    std::string_view key) {
  if (if_match && if_none_match) {
    return errors::not_implemented("If-Match,If-None-Match",
                                   "Multiple conditional request headers present in the request");
  }
  const bool exists = newest != nullptr && !newest->is_marker;
  if (if_none_match) {
    if (*if_none_match != "*") {
      return errors::not_implemented("If-None-Match",
                                     "We don't accept the provided value of If-None-Match header for this API");
    }
    if (exists) return errors::precondition_failed("If-None-Match");
  }
  if (if_match) {
    if (*if_match == "*") {
      return errors::not_implemented("If-Match", "We don't accept the provided value of If-Match header for this API");
    }
    if (!exists) return errors::no_such_key(key);
    if (unquoted(*if_match) != newest->etag) return errors::precondition_failed("If-Match");
  }
  return {};
}

Result<Read> check_read_conditions(const ReadConditions& conditions, const ObjectVersion& version, Time now,
                                   std::string_view prefix) {
  const auto failed = [&](std::string_view name) {
    return errors::precondition_failed(std::string(prefix).append(name));
  };
  const auto modified = seconds_of(version.modified);
  if (conditions.if_match) {
    if (!matches(*conditions.if_match, version)) return failed("If-Match");
  } else if (conditions.if_unmodified_since && modified > seconds_of(*conditions.if_unmodified_since)) {
    return failed("If-Unmodified-Since");
  }
  // What a read is told by "not modified", a copy is refused with.
  const auto unchanged = [&](std::string_view name) -> Result<Read> {
    if (prefix.empty()) return Read::kNotModified;
    return failed(name);
  };
  if (conditions.if_none_match) {
    if (matches(*conditions.if_none_match, version)) return unchanged("If-None-Match");
  } else if (conditions.if_modified_since && *conditions.if_modified_since <= now &&
             modified <= seconds_of(*conditions.if_modified_since)) {
    return unchanged("If-Modified-Since");
  }
  return Read::kGo;
}

}  // namespace deputy::s3
