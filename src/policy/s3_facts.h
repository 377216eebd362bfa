// What S3 checks in a bucket policy: its actions, what each acts on, and which condition keys it knows. [W-10]
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/document.h"

namespace deputy::policy {

enum S3Target : std::uint8_t { kOnNothing = 0, kOnBucket = 1, kOnObject = 2, kUnknownAction = 4 };

/// On what the actions that a pattern ("s3:Get*") covers act; kUnknownAction if it covers none that a bucket policy can
/// allow: neither those of accounts nor s3:CreateBucket.
std::uint8_t s3_targets(std::string_view action_pattern);
/// False for a key that starts with "s3:" and that S3 does not know.
bool is_s3_key(std::string_view key);
/// The first entry whose key some pattern covers no action for that sets it; null: there is none. Keys that are not S3's
/// own fit everywhere. Each pattern is asked once about each fact of S3, however many entries there are.
const ConditionEntry* s3_unfit_key(std::span<const ConditionEntry> entries, std::span<const Text> action_patterns);

}  // namespace deputy::policy
