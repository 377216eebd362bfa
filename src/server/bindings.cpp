#include "server/bindings.h"

#include "services/admin/table.h"
#include "services/iam/table.h"
#include "services/organizations/table.h"
#include "services/s3/cors.h"
#include "services/s3/table.h"
#include "services/sts/table.h"

namespace deputy::server {

Bindings::Bindings() {
  for (const protocol::Service* service : protocol::services()) {
    by_service_[static_cast<std::size_t>(service->id)].resize(service->operations.size());
  }
  for (const auto part :
       {iam::iam_bindings(), sts::bindings(), s3::bindings(), organizations::bindings(), admin::bindings()}) {
    for (const services::Binding& binding : part) {
      by_service_[static_cast<std::size_t>(binding.model->service)][binding.model->number] = &binding;
    }
  }
  cross_origin_[static_cast<std::size_t>(protocol::ServiceId::kS3)] = s3::cross_origin;
}

}  // namespace deputy::server
