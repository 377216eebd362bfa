// The names under which requests to AWS's services are signed (models/aws-services.json). Internal to protocol/.
#pragma once

#include <span>
#include <string_view>

namespace deputy::protocol {

struct AwsService {
  std::string_view signing_name;
  bool rest_xml;  // and nothing else
};

/// By name. Generated.
std::span<const AwsService> aws_services();

}  // namespace deputy::protocol
