#include "services/s3/lifecycle.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"

namespace deputy::s3 {

using directory::Bucket;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

/// The smallest size of an object that moves is kept beside the rules, where it is not S3's default.
constexpr std::string_view kSizes = "lifecycle-sizes";
constexpr std::string_view kAllClasses = "all_storage_classes_128K", kByClass = "varies_by_storage_class";
constexpr std::int32_t kDaysBeforeInfrequent = 30;

bool is_midnight(Time time) { return time.time_since_epoch() % std::chrono::hours(24) == std::chrono::milliseconds(0); }

template <class... Members>
int count(const Members&... members) {
  return (0 + ... + (members.has_value() ? 1 : 0));
}

/// To which objects a rule applies: by one thing, or by several within And.
Result<void> check_filter(const shapes::LifecycleRule& rule) {
  if (rule.filter.has_value() == rule.prefix.has_value()) return errors::malformed_xml();
  if (!rule.filter) return {};
  const shapes::LifecycleRuleFilter& by = *rule.filter;
  if (count(by.prefix, by.tag, by.object_size_greater_than, by.object_size_less_than, by.and_) > 1) {
    return errors::malformed_xml();
  }
  if (!by.and_) return {};
  const auto& all = *by.and_;
  const std::size_t tags = all.tags ? all.tags->size() : 0;
  if (static_cast<int>(tags) + count(all.prefix, all.object_size_greater_than, all.object_size_less_than) < 2) {
    return errors::malformed_xml();
  }
  std::set<std::string_view> keys;
  for (std::size_t i = 0; i < tags; ++i) {
    if (!keys.insert((*all.tags)[i].key).second) return errors::duplicate_tag_keys();
  }
  return {};
}

bool has_tags(const shapes::LifecycleRule& rule) {
  return rule.filter && (rule.filter->tag || (rule.filter->and_ && rule.filter->and_->tags));
}

Result<void> check_expiration(const shapes::LifecycleRule& rule) {
  if (!rule.expiration) return {};
  const shapes::LifecycleExpiration& when = *rule.expiration;
  if (count(when.date, when.days, when.expired_object_delete_marker) != 1) return errors::malformed_xml();
  if (when.date && !is_midnight(*when.date)) return errors::not_at_midnight(iso8601_millis(*when.date));
  if (when.days && *when.days <= 0) return errors::days_not_positive("Expiration", *when.days);
  return {};
}

/// The filter of a rule as S3 names it in a message: "(prefix=logs/)".
std::string shown_filter(const shapes::LifecycleRule& rule) {
  const auto& by = rule.filter;
  const std::string prefix = rule.prefix                          ? *rule.prefix
                             : by && by->prefix                   ? *by->prefix
                             : by && by->and_ && by->and_->prefix ? *by->and_->prefix
                                                                  : "";
  return "(prefix=" + prefix + ")";
}

Result<void> check_transitions(const shapes::LifecycleRule& rule) {
  if (!rule.transitions) return {};
  for (const shapes::Transition& to : *rule.transitions) {
    if (count(to.date, to.days) != 1 || !to.storage_class) return errors::malformed_xml();
    if (to.date && !is_midnight(*to.date)) return errors::not_at_midnight(iso8601_millis(*to.date));
    if (!to.days) continue;
    if (*to.days < 0) return errors::days_negative("Transition", *to.days);
    const bool infrequent = *to.storage_class == "STANDARD_IA" || *to.storage_class == "ONEZONE_IA";
    if (infrequent && *to.days < kDaysBeforeInfrequent) return errors::too_early_for_class(*to.storage_class);
    if (rule.expiration && rule.expiration->days && *rule.expiration->days <= *to.days) {
      return errors::expires_before_it_moves(shown_filter(rule));
    }
  }
  return {};
}

Result<void> check_noncurrent(const shapes::LifecycleRule& rule) {
  if (const auto& expiration = rule.noncurrent_version_expiration) {
    if (!expiration->noncurrent_days && !expiration->newer_noncurrent_versions) return errors::malformed_xml();
    if (expiration->noncurrent_days.value_or(1) <= 0) {
      return errors::days_not_positive("NoncurrentVersionExpiration", *expiration->noncurrent_days);
    }
  }
  if (!rule.noncurrent_version_transitions) return {};
  for (const shapes::NoncurrentVersionTransition& to : *rule.noncurrent_version_transitions) {
    if (!to.noncurrent_days || !to.storage_class) return errors::malformed_xml();
  }
  return {};
}

Result<void> check_rule(const shapes::LifecycleRule& rule) {
  TRY_VOID(check_filter(rule));
  TRY_VOID(check_expiration(rule));
  TRY_VOID(check_transitions(rule));
  TRY_VOID(check_noncurrent(rule));
  const auto& abort = rule.abort_incomplete_multipart_upload;
  if (abort && !abort->days_after_initiation) return errors::malformed_xml();
  if (abort && *abort->days_after_initiation <= 0) {
    return errors::days_not_positive("AbortIncompleteMultipartUpload", *abort->days_after_initiation);
  }
  if (abort && has_tags(rule)) return errors::abort_with_tags();
  if (count(rule.expiration, rule.transitions, rule.noncurrent_version_expiration, rule.noncurrent_version_transitions,
            abort) == 0) {
    return errors::no_lifecycle_action();
  }
  return {};
}

Result<void> check_rules(const At& at, std::vector<shapes::LifecycleRule>& rules) {
  if (rules.size() > kMostLifecycleRules) return errors::malformed_xml();
  std::set<std::string> ids;
  for (shapes::LifecycleRule& rule : rules) {
    TRY_VOID(check_rule(rule));
    if (!rule.id || rule.id->empty()) rule.id = made_up_rule_id(at);
    if (rule.id->size() > kLongestRuleId) return errors::rule_id_too_long();
    if (!ids.insert(*rule.id).second) return errors::rule_id_twice();
  }
  return {};
}

std::string shown_sizes(const Bucket& bucket) {
  const directory::SharedText* sizes = bucket.configuration(kSizes);
  return std::string(sizes != nullptr ? sizes->view() : kAllClasses);
}

}  // namespace

std::string made_up_rule_id(const At& at) { return base64(at.entropy.bytes(36)); }

Result<Accesses> PutBucketLifecycleConfiguration::access(const At& at, const Input& in) {
  return on_bucket(at, kLifecycle.writing, in);
}

Result<Outcome<PutBucketLifecycleConfiguration::Output>> PutBucketLifecycleConfiguration::execute(const At& at,
                                                                                                  const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const std::string sizes = in.transition_default_minimum_object_size.value_or(std::string(kAllClasses));
  if (sizes != kAllClasses && sizes != kByClass) return errors::bad_lifecycle_sizes(sizes);
  Input completed = in;
  if (completed.lifecycle_configuration) TRY_VOID(check_rules(at, completed.lifecycle_configuration->rules));
  TRY(const Bucket after, with_configuration(*bucket, kLifecycle, {}, model, &completed));
  Output out;
  out.transition_default_minimum_object_size = sizes;
  return services::written<Output>(with_text(after, std::string(kSizes), sizes == kAllClasses ? "" : sizes),
                                   std::move(out));
}

Result<Outcome<GetBucketLifecycleConfiguration::Output>> GetBucketLifecycleConfiguration::execute(const At& at,
                                                                                                  const Input& in) {
  TRY(Outcome<Output> outcome, Show::execute(at, in));
  outcome.output.transition_default_minimum_object_size = shown_sizes(*at.snapshot.bucket(in.bucket));
  return outcome;
}

Result<Accesses> DeleteBucketLifecycle::access(const At& at, const Input& in) {
  return on_bucket(at, kLifecycle.writing, in);
}

Result<Outcome<DeleteBucketLifecycle::Output>> DeleteBucketLifecycle::execute(const At& at, const Input& in) {
  TRY(const std::optional<Bucket> after, without_configuration(at, kLifecycle, ConfigurationPlace::of(in)));
  return after ? services::written<Output>(with_text(*after, std::string(kSizes), {})) : Outcome<Output>{};
}

}  // namespace deputy::s3
