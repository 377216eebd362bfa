#include "services/s3/bucket_settings.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/arn.h"
#include "base/encoding.h"
#include "services/s3/lifecycle.h"

namespace deputy::s3 {

using directory::Versioning;

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> values) {
  return std::ranges::find(values, text) != values.end();
}

/// "http", "https", or nothing.
bool is_web_protocol(const std::optional<std::string>& protocol) {
  return !protocol || is_one_of(*protocol, {"http", "https"});
}

/// The name of a bucket in an ARN, "arn:aws:s3:::name"; empty if it is none.
std::string_view bucket_of(std::string_view arn) {
  constexpr std::string_view kBegin = "arn:aws:s3:::";
  return arn.starts_with(kBegin) ? arn.substr(kBegin.size()) : std::string_view();
}

/// Which keys a notification is about. The names come back in AWS's spelling.
Result<void> check_filter(std::optional<shapes::NotificationConfigurationFilter>& filter) {
  if (!filter || !filter->key || !filter->key->filter_rules) return {};
  for (shapes::FilterRule& rule : *filter->key->filter_rules) {
    if (!rule.name || !rule.value) return errors::malformed_xml();
    std::string name = ascii_lower(*rule.name);
    if (!is_one_of(name, {"prefix", "suffix"})) return errors::bad_filter_name(*rule.name);
    name.front() = name.front() == 'p' ? 'P' : 'S';
    rule.name = std::move(name);
  }
  return {};
}

/// Queues, topics and functions of AWS are not here, so no more of a target is checked than that it is one of them.
template <class Target>
Result<void> check_targets(const At& at, std::optional<std::vector<Target>>& targets, std::string Target::*arn,
                           std::string_view service, std::string_view argument) {
  if (!targets) return {};
  for (Target& target : *targets) {
    if (!(target.*arn).starts_with("arn:aws:" + std::string(service) + ":")) {
      return errors::bad_notification_arn(argument, target.*arn);
    }
    if (!target.id || target.id->empty()) target.id = crypto::make_uuid(at.entropy);
    TRY_VOID(check_filter(target.filter));
  }
  return {};
}

Result<void> check_redirect(const shapes::RoutingRule& rule) {
  const shapes::Redirect& to = rule.redirect;
  if (to.replace_key_prefix_with && to.replace_key_with) return errors::redirect_with_both();
  const auto& when = rule.condition;
  if (when && !when->http_error_code_returned_equals && !when->key_prefix_equals) return errors::empty_condition();
  if (!is_web_protocol(to.protocol)) return errors::bad_web_protocol();
  return {};
}

/// Where a rule replicates to: a bucket that keeps versions.
Result<void> check_replica(const At& at, const shapes::Destination& destination) {
  const std::string_view name = bucket_of(destination.bucket);
  if (name.empty()) return errors::bad_replication_arn();
  const Bucket* bucket = at.snapshot.bucket(name);
  if (bucket == nullptr) return errors::no_replica();
  if (bucket->versioning != Versioning::kEnabled) return errors::replica_not_versioned();
  return {};
}

}  // namespace

Result<void> check(const At&, const Bucket&, shapes::PutBucketEncryption::Input& in) {
  auto& rules = in.server_side_encryption_configuration.rules;
  if (rules.size() != 1) return errors::malformed_xml();
  shapes::ServerSideEncryptionRule& rule = rules.front();
  if (!rule.bucket_key_enabled) rule.bucket_key_enabled = false;
  const auto& by_default = rule.apply_server_side_encryption_by_default;
  if (!by_default) return {};
  if (!is_one_of(by_default->sse_algorithm, {"AES256", "aws:kms", "aws:kms:dsse"})) return errors::malformed_xml();
  if (by_default->kms_master_key_id && by_default->sse_algorithm == "AES256") return errors::key_without_kms();
  return {};
}

Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketLogging::Input& in) {
  const auto& enabled = in.bucket_logging_status.logging_enabled;
  if (!enabled) return {};
  const Bucket* target = at.snapshot.bucket(enabled->target_bucket);
  if (target == nullptr) return errors::no_logging_target(enabled->target_bucket);
  if (target->account != bucket.account) return errors::foreign_logging_target(enabled->target_bucket);
  if (region_of(*target) != region_of(bucket)) {
    return errors::logging_elsewhere(region_of(bucket), region_of(*target));
  }
  return {};
}

Result<void> check(const At&, const Bucket&, shapes::PutBucketWebsite::Input& in) {
  const shapes::WebsiteConfiguration& site = in.website_configuration;
  if (const auto& all = site.redirect_all_requests_to) {
    if (site.index_document || site.error_document || site.routing_rules) return errors::redirect_with_others();
    return is_web_protocol(all->protocol) ? Result<void>() : Result<void>(errors::bad_web_protocol());
  }
  if (!site.index_document) return errors::no_index_document();
  const std::string& suffix = site.index_document->suffix;
  if (suffix.empty() || suffix.find('/') != std::string::npos) return errors::bad_index_document(suffix);
  if (site.error_document && site.error_document->key.empty()) return errors::malformed_xml();
  if (!site.routing_rules) return {};
  if (site.routing_rules->empty()) return errors::malformed_xml();
  for (const shapes::RoutingRule& rule : *site.routing_rules) TRY_VOID(check_redirect(rule));
  return {};
}

Result<void> check(const At& at, const Bucket&, shapes::PutBucketNotificationConfiguration::Input& in) {
  auto& to = in.notification_configuration;
  using shapes::LambdaFunctionConfiguration, shapes::QueueConfiguration, shapes::TopicConfiguration;
  TRY_VOID(check_targets(at, to.topic_configurations, &TopicConfiguration::topic_arn, "sns", "SNS Topic ARN"));
  TRY_VOID(check_targets(at, to.queue_configurations, &QueueConfiguration::queue_arn, "sqs", "SQS ARN"));
  return check_targets(at, to.lambda_function_configurations, &LambdaFunctionConfiguration::lambda_function_arn,
                       "lambda", "Lambda ARN");
}

Result<void> check(const At&, const Bucket& bucket, shapes::PutBucketAccelerateConfiguration::Input& in) {
  if (!in.accelerate_configuration.status) return errors::malformed_xml();
  if (bucket.name.find('.') != std::string::npos) return errors::no_acceleration_with_dots();
  return {};
}

Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketReplication::Input& in) {
  if (bucket.versioning != Versioning::kEnabled) return errors::replication_needs_versioning();
  std::set<std::string_view> ids;
  for (shapes::ReplicationRule& rule : in.replication_configuration.rules) {
    if (!rule.id || rule.id->empty()) rule.id = made_up_rule_id(at);
    if (!ids.insert(*rule.id).second) return errors::rule_id_twice();
    if (rule.id->size() > kLongestRuleId) return errors::rule_id_too_long();
    TRY_VOID(check_replica(at, rule.destination));
  }
  return {};
}

Result<services::Accesses> PutBucketReplication::access(const At& at, const Input& in) {
  TRY(services::Accesses accesses, on_bucket(at, kReplication.writing, in));
  services::Access pass{
      .action = policy::Action("iam:PassRole"), .resource = in.replication_configuration.role, .owner = {}};
  pass.keys.emplace_back(policy::Key::kPassedToService, "s3.amazonaws.com");
  accesses.push_back(std::move(pass));
  return accesses;
}

Result<void> check_id(std::string_view asked, std::string_view within) {
  constexpr std::size_t kLongest = 64;
  if (asked != within) return errors::id_mismatch();
  const bool good = std::ranges::all_of(asked, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
  if (!good || asked.empty() || asked.size() > kLongest) return errors::bad_configuration_id();
  return {};
}

Result<void> check_destination(std::string_view arn) {
  return bucket_of(arn).empty() ? Result<void>(errors::bad_destination()) : Result<void>();
}

}  // namespace deputy::s3
