#include "services/s3/table.h"

#include "services/s3/buckets.h"
#include "services/s3/objects.h"
#include "services/s3/versioning.h"

namespace deputy::s3 {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<ListBuckets>(),         services::bind<CreateBucket>(),        services::bind<DeleteBucket>(),
      services::bind<HeadBucket>(),          services::bind<GetBucketLocation>(),   services::bind<ListObjectsV2>(),
      services::bind<GetBucketVersioning>(), services::bind<PutBucketVersioning>(),
  };
  return kBindings;
}

}  // namespace deputy::s3
