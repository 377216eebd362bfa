// What is set on a bucket about who may touch it: its policy, its list, its ownership, its block; and its account's.
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_user.h"
#include "services/s3/bucket_acl.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/buckets.h"
#include "services/s3/common.h"
#include "services/s3/ownership.h"
#include "services/s3/public_access_block.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using directory::ObjectOwnership;
using tests::kA;
using tests::kB;
using tests::refused;
using tests::root;
using tests::user;

class BucketAccessTest : public testing::Test {
 protected:
  BucketAccessTest() {
    CreateBucket::Input in{};
    in.bucket = "logs";
    world.must<CreateBucket>(in);
    world.must<iam::shapes::CreateUser>({.user_name = "alice"});
  }
  [[nodiscard]] const directory::Bucket& bucket() const { return *world.snapshot().bucket("logs"); }
  static std::string policy(std::string_view principal, std::string_view resource = "arn:aws:s3:::logs",
                            std::string_view action = "s3:ListBucket", std::string_view effect = "Allow") {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":")" + std::string(effect) + R"(","Principal":)" +
           std::string(principal) + R"(,"Action":")" + std::string(action) + R"(","Resource":")" +
           std::string(resource) + R"("}]})";
  }
  static PutBucketPolicy::Input put(std::string text) { return {.bucket = "logs", .policy = std::move(text)}; }
  void unblock() { world.must<DeletePublicAccessBlock>({.bucket = "logs"}); }
  void own(const char* ownership) {
    world.must<PutBucketOwnershipControls>({.bucket = "logs", .ownership_controls = {.rules = {{ownership}}}});
  }
  static PutBucketAcl::Input canned(const char* name) {
    PutBucketAcl::Input in{};
    in.bucket = "logs";
    in.acl = name;
    return in;
  }

  tests::World world;
};

// ---- The policy

TEST_F(BucketAccessTest, APolicyIsShownAsItWasPut) {
  EXPECT_TRUE(refused(world.call<GetBucketPolicy>({.bucket = "logs"}), "NoSuchBucketPolicy", 404,
                      "The bucket policy does not exist"));
  EXPECT_TRUE(refused(world.call<GetBucketPolicyStatus>({.bucket = "logs"}), "NoSuchBucketPolicy", 404,
                      "The bucket policy does not exist"));
  const std::string text = policy(R"({"AWS":"arn:aws:iam::111111111111:user/alice"})");
  world.must<PutBucketPolicy>(put(text));
  EXPECT_EQ(world.must<GetBucketPolicy>({.bucket = "logs"}).policy, text);
  EXPECT_EQ(world.must<GetBucketPolicyStatus>({.bucket = "logs"}).policy_status->is_public, false);
  world.must<DeleteBucketPolicy>({.bucket = "logs"});
  world.must<DeleteBucketPolicy>({.bucket = "logs"});
  EXPECT_FALSE(bucket().access.has_policy());
  EXPECT_TRUE(bucket().access.policy_principals.empty());
}

/// [S-200, P-12]
TEST_F(BucketAccessTest, WhoIsMadeAgainDoesNotRegainWhatThePolicyGave) {
  world.must<PutBucketPolicy>(put(policy(R"({"AWS":"arn:aws:iam::111111111111:user/alice"})")));
  EXPECT_TRUE(world.call<HeadBucket>({.bucket = "logs"}, user("alice")).ok());
  const std::string id = world.snapshot().user(*AccountId::parse(kA), "alice")->id.str();
  world.must<iam::shapes::DeleteUser>({.user_name = "alice"});
  EXPECT_EQ(world.must<GetBucketPolicy>({.bucket = "logs"}).policy, policy(R"({"AWS":")" + id + R"("})"));
  world.must<iam::shapes::CreateUser>({.user_name = "alice"});
  EXPECT_EQ(world.call<HeadBucket>({.bucket = "logs"}, user("alice")).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<PutBucketPolicy>(put(policy(R"({"AWS":")" + id + R"("})"))).error().code(), "MalformedPolicy");
}

/// [W-10, S-204 to S-207]
TEST_F(BucketAccessTest, BadPoliciesAreRefusedInTheWordsOfS3) {
  const struct {
    std::string text;
    const char *message, *detail;
  } cases[] = {
      {"nonsense", "Policies must be valid JSON and the first byte must be '{'", ""},
      {" {}", "Policies must be valid JSON and the first byte must be '{'", ""},
      {R"({"Version":"2012-10-17"})", "Missing required field Statement", ""},
      {policy(R"({"AWS":"arn:aws:iam::111111111111:user/nobody"})"), "Invalid principal in policy",
       R"("AWS" : "arn:aws:iam::111111111111:user/nobody")"},
      {policy(R"({"AWS":"999999999999"})"), "Invalid principal in policy", R"("AWS" : "999999999999")"},
      {policy(R"({"AWS":"arn:aws:iam::111111111111:user/*"})"), "Invalid principal in policy",
       R"("AWS" : "arn:aws:iam::111111111111:user/*")"},
      {policy(R"({"Service":"nonsense"})"), "Invalid principal in policy", R"("Service" : "nonsense")"},
      {policy(R"({"Federated":"arn:aws:iam::111111111111:oidc-provider/x"})"), "Invalid principal in policy",
       R"("Federated" : "arn:aws:iam::111111111111:oidc-provider/x")"},
      {policy(R"("*")", "arn:aws:s3:::other"), "Policy has invalid resource", "arn:aws:s3:::other"},
      {policy(R"("*")", "arn:aws:s3:::*"), "Policy has invalid resource", "arn:aws:s3:::*"},
      {policy(R"("*")", "arn:aws:s3:::logs", "s3:CreateBucket"), "Policy has invalid action", "s3:CreateBucket"},
      {policy(R"("*")", "arn:aws:s3:::logs", "s3:GetObject"), "Action does not apply to any resource(s) in statement",
       "s3:GetObject"},
  };
  for (const auto& c : cases) {
    const auto result = world.call<PutBucketPolicy>(put(c.text));
    EXPECT_TRUE(refused(result, "MalformedPolicy", 400, c.message)) << c.text;
    if (result) continue;
    const Error::Details expected = *c.detail == 0 ? Error::Details{} : Error::Details{{"Detail", c.detail}};
    EXPECT_EQ(result.error().details(), expected) << c.text;
  }
  EXPECT_FALSE(bucket().access.has_policy());
}

/// [S-13]
TEST_F(BucketAccessTest, ThePolicyIsCountedWithoutWhiteSpace) {
  const auto of = [](std::size_t sid, std::size_t blanks) {
    return R"({"Statement":)" + std::string(blanks, ' ') + R"({"Sid":")" + std::string(sid, 'a') +
           R"(","Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::logs"}})";
  };
  world.must<PutBucketPolicy>(put(of(20000, 10000)));
  EXPECT_TRUE(refused(world.call<PutBucketPolicy>(put(of(20480, 0))), "PolicyTooLarge", 400,
                      "Normalized policy exceeds the maximum allowed size of 20480 bytes."));
}

/// [S-10, S-193]
TEST_F(BucketAccessTest, APublicPolicyIsBlockedForRootToo) {
  const std::string open = policy(R"("*")");
  EXPECT_TRUE(refused(
      world.call<PutBucketPolicy>(put(open)), "AccessDenied", 403,
      "User: arn:aws:iam::111111111111:root is not authorized to perform: s3:PutBucketPolicy on resource: "
      "\"arn:aws:s3:::logs\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block "
      "Public Access."));
  unblock();
  world.must<PutBucketPolicy>(put(open));
  EXPECT_EQ(world.must<GetBucketPolicyStatus>({.bucket = "logs"}).policy_status->is_public, true);
  world.must<PutAccountPublicAccessBlock>(
      {.public_access_block_configuration = {.block_public_policy = true}, .account_id = kA});
  EXPECT_TRUE(bucket().access.has_policy()) << "what is there stays";
  EXPECT_EQ(world.call<PutBucketPolicy>(put(open)).error().code(), "AccessDenied") << "the account blocks it, too";
}

/// [S-201, R-5]
TEST_F(BucketAccessTest, ThePolicyIsTheOwnersAccountsBusiness) {
  unblock();
  world.must<PutBucketPolicy>(put(policy(R"("*")", "arn:aws:s3:::logs", "s3:*")));
  const auto other = [](const auto& result) {
    return refused(result, "MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
  };
  EXPECT_TRUE(other(world.call<GetBucketPolicy>({.bucket = "logs"}, root(kB))));
  EXPECT_TRUE(other(world.call<PutBucketPolicy>(put(policy(R"("*")")), root(kB))));
  EXPECT_TRUE(other(world.call<DeleteBucketPolicy>({.bucket = "logs"}, root(kB))));
  EXPECT_TRUE(other(world.call<GetBucketPolicy>({.bucket = "logs"}, tests::anonymous())));
  EXPECT_EQ(world.must<GetBucketPolicyStatus>({.bucket = "logs"}, root(kB)).policy_status->is_public, true);

  world.must<PutBucketPolicy>(put(policy(R"("*")", "arn:aws:s3:::logs", "s3:*", "Deny")));
  EXPECT_EQ(world.call<HeadBucket>({.bucket = "logs"}).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<GetBucketPolicyStatus>({.bucket = "logs"}).error().code(), "AccessDenied");
  world.must<GetBucketPolicy>({.bucket = "logs"});
  world.must<DeleteBucketPolicy>({.bucket = "logs"});
  world.must<HeadBucket>({.bucket = "logs"});
}

/// An organization closes an account: nobody outside reaches its buckets, whatever they allow.
TEST_F(BucketAccessTest, NobodyReachesIntoAnAccountThatIsClosed) {
  unblock();
  world.must<PutBucketPolicy>(put(policy(R"("*")")));
  EXPECT_TRUE(world.call<HeadBucket>({.bucket = "logs"}, root(kB)).ok());
  EXPECT_TRUE(world.call<HeadBucket>({.bucket = "logs"}, tests::anonymous()).ok());
  directory::Account closed = world.snapshot().account(*AccountId::parse(kA))->account;
  closed.suspended = true;
  directory::Changes changes;
  changes.update(closed);
  ASSERT_TRUE(world.commit(changes));
  EXPECT_TRUE(refused(world.call<HeadBucket>({.bucket = "logs"}, root(kB)), "AccessDenied", 403, "Access Denied"));
  EXPECT_TRUE(
      refused(world.call<HeadBucket>({.bucket = "logs"}, tests::anonymous()), "AccessDenied", 403, "Access Denied"));
}

// ---- Ownership

TEST_F(BucketAccessTest, ControlsAreShownPutAndDeleted) {
  const auto shown = [&] {
    return world.must<GetBucketOwnershipControls>({.bucket = "logs"}).ownership_controls->rules.at(0).object_ownership;
  };
  EXPECT_EQ(shown(), "BucketOwnerEnforced");
  for (const char* name : {"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"}) {
    own(name);
    EXPECT_EQ(shown(), name);
  }
  world.must<DeleteBucketOwnershipControls>({.bucket = "logs"});
  world.must<DeleteBucketOwnershipControls>({.bucket = "logs"});
  const auto none = world.call<GetBucketOwnershipControls>({.bucket = "logs"});
  EXPECT_TRUE(refused(none, "OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"));
  EXPECT_EQ(none.error().details(), (Error::Details{{"BucketName", "logs"}}));
  EXPECT_TRUE(world.call<PutBucketAcl>(canned("log-delivery-write")).ok()) << "lists count again";
  for (const std::vector<shapes::OwnershipControlsRule>& bad :
       {std::vector<shapes::OwnershipControlsRule>{}, {{"ObjectWriter"}, {"ObjectWriter"}}, {{"Mine"}}, {{""}}}) {
    EXPECT_EQ(
        world.call<PutBucketOwnershipControls>({.bucket = "logs", .ownership_controls = {.rules = bad}}).error().code(),
        "MalformedXML");
  }
}

/// [S-176]
TEST_F(BucketAccessTest, OwnersAreNotEnforcedOverAListThatGivesToOthers) {
  own("ObjectWriter");
  world.must<PutBucketAcl>(canned("log-delivery-write"));
  const PutBucketOwnershipControls::Input enforce{.bucket = "logs",
                                                  .ownership_controls = {.rules = {{"BucketOwnerEnforced"}}}};
  EXPECT_TRUE(refused(world.call<PutBucketOwnershipControls>(enforce), "InvalidBucketAclWithObjectOwnership", 400,
                      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"));
  world.must<PutBucketAcl>(canned("private"));
  world.must<PutBucketOwnershipControls>(enforce);
}

// ---- The list

/// [S-175]
TEST_F(BucketAccessTest, AListIsShownAndPutOnlyWhereListsCount) {
  const auto shown = [&] { return world.must<GetBucketAcl>({.bucket = "logs"}); };
  const std::string owner = canonical_user_id(*AccountId::parse(kA));
  ASSERT_EQ(shown().grants->size(), 1U);
  EXPECT_EQ(shown().owner->id, owner);
  EXPECT_EQ(shown().grants->at(0).grantee->id, owner);
  EXPECT_EQ(shown().grants->at(0).permission, "FULL_CONTROL");
  EXPECT_TRUE(refused(world.call<PutBucketAcl>(canned("private")), "AccessControlListNotSupported", 400,
                      "The bucket does not allow ACLs"));
  own("BucketOwnerPreferred");
  world.must<PutBucketAcl>(canned("log-delivery-write"));
  EXPECT_EQ(shown().grants->size(), 3U);
}

/// [S-19, S-191, S-192]
TEST_F(BucketAccessTest, PublicListsAreBlockedAndIgnored) {
  EXPECT_EQ(world.call<PutBucketAcl>(canned("public-read")).error().code(), "AccessControlListNotSupported")
      << "before anything is blocked";
  own("ObjectWriter");
  EXPECT_TRUE(refused(
      world.call<PutBucketAcl>(canned("public-read")), "AccessDenied", 403,
      "User: arn:aws:iam::111111111111:root is not authorized to perform: s3:PutBucketAcl on resource: "
      "\"arn:aws:s3:::logs\" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public "
      "Access."));
  unblock();
  world.must<PutBucketAcl>(canned("public-read"));
  EXPECT_TRUE(world.call<HeadBucket>({.bucket = "logs"}, tests::anonymous()).ok());
  EXPECT_TRUE(world.call<HeadBucket>({.bucket = "logs"}, root(kB)).ok());
  world.must<PutPublicAccessBlock>(
      {.bucket = "logs", .public_access_block_configuration = {.ignore_public_acls = true}});
  EXPECT_EQ(world.call<HeadBucket>({.bucket = "logs"}, tests::anonymous()).error().message(), "Access Denied");
  EXPECT_EQ(world.must<GetBucketAcl>({.bucket = "logs"}).grants->size(), 2U) << "it stays, and is shown";
}

// ---- The block

TEST_F(BucketAccessTest, ABlockIsWholeAndCanBeDeleted) {
  const auto shown = [&] {
    return *world.must<GetPublicAccessBlock>({.bucket = "logs"}).public_access_block_configuration;
  };
  EXPECT_TRUE(*shown().block_public_acls && *shown().ignore_public_acls && *shown().block_public_policy &&
              *shown().restrict_public_buckets);
  world.must<PutPublicAccessBlock>(
      {.bucket = "logs", .public_access_block_configuration = {.block_public_policy = true}});
  EXPECT_TRUE(*shown().block_public_policy);
  EXPECT_FALSE(*shown().block_public_acls || *shown().ignore_public_acls || *shown().restrict_public_buckets)
      << "what is not said is false";
  EXPECT_TRUE(refused(world.call<PutPublicAccessBlock>({.bucket = "logs"}), "InvalidRequest", 400,
                      "Must specify at least one configuration."));
  world.must<DeletePublicAccessBlock>({.bucket = "logs"});
  world.must<DeletePublicAccessBlock>({.bucket = "logs"});
  const auto none = world.call<GetPublicAccessBlock>({.bucket = "logs"});
  EXPECT_TRUE(refused(none, "NoSuchPublicAccessBlockConfiguration", 404,
                      "The public access block configuration was not found"));
  EXPECT_EQ(none.error().details(), (Error::Details{{"BucketName", "logs"}}));
}

/// [S-286]
TEST_F(BucketAccessTest, AnAccountHasABlockOfItsOwn) {
  const auto none = world.call<GetAccountPublicAccessBlock>({.account_id = kA});
  EXPECT_TRUE(refused(none, "NoSuchPublicAccessBlockConfiguration", 404,
                      "The public access block configuration was not found"));
  EXPECT_EQ(none.error().details(), (Error::Details{{"AccountId", kA}}));
  world.must<PutAccountPublicAccessBlock>(
      {.public_access_block_configuration = {.block_public_acls = true}, .account_id = kA});
  const auto shown = world.must<GetAccountPublicAccessBlock>({.account_id = kA});
  EXPECT_EQ(shown.public_access_block_configuration->block_public_acls, true);
  EXPECT_EQ(shown.public_access_block_configuration->ignore_public_acls, false);
  EXPECT_TRUE(refused(world.call<PutAccountPublicAccessBlock>({.account_id = kA}), "InvalidRequest", 400,
                      "Must specify at least one configuration."));
  EXPECT_EQ(world.call<GetAccountPublicAccessBlock>({.account_id = kA}, root(kB)).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<GetAccountPublicAccessBlock>({.account_id = "me"}).error().code(), "InvalidRequest");
  EXPECT_TRUE(
      refused(world.call<GetAccountPublicAccessBlock>({.account_id = kA}, user("alice")), "AccessDenied", 403,
              "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:GetAccountPublicAccessBlock "
              "because no identity-based policy allows the s3:GetAccountPublicAccessBlock action"));
  world.must<DeleteAccountPublicAccessBlock>({.account_id = kA});
  world.must<DeleteAccountPublicAccessBlock>({.account_id = kA});
  EXPECT_FALSE(world.snapshot().account(*AccountId::parse(kA))->account.public_access_block);
}

}  // namespace
}  // namespace deputy::s3
