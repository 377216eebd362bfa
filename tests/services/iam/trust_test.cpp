// Whom a role trusts: looked up when it is saved, shown as it is today. docs/policy-evaluation.md, P-12, W-6, W-7.
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/update_assume_role_policy.h"
#include "protocol/iam/update_user.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

/// A trust policy of one statement with this Principal.
std::string trusting(const std::string& principal, const std::string& rest = R"("Action":"sts:AssumeRole")") {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)" + principal + "," + rest + "}]}";
}
std::string aws(const std::string& value) { return trusting(R"({"AWS":")" + value + R"("})"); }

class TrustTest : public testing::Test {
 protected:
  Result<shapes::CreateRole::Output> create(const std::string& trust, const std::string& name = "deploy") {
    return world.call<shapes::CreateRole>({.role_name = name, .assume_role_policy_document = trust}, root(kB));
  }
  std::string shown(const std::string& name = "deploy") {
    return *world.must<shapes::GetRole>({.role_name = name}, root(kB)).role.assume_role_policy_document;
  }
  std::string stored(const std::string& name = "deploy") {
    return world.snapshot().role(*AccountId::parse(kB), name)->trust.text();
  }
  std::string create_user(const std::string& name, std::optional<std::string> path = std::nullopt) {
    return world.must<shapes::CreateUser>({.path = path, .user_name = name}).user->user_id;
  }

  World world;
};

TEST_F(TrustTest, AUserOfAnotherAccountIsStoredByIdAndShownByArn) {
  const std::string id = create_user("crossAccountUser");
  const std::string document = aws(arn("user/crossAccountUser"));
  auto made = create(document);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->role.assume_role_policy_document, document);
  EXPECT_EQ(stored(), aws(id));
  EXPECT_EQ(shown(), document);
}

TEST_F(TrustTest, AUserThatIsDeletedAndCreatedAgainIsNotTrusted) {
  const std::string first = create_user("alice");
  ASSERT_TRUE(create(aws(arn("user/alice"))).ok());
  world.must<shapes::DeleteUser>({.user_name = "alice"});
  EXPECT_EQ(shown(), aws(first)) << "the id of who is gone";

  const std::string second = create_user("alice");
  EXPECT_NE(first, second);
  EXPECT_EQ(shown(), aws(first)) << "another user of the same name";

  // Saving what is shown fails, since nobody has that id; naming the new user trusts the new user.
  EXPECT_TRUE(
      refused(world.call<shapes::UpdateAssumeRolePolicy>({.role_name = "deploy", .policy_document = shown()}, root(kB)),
              "MalformedPolicyDocument", 400, "Invalid principal in policy: \"AWS\":\"" + first + "\""));
  world.must<shapes::UpdateAssumeRolePolicy>({.role_name = "deploy", .policy_document = aws(arn("user/alice"))},
                                             root(kB));
  EXPECT_EQ(stored(), aws(second));
  EXPECT_EQ(shown(), aws(arn("user/alice")));
}

TEST_F(TrustTest, ARoleThatIsDeletedAndCreatedAgainIsNotTrusted) {
  world.must<shapes::CreateRole>({.path = "/ci/", .role_name = "builder", .assume_role_policy_document = kTrustsA});
  ASSERT_TRUE(create(aws(arn("role/ci/builder"))).ok());
  EXPECT_EQ(shown(), aws(arn("role/ci/builder")));
  world.must<shapes::DeleteRole>({.role_name = "builder"});
  const std::string dangling = shown();
  EXPECT_NE(dangling.find("\"AROA"), std::string::npos) << dangling;
  world.must<shapes::CreateRole>({.path = "/ci/", .role_name = "builder", .assume_role_policy_document = kTrustsA});
  EXPECT_EQ(shown(), dangling);
}

TEST_F(TrustTest, ARenamedUserStaysTrustedAndShowsUnderTheNewName) {
  create_user("alice");
  ASSERT_TRUE(create(aws(arn("user/alice"))).ok());
  world.must<shapes::UpdateUser>({.user_name = "alice", .new_path = "/team/", .new_user_name = "Alicia"});
  EXPECT_EQ(shown(), aws(arn("user/team/Alicia")));
}

TEST_F(TrustTest, AnIdOfSomebodyWhoLivesIsAPrincipalToo) {
  const std::string id = create_user("alice");
  ASSERT_TRUE(create(aws(id)).ok());
  EXPECT_EQ(shown(), aws(arn("user/alice")));
}

TEST_F(TrustTest, TheRestOfTheDocumentStaysAsItWasWritten) {
  const std::string alice = create_user("alice"), bob = create_user("bob", "/team/");
  const std::string before =
      "{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\": [\n    {\"Sid\":\"A\", \"Effect\":\"Allow\",\n"
      "     \"Principal\": {\"AWS\": [\"arn:aws:iam::111111111111:user\\/alice\", \"111111111111\",\n"
      "       \"arn:aws:iam::111111111111:user/team/bob\"], \"Service\": \"lambda.amazonaws.com\"},\n"
      "     \"Action\": \"sts:AssumeRole\",\n"
      "     \"Condition\": {\"StringEquals\": {\"aws:userid\": \"arn:aws:iam::111111111111:user/alice\"}}},\n"
      "    {\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:user/alice\"},"
      "\"Action\":\"sts:AssumeRole\"}]}\n";
  ASSERT_TRUE(create(before).ok());
  std::string expected = before;
  for (const auto& [from, to] :
       {std::pair<std::string, std::string>{"\"arn:aws:iam::111111111111:user\\/alice\"", "\"" + alice + "\""},
        {"\"arn:aws:iam::111111111111:user/team/bob\"", "\"" + bob + "\""},
        {"{\"AWS\":\"arn:aws:iam::111111111111:user/alice\"}", "{\"AWS\":\"" + alice + "\"}"}}) {
    expected.replace(expected.find(from), from.size(), to);
  }
  EXPECT_EQ(stored(), expected);
  EXPECT_EQ(world.snapshot().role(*AccountId::parse(kB), "deploy")->trust_principals.size(), 2U);

  std::string today = before;
  today.replace(today.find("\\/"), 2, "/");  // what was resolved is written plainly
  EXPECT_EQ(shown(), today);
}

TEST_F(TrustTest, AnIdThatIsNoPrincipalIsNotTakenForOne) {
  const std::string id = create_user("alice");
  const std::string rest = R"("Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:userid":")" + id + R"("}})";
  const std::string document = trusting(R"({"AWS":")" + arn("user/alice") + R"("})", rest);
  ASSERT_TRUE(create(document).ok());
  EXPECT_EQ(shown(), document);
}

TEST_F(TrustTest, ANameWithAQuoteInItsPathIsEscaped) {
  create_user("alice", "/a\"b\\/");
  const std::string document = aws("arn:aws:iam::111111111111:user/a\\\"b\\\\/alice");
  ASSERT_TRUE(create(document).ok());
  EXPECT_EQ(shown(), document);
}

TEST_F(TrustTest, TakesWhoeverNeedsNoEntity) {
  world.must<shapes::CreateRole>({.role_name = "plain", .assume_role_policy_document = kTrustsA}, root(kB));
  int number = 0;
  for (const std::string& principal : {
           std::string(R"("*")"),
           std::string(R"({"AWS":"*"})"),
           std::string(R"({"AWS":"111111111111"})"),
           std::string(R"({"AWS":"arn:aws:iam::111111111111:root"})"),
           std::string(R"({"AWS":["111111111111","222222222222"]})"),
           std::string(R"({"AWS":"arn:aws:sts::111111111111:assumed-role/nobody/session"})"),
           std::string(R"({"AWS":"arn:aws:sts::111111111111:federated-user/nobody"})"),
           std::string(R"({"Service":"ec2.amazonaws.com"})"),
           std::string(R"({"Service":["lambda.amazonaws.com","states.eu-west-1.amazonaws.com"]})"),
           std::string(R"({"Federated":"accounts.google.com"})"),
       }) {
    const std::string name = "r" + std::to_string(++number);
    const auto made = create(trusting(principal), name);
    ASSERT_TRUE(made.ok()) << principal << ": " << made.error().message();
    EXPECT_EQ(stored(name), trusting(principal));
    EXPECT_EQ(shown(name), trusting(principal));
  }
}

TEST_F(TrustTest, RefusesWhoDoesNotExist) {
  world.must<shapes::CreateRole>({.path = "/ci/", .role_name = "builder", .assume_role_policy_document = kTrustsA});
  create_user("alice");
  for (const char* value : {
           "arn:aws:iam::111111111111:user/bob",
           "arn:aws:iam::111111111111:user/Alice",
           "arn:aws:iam::111111111111:user/x/alice",
           "arn:aws:iam::222222222222:user/alice",
           "arn:aws:iam::111111111111:role/builder",
           "arn:aws:iam::111111111111:role/alice",
           "arn:aws:iam::111111111111:group/alice",
           "arn:aws:iam::111111111111:user/*",
           "arn:aws:iam::111111111111:*",
           "arn:aws:iam::*:root",
           "arn:aws:iam::999999999999:root",
           "999999999999",
           "1111",
           "AIDAAAAAAAAAAAAAAAAAA",
           "arn:aws:sts::111111111111:assumed-role/builder/*",
           "arn:aws:sts::111111111111:assumed-role/builder",
           "arn:aws:sts::111111111111:assumed-role//x",
           "arn:aws:sts::111111111111:assumed-role/a/b/c",
           "arn:aws:sts::111111111111:federated-user/",
           "arn:aws:iam::111111111111:assumed-role/builder/x",
           "arn:aws-cn:iam::111111111111:root",
           "arn:aws:iam:us-east-1:111111111111:root",
           "arn:aws:s3:::bucket",
           "",
           "alice",
       }) {
    EXPECT_TRUE(refused(create(aws(value)), "MalformedPolicyDocument", 400,
                        "Invalid principal in policy: \"AWS\":\"" + std::string(value) + "\""))
        << value;
  }
}

TEST_F(TrustTest, OneWrongPrincipalOfManyRefusesTheDocument) {
  create_user("alice");
  EXPECT_TRUE(refused(create(trusting(R"({"AWS":["111111111111","arn:aws:iam::111111111111:user/alice","nobody"]})")),
                      "MalformedPolicyDocument", 400, "Invalid principal in policy: \"AWS\":\"nobody\""));
}

TEST_F(TrustTest, RefusesServicesAndProvidersThatCannotBe) {
  EXPECT_TRUE(refused(create(trusting(R"({"Service":"lambda"})")), "MalformedPolicyDocument", 400,
                      R"(Invalid principal in policy: "SERVICE":"lambda")"));
  EXPECT_TRUE(
      refused(create(trusting(R"({"Federated":"arn:aws:iam::222222222222:oidc-provider/example.com"})")),
              "MalformedPolicyDocument", 400,
              R"(Invalid principal in policy: "FEDERATED":"arn:aws:iam::222222222222:oidc-provider/example.com")"));
}

TEST_F(TrustTest, CognitoNeedsACondition) {
  const std::string principal = R"({"Federated":"cognito-identity.amazonaws.com"})";
  const std::string action = R"("Action":"sts:AssumeRoleWithWebIdentity")";
  EXPECT_TRUE(refused(create(trusting(principal, action)), "MalformedPolicyDocument", 400,
                      "A condition block must be present for the Cognito provider"));
  const std::string condition =
      action + R"(,"Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:x"}})";
  EXPECT_TRUE(create(trusting(principal, condition)).ok());
}

struct WrongDocument {
  const char* document;
  const char* message;
};
/// The rows of W-6 that are about the document alone.
constexpr WrongDocument kWrong[] = {
    {"{", "This policy contains invalid Json"},
    {"not json", "This policy contains invalid Json"},
    {R"({"Version":"2012-10-17","Statement":[]})", "Could not parse the policy: Statement is empty!"},
    {R"({"Version":"2013-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "The policy must contain a valid version string"},
    {R"({"Version":"2012-10-17","Statement":[{"Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "Missing required field Effect"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "Invalid effect: Maybe"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]})",
     "Missing required field Principal"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}]})",
     "Missing required field Principal cannot be empty!"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"}}]})",
     "Missing required field Action"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Resource":"*"}]})",
     "Has prohibited field Resource"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "Allow with NotPrincipal is not allowed."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "AssumeRole policy must not contain NotPrincipal field."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject"}]})",
     "AssumeRole policy may only specify STS AssumeRole actions."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}]})",
     "AssumeRole policy may only specify STS AssumeRole actions."},
    {R"({"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"},{"Sid":"A","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})",
     "The Statement Ids in the policy are not unique"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringIs":{"aws:userid":"x"}}}]})",
     "Syntax error in policy."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","NotAction":"sts:TagSession"}]})",
     "Syntax error in policy."},
};

TEST_F(TrustTest, RefusesWrongDocumentsInAwsWords) {
  for (const WrongDocument& wrong : kWrong) {
    EXPECT_TRUE(refused(create(wrong.document), "MalformedPolicyDocument", 400, wrong.message)) << wrong.document;
  }
}

TEST_F(TrustTest, CountsTheSizeWithoutWhiteSpace) {
  const std::string blanks(4000, ' ');
  EXPECT_TRUE(create(kTrustsA + blanks).ok());
  const std::string long_value(2048, 'x');
  const std::string rest =
      R"("Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":")" + long_value + R"("}})";
  EXPECT_TRUE(refused(create(trusting(R"({"AWS":"*"})", rest), "other"), "LimitExceeded", 409,
                      "Cannot exceed quota for ACLSizePerRole: 2048"));
}

}  // namespace
}  // namespace deputy::iam
