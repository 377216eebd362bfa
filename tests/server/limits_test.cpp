// docs/security.md says what every input may be: here the constants of the code say whether that is so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "audit/event.h"
#include "audit/keep.h"
#include "audit/log.h"
#include "audit/memory.h"
#include "audit/series.h"
#include "authn/federation/issuer_keys.h"
#include "authn/federation/json.h"
#include "authn/federation/jwt.h"
#include "authn/federation/key_set.h"
#include "authn/federation/saml_metadata.h"
#include "authn/federation/xml_bounds.h"
#include "authn/session_codec.h"
#include "authn/session_token.h"
#include "authn/signature/chunks.h"
#include "authn/signature/query_string.h"
#include "authn/signature/sigv4.h"
#include "base/buffer.h"
#include "base/visible.h"
#include "blobs/memory.h"
#include "crypto/pem.h"
#include "crypto/server_certificate.h"
#include "crypto/signature.h"
#include "crypto/ssh_key.h"
#include "directory/usage.h"
#include "host/log.h"
#include "http/budget.h"
#include "http/certificates.h"
#include "http/descriptors.h"
#include "http/fetch.h"
#include "http/limits.h"
#include "identity_provider/issuer.h"
#include "identity_provider/saml.h"
#include "identity_provider/token.h"
#include "objects/index.h"
#include "objects/listing.h"
#include "policy/document.h"
#include "policy/work.h"
#include "protocol/limits.h"
#include "protocol/named.h"
#include "seed/yaml.h"
#include "server/copies.h"
#include "server/fair_thread.h"
#include "server/intake.h"
#include "server/limits_page.h"
#include "server/metrics.h"
#include "server/operator_door.h"
#include "server/slow_hashes.h"
#include "services/account_limits.h"
#include "services/iam/quotas.h"
#include "services/organizations/handshakes.h"
#include "services/organizations/quotas.h"
#include "services/s3/acl.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/bucket_tags.h"
#include "services/s3/configurations.h"
#include "services/s3/cors.h"
#include "services/s3/lifecycle.h"
#include "services/s3/object_input.h"
#include "services/sts/session_tags.h"
#include "store/store.h"

namespace deputy::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Every limit of the page. Who adds a row there adds a line here.
const std::vector<Limit> kLimits{
    bytes("http::Limits::head", http::Limits{}.head),
    count("http::Limits::headers", http::Limits{}.headers),
    bytes("http::Limits::body", http::Limits{}.body),
    bytes("s3::kLargestUpload", s3::kLargestUpload),
    bytes("server::kMostWaitingBytes", kMostWaitingBytes),
    bytes("server::kFewBytes", kFewBytes),
    count("server::kMostAtOnce", kMostAtOnce),
    bytes("http::Limits::streamed_from", http::Limits{}.streamed_from),
    bytes("directory::kLongestObjectKey", directory::kLongestObjectKey),
    bytes("s3::kLargestMetadata", s3::kLargestMetadata),
    bytes("http::Limits::buffers", http::Limits{}.buffers),
    bytes("http::kServedAnyway", http::kServedAnyway),
    bytes("http::Limits::answer_header", http::Limits{}.answer_header),
    count("http::Limits::connections", http::Limits{}.connections),
    count("http::kReservedDescriptors", http::kReservedDescriptors),
    time("http::Limits::head_timeout", http::Limits{}.head_timeout),
    time("http::Limits::body_timeout", http::Limits{}.body_timeout),
    time("http::Limits::idle_timeout", http::Limits{}.idle_timeout),
    time("http::Limits::grace", http::Limits{}.grace),
    bytes("http::Limits::pace", http::Limits{}.pace),
    count("protocol::kMostParameters", protocol::kMostParameters),
    count("protocol::kMostElements", protocol::kMostElements),
    bytes("protocol::kLargestJson", protocol::kLargestJson),
    count("protocol::kDeepestJson", protocol::kDeepestJson),
    bytes("protocol::kLargestXml", protocol::kLargestXml),
    bytes("protocol::kLongestEcho", protocol::kLongestEcho),
    bytes("protocol::kLongestRedirect", protocol::kLongestRedirect),
    bytes("protocol::kLongestValue", protocol::kLongestValue),
    count("protocol::kMostClauses", protocol::kMostClauses),
    bytes("protocol::kLongestErrorText", protocol::kLongestErrorText),
    bytes("protocol::kLongestError", protocol::kLongestError),
    count("services::AccountLimits::kInOrganization", services::AccountLimits::kInOrganization),
    count("services::AccountLimits::kMadeByTenants", services::AccountLimits::kMadeByTenants),
    count("services::AccountLimits::kLeastADay", services::AccountLimits::kLeastADay),
    count("organizations::kMostAccountsToMove", organizations::kMostAccountsToMove),
    count("sts::kMostSessionTags", sts::kMostSessionTags),
    count("authn::kMostFederatedKeys", authn::kMostFederatedKeys),
    bytes("authn::kLongestPair", authn::kLongestPair),
    time("authn::SessionTokens::kClocksApart", authn::SessionTokens::kClocksApart),
    count("iam::quotas::kClientIdsPerOidcProvider", iam::quotas::kClientIdsPerOidcProvider.limit),
    count("iam::quotas::kThumbprintsPerOidcProvider", iam::quotas::kThumbprintsPerOidcProvider),
    count("organizations::quotas::kUnits", organizations::quotas::kUnits),
    count("organizations::quotas::kDepth", organizations::quotas::kDepth),
    count("organizations::quotas::kTags", organizations::quotas::kTags),
    count("iam::quotas::kTagsPerEntity", iam::quotas::kTagsPerEntity),
    count("authn::kMostScopedPolicies", authn::kMostScopedPolicies),
    count("authn::kMostPadding", authn::kMostPadding),
    count("iam::quotas::kSshPublicKeysPerUser", iam::quotas::kSshPublicKeysPerUser.limit),
    count("iam::quotas::kCertificatesPerUser", iam::quotas::kCertificatesPerUser.limit),
    count("iam::quotas::kServiceCredentialsPerUser", iam::quotas::kServiceCredentialsPerUser.limit),
    bytes("authn::kMostChunkHead", authn::kMostChunkHead),
    bytes("authn::kMostTrailer", authn::kMostTrailer),
    bytes("blobs::Memory::kMost", blobs::Memory::kMost),
    bytes("crypto::kMostPemBytes", crypto::kMostPemBytes),
    count("identity_provider::kMostConnections", identity_provider::kMostConnections),
    bytes("identity_provider::kLargestBody", identity_provider::kLargestBody),
    bytes("identity_provider::Issuer::kMaxBytes", identity_provider::Issuer::kMaxBytes),
    count("identity_provider::Claims::kMost", identity_provider::Claims::kMost),
    bytes("identity_provider::Claims::kMaxBytes", identity_provider::Claims::kMaxBytes),
    bytes("identity_provider::Assertion::kMaxBytes", identity_provider::Assertion::kMaxBytes),
    count("server::Copies::kMost", Copies::kMost),
    bytes("server::Copies::kMostBytes", Copies::kMostBytes),
    count("server::Metrics::kMostSeries", Metrics::kMostSeries),
    count("crypto::kMostInChain", crypto::kMostInChain),
    count("crypto::SshKey::kMaxBits", crypto::SshKey::kMaxBits),
    count("iam::quotas::kAccountProperties", iam::quotas::kAccountProperties),
    count("s3::kMostBucketTags", s3::kMostBucketTags),
    count("s3::kMostObjectTags", s3::kMostObjectTags),
    count("s3::kMostOfAKind", s3::kMostOfAKind),
    bytes("s3::kMostConfigurationBytes", s3::kMostConfigurationBytes),
    count("s3::kMostLifecycleRules", s3::kMostLifecycleRules),
    bytes("s3::kLongestRuleId", s3::kLongestRuleId),
    count("s3::kMostCorsRules", s3::kMostCorsRules),
    bytes("s3::kMostCorsBytes", s3::kMostCorsBytes),
    bytes("s3::kMostCorsHeaderBytes", s3::kMostCorsHeaderBytes),
    count("iam::quotas::kAccessReports", iam::quotas::kAccessReports),
    bytes("directory::Usage::kLongestRegion", directory::Usage::kLongestRegion),
    bytes("audit::Memory::kMost", audit::Memory::kMost),
    bytes("audit::Memory::kMostTold", audit::Memory::kMostTold),
    bytes("audit::EventLimits::user_agent", audit::EventLimits{}.user_agent),
    bytes("audit::EventLimits::error_message", audit::EventLimits{}.error_message),
    bytes("audit::EventLimits::error_code", audit::EventLimits{}.error_code),
    bytes("audit::EventLimits::host", audit::EventLimits{}.host),
    bytes("audit::EventLimits::region", audit::EventLimits{}.region),
    bytes("audit::EventLimits::name", audit::EventLimits{}.name),
    bytes("audit::EventLimits::arn", audit::EventLimits{}.arn),
    bytes("audit::EventLimits::request", audit::EventLimits{}.request),
    bytes("audit::EventLimits::response", audit::EventLimits{}.response),
    bytes("audit::EventLimits::line", audit::EventLimits{}.line),
    bytes("audit::Series::kLargest", audit::Series::kLargest),
    count("audit::Series::kFiles", audit::Series::kFiles),
    bytes("audit::Keep::kLeast", audit::Keep::kLeast),
    bytes("audit::Log::kMostPending", audit::Log::kMostPending),
    bytes("audit::Log::kMostPendingOfStrangers", audit::Log::kMostPendingOfStrangers),
    bytes("audit::Log::kLeaveFree", audit::Log::kLeaveFree),
    bytes("protocol::kNameWithin", protocol::kNameWithin),
    bytes("kMostVisible", kMostVisible),
    bytes("log::kMostOfLine", log::kMostOfLine),
    bytes("kMostKept", kMostKept),
    count("iam::quotas::kSamlMetadataBytes", iam::quotas::kSamlMetadataBytes),
    count("authn::XmlBounds::kBytes", authn::XmlBounds::kBytes),
    count("authn::XmlBounds::kElements", authn::XmlBounds::kElements),
    count("authn::XmlBounds::kDepth", authn::XmlBounds::kDepth),
    count("authn::XmlBounds::kAttributes", authn::XmlBounds::kAttributes),
    count("authn::XmlBounds::kAttributesInAll", authn::XmlBounds::kAttributesInAll),
    count("authn::XmlBounds::kNamespaces", authn::XmlBounds::kNamespaces),
    count("authn::SamlMetadata::kMaxCertificates", authn::SamlMetadata::kMaxCertificates),
    count("crypto::PublicKey::kMaxCertificateBytes", crypto::PublicKey::kMaxCertificateBytes),
    count("crypto::PublicKey::kMaxCertifiedRsaBits", crypto::PublicKey::kMaxCertifiedRsaBits),
    count("server::kDocuments.waiting_of_account", server::kDocuments.waiting_of_account),
    count("server::kDocuments.waiting", server::kDocuments.waiting),
    count("authn::Jwt::kMaxBytes", authn::Jwt::kMaxBytes),
    count("authn::Json::kMaxDepth", authn::Json::kMaxDepth),
    count("authn::Json::kMaxValues", authn::Json::kMaxValues),
    count("authn::kMaxDiscoveryBytes", authn::kMaxDiscoveryBytes),
    count("authn::KeySet::kMaxBytes", authn::KeySet::kMaxBytes),
    count("authn::KeySet::kMaxKeys", authn::KeySet::kMaxKeys),
    count("authn::KeySet::kMaxKeyId", authn::KeySet::kMaxKeyId),
    count("crypto::PublicKey::kMaxRsaBits", crypto::PublicKey::kMaxRsaBits),
    count("authn::kMostIssuersOfAccount", authn::kMostIssuersOfAccount),
    count("authn::kMostKeysKept", authn::kMostKeysKept),
    count("http::kFetches.at_once_of_account", http::kFetches.at_once_of_account),
    count("http::kFetches.at_once", http::kFetches.at_once),
    count("http::kFetches.waiting_of_account", http::kFetches.waiting_of_account),
    count("http::kFetches.waiting", http::kFetches.waiting),
    count("http::Certificates::kMaxChain", http::Certificates::kMaxChain),
    count("http::Certificates::kMaxChainBytes", http::Certificates::kMaxChainBytes),
    count("server::SlowHashes::kMostOfAccount", server::SlowHashes::kMostOfAccount),
    count("server::SlowHashes::kMostWaiting", server::SlowHashes::kMostWaiting),
    count("authn::QueryString::kMaxParameters", authn::QueryString::kMaxParameters),
    count("authn::SignedHeaders::kMaxNames", authn::SignedHeaders::kMaxNames),
    bytes("iam::quotas::kPolicySize", iam::quotas::kPolicySize.limit),
    bytes("iam::quotas::kTrustPolicySize", iam::quotas::kTrustPolicySize.limit),
    bytes("s3::kMostPolicyBytes", s3::kMostPolicyBytes),
    count("s3::kMostGrants", s3::kMostGrants),
    count("policy::Work::kMostSteps", policy::Work::kMostSteps),
    bytes("policy::kMostDocumentBytes", policy::kMostDocumentBytes),
    bytes("store::kMaxKey", store::kMaxKey),
    count("objects::kReads.waiting_of_account", objects::kReads.waiting_of_account),
    count("objects::kReads.waiting", objects::kReads.waiting),
    bytes("objects::kMostRemembered", objects::kMostRemembered),
    count("objects::kMostVisited", objects::kMostVisited),
    count("store::kMaxOperations", store::kMaxOperations),
    bytes("store::kMaxCommitBytes", store::kMaxCommitBytes),
    count("store::kMaxBulkOperations", store::kMaxBulkOperations),
    bytes("store::kMaxBulkBytes", store::kMaxBulkBytes),
    bytes("server::kLargestSeed", server::kLargestSeed),
    bytes("seed::kLargestText", seed::kLargestText),
    count("seed::kDeepest", seed::kDeepest),
    count("seed::kMostNodes", seed::kMostNodes),
};

TEST(LimitsTest, ThePageSaysWhatTheCodeDoes) {
  std::ifstream in(DEPUTY_SOURCE_DIR "/docs/security.md");
  ASSERT_TRUE(in) << "there is no docs/security.md";
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(disagreements(page, kLimits, DEPUTY_SOURCE_DIR), IsEmpty());
}

TEST(LimitsPageTest, ReadsFiguresWithTheirUnits) {
  using Kind = Figure::Kind;
  const auto one = [](Kind kind, std::uint64_t value) { return ElementsAre(Figure{kind, value}); };
  EXPECT_THAT(figures("16 KiB"), one(Kind::kBytes, 16384));
  EXPECT_THAT(figures("10,000,000 bytes"), one(Kind::kBytes, 10'000'000));
  EXPECT_THAT(figures("1.5 MB"), one(Kind::kBytes, 1'500'000));
  EXPECT_THAT(figures("20 s (AWS: 30 s)"), one(Kind::kMilliseconds, 20'000));
  EXPECT_THAT(figures("ten minutes: 10 minutes"), one(Kind::kMilliseconds, 600'000));
  EXPECT_THAT(figures("25 ms"), one(Kind::kMilliseconds, 25));
  EXPECT_THAT(figures("the first 100"), one(Kind::kCount, 100));
  EXPECT_THAT(figures("64; 8 of one account"), ElementsAre(Figure{Kind::kCount, 64}, Figure{Kind::kCount, 8}));
  EXPECT_THAT(figures("1970-01-02 to 9999-12-31"), ElementsAre(Figure{Kind::kDays, 1}, Figure{Kind::kDays, 2'932'896}));
  EXPECT_THAT(figures("as SHA-256 has them"), IsEmpty());
}

/// What it says of a page of one row, whose only constant is kMaxParameters.
std::vector<std::string> about(const std::string& limit, const std::string& where) {
  const std::string page = "| input | limit | where |\n| --- | --- | --- |\n| x | " + limit + " | " + where + " |\n";
  return disagreements(page, {count("authn::QueryString::kMaxParameters", 1000)}, DEPUTY_SOURCE_DIR);
}

TEST(LimitsPageTest, FindsEveryDisagreement) {
  const std::string name = "`authn::QueryString::kMaxParameters` in ", header = "`src/authn/signature/query_string.h`";
  EXPECT_THAT(about("1,000 of a query", name + header), IsEmpty());
  EXPECT_THAT(about("1,001", name + header), ElementsAre(HasSubstr("another in the code: 1000")));
  EXPECT_THAT(about("1,000 bytes", name + header), ElementsAre(HasSubstr("another in the code")));
  EXPECT_THAT(about("many", name + header), ElementsAre(HasSubstr("not one figure"), HasSubstr("not in the page")));
  EXPECT_THAT(about("1,000", name + "`src/authn/signature/sigv4.h`"),
              ElementsAre(HasSubstr("not declared in that header")));
  EXPECT_THAT(about("1,000", name + "`src/authn/gone.h`"), ElementsAre(HasSubstr("not declared in that header")));
  EXPECT_THAT(about("1,000", "somewhere"), ElementsAre(HasSubstr("names no constant"), HasSubstr("not in the page")));
  EXPECT_THAT(about("7", "`authn::kNew` in " + header),
              ElementsAre(HasSubstr("not in the table"), HasSubstr("not in the page")));
  EXPECT_THAT(disagreements("", {count("authn::QueryString::kMaxParameters", 1000)}, DEPUTY_SOURCE_DIR),
              ElementsAre(HasSubstr("not in the page")));
}

TEST(LimitsPageTest, ReadsLengthsOfShapesFromTheModel) {
  const auto said = [](const std::string& limit, const std::string& shape) {
    const std::string row = "| x | " + limit + " | `" + shape + "` in `models/iam.json` |\n";
    return disagreements("| input | limit | where |\n" + row, {}, DEPUTY_SOURCE_DIR);
  };
  EXPECT_THAT(said("10,000,000 characters", "SAMLMetadataDocumentType"), IsEmpty());
  EXPECT_THAT(said("10,000,001 characters", "SAMLMetadataDocumentType"),
              ElementsAre(HasSubstr("is another in the model")));
  EXPECT_THAT(said("1", "NoSuchShape"), ElementsAre(HasSubstr("has no greatest length")));
}

}  // namespace
}  // namespace deputy::server
