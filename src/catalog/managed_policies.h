// All AWS managed policies, as AWS publishes them: facts of models/managed-policies/, generated into this table by the
// build. services/iam/aws_policies.h makes directory entities of them.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace deputy::catalog {

/// Without pointers, so that nothing of the table is touched at start.
struct AwsManagedPolicy {
  // Where "/job-function/Billing" lies in the names of all, and how much of it is path.
  std::uint32_t name_begin;
  std::uint8_t path_size, name_size;
  char id[22];            // ANPA…; derived from the ARN where AWS's own is not known
  std::uint32_t version;  // of the default version, the only one kept: 182 for "v182"
  std::int64_t created;   // seconds since 1970
  std::int64_t updated;   // when that version became the default
  // Where its document lies in the packed ones: aws_policy_document() reads it.
  std::uint16_t block;
  std::uint32_t begin, size;

  /// The path is "/", "/job-function/", "/service-role/", "/aws-service-role/" or "/root-task/".
  [[nodiscard]] std::string_view path_and_name() const;
  [[nodiscard]] std::string_view path() const { return path_and_name().substr(0, path_size); }
  [[nodiscard]] std::string_view name() const { return path_and_name().substr(path_size); }
};

/// By path and name.
std::span<const AwsManagedPolicy> aws_managed_policies();

/// The document, JSON without white space. Unpacks it anew (about a quarter of a millisecond): keep what is used again.
std::string aws_policy_document(const AwsManagedPolicy& policy);

}  // namespace deputy::catalog
