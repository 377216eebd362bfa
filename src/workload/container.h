// The container credentials endpoint: what a program asks at AWS_CONTAINER_CREDENTIALS_FULL_URI, as an ECS task or as a
// pod with EKS Pod Identity. docs/wire.md, 9.2.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#pragma once

#include <string>

#include "crypto/secret.h"
#include "http/message.h"
#include "workload/rotation.h"

namespace deputy::workload {

/// Not thread-safe: it serves one event loop.
class ContainerEndpoint {
 public:
  /// `path` is the one path that answers; `token` must come as the Authorization header. The source outlives it.
  ContainerEndpoint(std::string path, crypto::Secret token, Source& source);

  http::Response answer(const http::Request& request);

 private:
  const std::string path_;
  const crypto::Secret token_;
  Source& source_;
  Rotation rotation_;
};

}  // namespace deputy::workload
