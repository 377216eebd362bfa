// The AWS managed policies that people attach every day, as AWS publishes them: facts of models/managed-policies/,
// generated into this table by the build. services/iam/aws_policies.h makes directory entities of them.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace deputy::catalog {

struct AwsManagedPolicy {
  std::string_view name;
  std::string_view path;      // "/", "/job-function/", "/service-role/", "/aws-service-role/", "/root-task/"
  std::string_view id;        // ANPA…; derived from the ARN, as AWS publishes none
  std::uint32_t version;      // of the default version, the only one kept: 182 for "v182"
  std::int64_t created;       // seconds since 1970
  std::int64_t updated;       // when that version became the default
  std::string_view document;  // JSON
};

/// By name.
std::span<const AwsManagedPolicy> aws_managed_policies();

}  // namespace deputy::catalog
