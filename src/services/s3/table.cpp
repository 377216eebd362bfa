#include "services/s3/table.h"

#include "services/s3/bucket_acl.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/bucket_settings.h"
#include "services/s3/bucket_tags.h"
#include "services/s3/buckets.h"
#include "services/s3/copy_object.h"
#include "services/s3/cors.h"
#include "services/s3/get_object.h"
#include "services/s3/lifecycle.h"
#include "services/s3/listings.h"
#include "services/s3/multipart.h"
#include "services/s3/object_acl.h"
#include "services/s3/object_tagging.h"
#include "services/s3/ownership.h"
#include "services/s3/public_access_block.h"
#include "services/s3/put_object.h"
#include "services/s3/versioning.h"

namespace deputy::s3 {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<ListBuckets>(),
      services::bind<CreateBucket>(),
      services::bind<DeleteBucket>(),
      services::bind<HeadBucket>(),
      services::bind<GetBucketLocation>(),
      // what it holds
      services::bind<ListObjects>(),
      services::bind<ListObjectsV2>(),
      services::bind<GetBucketVersioning>(),
      services::bind<PutBucketVersioning>(),
      services::bind<GetBucketTagging>(),
      services::bind<PutBucketTagging>(),
      services::bind<DeleteBucketTagging>(),
      services::bind<GetBucketCors>(),
      services::bind<PutBucketCors>(),
      services::bind<DeleteBucketCors>(),
      services::bind<GetBucketEncryption>(),
      services::bind<PutBucketEncryption>(),
      services::bind<DeleteBucketEncryption>(),
      services::bind<GetBucketLifecycleConfiguration>(),
      services::bind<PutBucketLifecycleConfiguration>(),
      services::bind<DeleteBucketLifecycle>(),
      services::bind<GetBucketLogging>(),
      services::bind<PutBucketLogging>(),
      services::bind<GetBucketWebsite>(),
      services::bind<PutBucketWebsite>(),
      services::bind<DeleteBucketWebsite>(),
      services::bind<GetBucketNotificationConfiguration>(),
      services::bind<PutBucketNotificationConfiguration>(),
      services::bind<GetBucketAccelerateConfiguration>(),
      services::bind<PutBucketAccelerateConfiguration>(),
      services::bind<GetBucketRequestPayment>(),
      services::bind<PutBucketRequestPayment>(),
      services::bind<GetBucketReplication>(),
      services::bind<PutBucketReplication>(),
      services::bind<DeleteBucketReplication>(),
      services::bind<GetObjectLockConfiguration>(),
      services::bind<PutObjectLockConfiguration>(),
      services::bind<GetBucketMetricsConfiguration>(),
      services::bind<PutBucketMetricsConfiguration>(),
      services::bind<DeleteBucketMetricsConfiguration>(),
      services::bind<ListBucketMetricsConfigurations>(),
      services::bind<GetBucketAnalyticsConfiguration>(),
      services::bind<PutBucketAnalyticsConfiguration>(),
      services::bind<DeleteBucketAnalyticsConfiguration>(),
      services::bind<ListBucketAnalyticsConfigurations>(),
      services::bind<GetBucketInventoryConfiguration>(),
      services::bind<PutBucketInventoryConfiguration>(),
      services::bind<DeleteBucketInventoryConfiguration>(),
      services::bind<ListBucketInventoryConfigurations>(),
      services::bind<GetBucketIntelligentTieringConfiguration>(),
      services::bind<PutBucketIntelligentTieringConfiguration>(),
      services::bind<DeleteBucketIntelligentTieringConfiguration>(),
      services::bind<ListBucketIntelligentTieringConfigurations>(),
      services::bind<GetBucketAbac>(),
      services::bind<PutBucketAbac>(),
      services::bind<ListObjectVersions>(),
      services::bind<GetObject>(),
      services::bind<HeadObject>(),
      services::bind<GetObjectAttributes>(),
      services::bind<PutObject>(),
      services::bind<CopyObject>(),
      services::bind<DeleteObject>(),
      services::bind<DeleteObjects>(),
      services::bind<GetObjectAcl>(),
      services::bind<PutObjectAcl>(),
      services::bind<GetObjectTagging>(),
      services::bind<PutObjectTagging>(),
      services::bind<DeleteObjectTagging>(),
      services::bind<CreateMultipartUpload>(),
      services::bind<UploadPart>(),
      services::bind<UploadPartCopy>(),
      services::bind<CompleteMultipartUpload>(),
      services::bind<AbortMultipartUpload>(),
      services::bind<ListParts>(),
      services::bind<ListMultipartUploads>(),
      // who may touch a bucket
      services::bind<GetBucketPolicy>(),
      services::bind<PutBucketPolicy>(),
      services::bind<DeleteBucketPolicy>(),
      services::bind<GetBucketPolicyStatus>(),
      services::bind<GetBucketAcl>(),
      services::bind<PutBucketAcl>(),
      services::bind<GetBucketOwnershipControls>(),
      services::bind<PutBucketOwnershipControls>(),
      services::bind<DeleteBucketOwnershipControls>(),
      services::bind<GetPublicAccessBlock>(),
      services::bind<PutPublicAccessBlock>(),
      services::bind<DeletePublicAccessBlock>(),
      // S3 Control
      services::bind<GetAccountPublicAccessBlock>(),
      services::bind<PutAccountPublicAccessBlock>(),
      services::bind<DeleteAccountPublicAccessBlock>(),
  };
  return kBindings;
}

}  // namespace deputy::s3
