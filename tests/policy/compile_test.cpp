#include <gtest/gtest.h>

#include "policy/compiled.h"

namespace deputy::policy {
namespace {

TEST(CompileTest, ADenyOfACanonicalUserIsRefusedAndNotPassedOver) {
  const auto document = parse(
      R"({"Statement":{"Effect":"Deny","Principal":{"CanonicalUser":"79a5"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}})",
      Kind::kBucket);
  ASSERT_TRUE(document);
  EXPECT_FALSE(compile(*document, Kind::kBucket));
}

}  // namespace
}  // namespace deputy::policy
