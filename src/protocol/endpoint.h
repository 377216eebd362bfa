// What the host name of a request says of its service, region and bucket (docs/wire.md, section 2). Internal to
// protocol/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/operation.h"

namespace deputy::protocol {

/// Views point into the host.
struct Endpoint {
  std::optional<ServiceId> service;
  std::string_view region;    // empty: the name has none
  bool binds_region = false;  // a scope of another region is refused there: names of AWS, never those of localhost
  bool is_global = false;     // a name of AWS's that names no region
  std::string_view bucket;    // in front of S3's name, or of localhost
};

/// Of a Host header's value. Names of AWS (sts.eu-west-1.amazonaws.com, bucket.s3.amazonaws.com, iam.global.api.aws),
/// and the same under localhost and each of `domains` (sts.localhost, bucket.s3.corp.example, bucket.corp.example). Any
/// other says nothing.
/// The global names of IAM and STS are in us-east-1; s3.amazonaws.com leads to the buckets of every region.
Endpoint endpoint_of(std::string_view host, std::span<const std::string> domains = {});

}  // namespace deputy::protocol
