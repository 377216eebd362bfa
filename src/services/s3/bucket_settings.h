// The operations on configurations of a bucket that are kept and shown, one row each (configurations.h). What they would
// do in the background (deliver events, copy, move and expire objects, write access logs, serve a website) is not done.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include "protocol/s3/delete_bucket_analytics_configuration.h"
#include "protocol/s3/delete_bucket_encryption.h"
#include "protocol/s3/delete_bucket_intelligent_tiering_configuration.h"
#include "protocol/s3/delete_bucket_inventory_configuration.h"
#include "protocol/s3/delete_bucket_metrics_configuration.h"
#include "protocol/s3/delete_bucket_replication.h"
#include "protocol/s3/delete_bucket_website.h"
#include "protocol/s3/get_bucket_abac.h"
#include "protocol/s3/get_bucket_accelerate_configuration.h"
#include "protocol/s3/get_bucket_analytics_configuration.h"
#include "protocol/s3/get_bucket_encryption.h"
#include "protocol/s3/get_bucket_intelligent_tiering_configuration.h"
#include "protocol/s3/get_bucket_inventory_configuration.h"
#include "protocol/s3/get_bucket_logging.h"
#include "protocol/s3/get_bucket_metrics_configuration.h"
#include "protocol/s3/get_bucket_notification_configuration.h"
#include "protocol/s3/get_bucket_replication.h"
#include "protocol/s3/get_bucket_request_payment.h"
#include "protocol/s3/get_bucket_website.h"
#include "protocol/s3/get_object_lock_configuration.h"
#include "protocol/s3/list_bucket_analytics_configurations.h"
#include "protocol/s3/list_bucket_intelligent_tiering_configurations.h"
#include "protocol/s3/list_bucket_inventory_configurations.h"
#include "protocol/s3/list_bucket_metrics_configurations.h"
#include "protocol/s3/put_bucket_abac.h"
#include "protocol/s3/put_bucket_accelerate_configuration.h"
#include "protocol/s3/put_bucket_analytics_configuration.h"
#include "protocol/s3/put_bucket_encryption.h"
#include "protocol/s3/put_bucket_intelligent_tiering_configuration.h"
#include "protocol/s3/put_bucket_inventory_configuration.h"
#include "protocol/s3/put_bucket_logging.h"
#include "protocol/s3/put_bucket_metrics_configuration.h"
#include "protocol/s3/put_bucket_notification_configuration.h"
#include "protocol/s3/put_bucket_replication.h"
#include "protocol/s3/put_bucket_request_payment.h"
#include "protocol/s3/put_bucket_website.h"
#include "protocol/s3/put_object_lock_configuration.h"
#include "services/s3/configurations.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using services::At;

// ---- What is checked; each may complete what it is given.

Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketEncryption::Input& in);
Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketLogging::Input& in);
Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketWebsite::Input& in);
Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketNotificationConfiguration::Input& in);
Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketAccelerateConfiguration::Input& in);
Result<void> check(const At& at, const Bucket& bucket, shapes::PutBucketReplication::Input& in);
/// The id in the query and the one in the body.
Result<void> check_id(std::string_view asked, std::string_view within);
/// The bucket that reports go to, as an ARN.
Result<void> check_destination(std::string_view arn);

inline constexpr auto kChecked = [](const At& at, const Bucket& bucket, auto& in) { return check(at, bucket, in); };

// ---- One of a bucket

inline constexpr ConfigurationKind kEncryption{
    "encryption", "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration", nullptr,
    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
    "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>"
    "</ServerSideEncryptionConfiguration>"};
using GetBucketEncryption = Show<kEncryption, shapes::GetBucketEncryption>;
using PutBucketEncryption = Keep<kEncryption, shapes::PutBucketEncryption, kChecked>;
using DeleteBucketEncryption = Remove<kEncryption, shapes::DeleteBucketEncryption>;

inline constexpr ConfigurationKind kLogging{"logging", "s3:GetBucketLogging", "s3:PutBucketLogging"};
using GetBucketLogging = Show<kLogging, shapes::GetBucketLogging>;
using PutBucketLogging = Keep<kLogging, shapes::PutBucketLogging, kChecked>;

inline constexpr ConfigurationKind kWebsite{"website", "s3:GetBucketWebsite", "s3:PutBucketWebsite",
                                            errors::no_such_website};
inline constexpr ConfigurationKind kWebsiteToDelete{"website", "s3:GetBucketWebsite", "s3:DeleteBucketWebsite"};
using GetBucketWebsite = Show<kWebsite, shapes::GetBucketWebsite>;
using PutBucketWebsite = Keep<kWebsite, shapes::PutBucketWebsite, kChecked>;
using DeleteBucketWebsite = Remove<kWebsiteToDelete, shapes::DeleteBucketWebsite>;

inline constexpr ConfigurationKind kNotification{"notification", "s3:GetBucketNotification",
                                                 "s3:PutBucketNotification"};
using GetBucketNotificationConfiguration = Show<kNotification, shapes::GetBucketNotificationConfiguration>;
using PutBucketNotificationConfiguration = Keep<kNotification, shapes::PutBucketNotificationConfiguration, kChecked>;

inline constexpr ConfigurationKind kAccelerate{"accelerate", "s3:GetAccelerateConfiguration",
                                               "s3:PutAccelerateConfiguration"};
using GetBucketAccelerateConfiguration = Show<kAccelerate, shapes::GetBucketAccelerateConfiguration>;
using PutBucketAccelerateConfiguration = Keep<kAccelerate, shapes::PutBucketAccelerateConfiguration, kChecked>;

inline constexpr ConfigurationKind kRequestPayment{
    "requestPayment", "s3:GetBucketRequestPayment", "s3:PutBucketRequestPayment", nullptr,
    "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"};
using GetBucketRequestPayment = Show<kRequestPayment, shapes::GetBucketRequestPayment>;
using PutBucketRequestPayment = Keep<kRequestPayment, shapes::PutBucketRequestPayment>;

inline constexpr ConfigurationKind kReplication{"replication", "s3:GetReplicationConfiguration",
                                                "s3:PutReplicationConfiguration", errors::no_such_replication};
using GetBucketReplication = Show<kReplication, shapes::GetBucketReplication>;
/// Asks for iam:PassRole on the role, too: it would act for S3.
struct PutBucketReplication : Keep<kReplication, shapes::PutBucketReplication, kChecked> {
  static Result<services::Accesses> access(const At& at, const Input& in);
};
using DeleteBucketReplication = Remove<kReplication, shapes::DeleteBucketReplication>;

// ---- Several of a bucket, by id

inline constexpr ConfigurationKind kMetrics{"metrics", "s3:GetMetricsConfiguration", "s3:PutMetricsConfiguration",
                                            errors::no_such_configuration};
inline constexpr auto kMetricsChecked = [](const At&, const Bucket&, auto& in) {
  return check_id(in.id, in.metrics_configuration.id);
};
using GetBucketMetricsConfiguration = Show<kMetrics, shapes::GetBucketMetricsConfiguration>;
using PutBucketMetricsConfiguration = Keep<kMetrics, shapes::PutBucketMetricsConfiguration, kMetricsChecked>;
using DeleteBucketMetricsConfiguration = Remove<kMetrics, shapes::DeleteBucketMetricsConfiguration>;
using ListBucketMetricsConfigurations = List<kMetrics, shapes::ListBucketMetricsConfigurations>;

inline constexpr ConfigurationKind kAnalytics{"analytics", "s3:GetAnalyticsConfiguration",
                                              "s3:PutAnalyticsConfiguration", errors::no_such_configuration};
inline constexpr auto kAnalyticsChecked = [](const At&, const Bucket&, auto& in) {
  return check_id(in.id, in.analytics_configuration.id);
};
using GetBucketAnalyticsConfiguration = Show<kAnalytics, shapes::GetBucketAnalyticsConfiguration>;
using PutBucketAnalyticsConfiguration = Keep<kAnalytics, shapes::PutBucketAnalyticsConfiguration, kAnalyticsChecked>;
using DeleteBucketAnalyticsConfiguration = Remove<kAnalytics, shapes::DeleteBucketAnalyticsConfiguration>;
using ListBucketAnalyticsConfigurations = List<kAnalytics, shapes::ListBucketAnalyticsConfigurations>;

inline constexpr ConfigurationKind kInventory{"inventory", "s3:GetInventoryConfiguration",
                                              "s3:PutInventoryConfiguration", errors::no_such_configuration};
inline constexpr auto kInventoryChecked = [](const At&, const Bucket&, auto& in) -> Result<void> {
  TRY_VOID(check_id(in.id, in.inventory_configuration.id));
  return check_destination(in.inventory_configuration.destination.s3_bucket_destination.bucket);
};
using GetBucketInventoryConfiguration = Show<kInventory, shapes::GetBucketInventoryConfiguration>;
using PutBucketInventoryConfiguration = Keep<kInventory, shapes::PutBucketInventoryConfiguration, kInventoryChecked>;
using DeleteBucketInventoryConfiguration = Remove<kInventory, shapes::DeleteBucketInventoryConfiguration>;
using ListBucketInventoryConfigurations = List<kInventory, shapes::ListBucketInventoryConfigurations>;

inline constexpr ConfigurationKind kTiering{"intelligent-tiering", "s3:GetIntelligentTieringConfiguration",
                                            "s3:PutIntelligentTieringConfiguration", errors::no_such_configuration};
inline constexpr auto kTieringChecked = [](const At&, const Bucket&, auto& in) {
  return check_id(in.id, in.intelligent_tiering_configuration.id);
};
using GetBucketIntelligentTieringConfiguration = Show<kTiering, shapes::GetBucketIntelligentTieringConfiguration>;
using PutBucketIntelligentTieringConfiguration =
    Keep<kTiering, shapes::PutBucketIntelligentTieringConfiguration, kTieringChecked>;
using DeleteBucketIntelligentTieringConfiguration =
    Remove<kTiering, shapes::DeleteBucketIntelligentTieringConfiguration>;
using ListBucketIntelligentTieringConfigurations = List<kTiering, shapes::ListBucketIntelligentTieringConfigurations>;

// ---- What is not kept: half of it would be a trap for policies. Permission is asked for, so that a denied caller sees that.

inline constexpr ConfigurationKind kObjectLock{"object-lock", "s3:GetBucketObjectLockConfiguration",
                                               "s3:PutBucketObjectLockConfiguration", errors::no_such_object_lock};
inline constexpr auto kObjectLockRefused = [](const At&, const Bucket&, auto&) -> Result<void> {
  return errors::object_lock_not_implemented();
};
using GetObjectLockConfiguration = Show<kObjectLock, shapes::GetObjectLockConfiguration>;
using PutObjectLockConfiguration = Keep<kObjectLock, shapes::PutObjectLockConfiguration, kObjectLockRefused>;

inline constexpr ConfigurationKind kAbac{"abac", "s3:GetBucketAbac", "s3:PutBucketAbac", errors::abac_not_implemented};
inline constexpr auto kAbacRefused = [](const At&, const Bucket& bucket, auto&) -> Result<void> {
  return errors::abac_not_implemented(bucket.name);
};
using GetBucketAbac = Show<kAbac, shapes::GetBucketAbac>;
using PutBucketAbac = Keep<kAbac, shapes::PutBucketAbac, kAbacRefused>;

}  // namespace deputy::s3
