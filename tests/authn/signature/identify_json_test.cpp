// Services of JSON 1.1 (docs/wire.md, 3.2): the checks of the query services, in their own words.
#include <gmock/gmock.h>

#include "authn/signature/identify_fixture.h"

namespace deputy::authn {
namespace {

using testing::StartsWith;

TEST_F(IdentifyTest, JsonServicesAnswer400WithTheirOwnNames) {
  Signer signer;
  signer.service = "organizations";
  EXPECT_EQ(ask(signer, kOrganizations), kAlice);

  TestRequest request = sts_request();
  EXPECT_EQ(ask(request, kOrganizations), "ok ") << "the anonymous caller, whom no operation takes";
  EXPECT_EQ(unsigned_request(Dialect::kJson).code(), "MissingAuthenticationTokenException");
  request.set("Authorization", "Bearer x");
  EXPECT_EQ(ask(request, kOrganizations), "400 MissingAuthenticationTokenException: Missing Authentication Token");
  request.set("Authorization", "AWS4-HMAC-SHA256 Credential=x");
  EXPECT_THAT(ask(request, kOrganizations),
              StartsWith("400 IncompleteSignatureException: Authorization header requires"));
  request.target = "/?X-Amz-Algorithm=x";
  EXPECT_EQ(
      ask(request, kOrganizations),
      "400 InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as "
      "HTTP header.");

  Signer wrong = signer;
  wrong.secret = "another";
  EXPECT_THAT(ask(wrong, kOrganizations),
              StartsWith("400 InvalidSignatureException: The request signature we calculated"));
  wrong = signer;
  wrong.key = "AKIAUNKNOWNUNKNOWNUN";
  EXPECT_EQ(ask(wrong, kOrganizations),
            "400 UnrecognizedClientException: The security token included in the request is invalid.");
  wrong = Signer::with(world_.issue(world_.role_session()));
  wrong.service = "organizations";
  wrong.token = "x";
  EXPECT_EQ(ask(wrong, kOrganizations),
            "400 UnrecognizedClientException: The security token included in the request is invalid");
  directory::Session old = world_.role_session();
  old.expires = now_;
  wrong = Signer::with(world_.issue(old));
  wrong.service = "organizations";
  EXPECT_EQ(ask(wrong, kOrganizations),
            "400 ExpiredTokenException: The security token included in the request is expired");

  now_ = world_.now + std::chrono::minutes(5);
  EXPECT_EQ(ask(signer, kOrganizations), kAlice);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(ask(signer, kOrganizations),
            "400 InvalidSignatureException: Signature expired: 20260724T101112Z is now earlier than 20260724T101113Z "
            "(20260724T101613Z - 5 min.)");
}

}  // namespace
}  // namespace deputy::authn
