// The example that docs/policy-engine.md walks is run here: its documents, and the explanation that it shows.
#include <gtest/gtest.h>

#include <deputy/deputy.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace deputy {
namespace {

/// The fenced block under the comment "<!-- label -->".
std::string block(const std::string& page, const std::string& label) {
  const std::size_t comment = page.find("<!-- " + label + " -->\n```");
  EXPECT_NE(comment, std::string::npos) << label;
  if (comment == std::string::npos) return {};
  const std::size_t begin = page.find('\n', page.find("```", comment)) + 1;
  return page.substr(begin, page.find("```", begin) - begin);
}

TEST(PolicyEnginePageTest, TheWalkedExampleIsTrue) {
  std::ifstream file(DEPUTY_SOURCE_DIR "/docs/policy-engine.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  PolicySet set;
  set.add(Policy(PolicyType::kIdentity, block(page, "identity: dana"), "dana"));
  set.add(Policy(PolicyType::kBoundary, block(page, "boundary: developers"), "developers"));
  set.add(Policy(PolicyType::kTrust, block(page, "trust: Reader"), "Reader"));
  set.add(Policy(PolicyType::kScp, block(page, "scp: FullAWSAccess"), "FullAWSAccess"));
  Request request(Principal::user("arn:aws:iam::111111111111:user/dana"), "sts:AssumeRole",
                  "arn:aws:iam::222222222222:role/Reader");
  request.set("sts:ExternalId", "4711").set("aws:SourceIp", "10.0.0.4");
  ASSERT_TRUE(set.ok()) << set.error();
  ASSERT_TRUE(request.ok()) << request.error();
  EXPECT_EQ(explain(set, request).text(), block(page, "explanation"));

  // What the page says of the other ways.
  EXPECT_TRUE(decide(set, request.set("aws:MultiFactorAuthPresent", "true")));
  EXPECT_FALSE(decide(set, request.set("sts:ExternalId", "0815")));
}

}  // namespace
}  // namespace deputy
