// Who may touch a bucket and an object: the permission that is asked for, under every ownership, list and block. The
// functions alone; what they decide over the wire is tests/wire/s3-access.json.
#include "services/s3/bucket_acl.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/buckets.h"
#include "services/s3/common.h"
#include "services/s3/ownership.h"
#include "services/s3/public_access_block.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using directory::Bucket;
using directory::ObjectOwnership;
using tests::kA;
using tests::kB;

constexpr const char* kC = "333333333333";

/// A snapshot with a bucket of account A, and callers of A, B, C and nobody.
class AccessTest : public testing::Test {
 protected:
  AccessTest() {
    world.create_account(kC);
    bucket.account = *AccountId::parse(kA);
    bucket.name = "logs";
    bucket.access.ownership = ObjectOwnership::kObjectWriter;
    bucket.access.has_public_access_block = false;
    stranger.owner = *AccountId::parse(kB);
  }
  static directory::PolicyText policy(std::string_view principal) {
    return directory::PolicyText(R"({"Statement":{"Effect":"Allow","Principal":)" + std::string(principal) +
                                 R"(,"Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"]}})");
  }
  void store() {
    directory::Changes made;
    if (const Bucket* before = world.snapshot().bucket("logs")) {
      bucket.revision = before->revision;
      made.update(bucket);
    } else {
      made.create(bucket);
    }
    ASSERT_TRUE(world.commit(made));
  }
  /// The access of a caller of that account; empty: anonymous.
  services::Access ask(std::string_view action, const char* account, const ObjectFacts* object) {
    return with_caller(account,
                       [&](const services::At& at) { return object_access(at, action, "logs", "a/b", object); });
  }
  services::Access ask_bucket(std::string_view action, const char* account) {
    return with_caller(account, [&](const services::At& at) { return bucket_access(at, action, "logs"); });
  }
  template <class F>
  services::Access with_caller(const char* account, F&& f) {
    directory::Caller caller;
    if (*account != 0) {
      caller.kind = directory::Caller::Kind::kRoot;
      caller.account = world.snapshot().account(*AccountId::parse(account));
    }
    const auto at = world.place(caller);
    return f(at);
  }
  void grant(std::string_view grantee, Permission permission) {
    if (!bucket.access.acl) bucket.access.acl.emplace();
    bucket.access.acl->grants.push_back({std::string(grantee), permission});
    store();
  }

  tests::World world;
  Bucket bucket;
  ObjectFacts stranger;  // an object that B wrote
};

TEST_F(AccessTest, AnAccessNamesTheOwnerAndTheResource) {
  store();
  const auto list = ask_bucket("s3:ListBucket", kB);
  EXPECT_EQ(list.resource, "arn:aws:s3:::logs");
  EXPECT_EQ(list.owner.view(), kA);
  EXPECT_EQ(list.resource_policy, nullptr);
  EXPECT_FALSE(list.resource_policy_only_denies || list.granted_by_acl);
  const auto get = ask("s3:GetObject", kB, nullptr);
  EXPECT_EQ(get.resource, "arn:aws:s3:::logs/a/b");
  EXPECT_EQ(get.owner.view(), kA);
  bucket.access.policy = policy(R"({"AWS":"222222222222"})");
  store();
  EXPECT_NE(ask_bucket("s3:ListBucket", kB).resource_policy, nullptr);
}

/// Whose an object is decides what the bucket's policy can say of it. [S-178, S-179]
TEST_F(AccessTest, ReadingAnObjectOfAnotherAccountIsThatAccounts) {
  bucket.access.policy = policy(R"({"AWS":"111111111111"})");
  store();
  const struct {
    const char* action;
    bool of_owner;
  } cases[] = {{"s3:GetObject", true},
               {"s3:GetObjectVersion", true},
               {"s3:GetObjectAcl", true},
               {"s3:GetObjectAttributes", true},
               {"s3:PutObjectAcl", true},
               {"s3:DeleteObject", false},
               {"s3:DeleteObjectVersion", false},
               {"s3:GetObjectTagging", false},
               {"s3:PutObjectTagging", false},
               {"s3:DeleteObjectTagging", false},
               {"s3:PutObject", false}};
  for (const auto& c : cases) {
    const auto access = ask(c.action, kA, &stranger);
    EXPECT_EQ(access.owner.view(), c.of_owner ? kB : kA) << c.action;
    EXPECT_EQ(access.resource_policy_only_denies, c.of_owner) << c.action;
    EXPECT_NE(access.resource_policy, nullptr) << c.action << ": its denies count";
    EXPECT_EQ(tests::key(access, policy::Key::kS3ResourceAccount), kA) << c.action;
    if (c.of_owner) {
      EXPECT_EQ(tests::key(access, policy::Key::kResourceAccount), kA) << c.action;
    }
  }
  bucket.access.ownership = ObjectOwnership::kBucketOwnerEnforced;  // old objects, too
  store();
  EXPECT_EQ(ask("s3:GetObject", kA, &stranger).owner.view(), kA);
  EXPECT_FALSE(ask("s3:GetObject", kA, &stranger).resource_policy_only_denies);
}

TEST_F(AccessTest, AnObjectsListGrantsWhatItSays) {
  store();
  AccessControlList acl;
  acl.grants = {{canonical_user_id(*AccountId::parse(kA)), Permission::kFullControl},
                {canonical_user_id(*AccountId::parse(kC)), Permission::kRead},
                {std::string(kAuthenticatedUsers), Permission::kReadAcp}};
  stranger.acl = &acl;
  const struct {
    const char *action, *account;
    bool granted;
  } cases[] = {{"s3:GetObject", kA, true},     {"s3:GetObjectAcl", kA, true},     {"s3:PutObjectAcl", kA, true},
               {"s3:GetObject", kC, true},     {"s3:GetObjectVersion", kC, true}, {"s3:PutObjectAcl", kC, false},
               {"s3:GetObjectAcl", kC, true},  {"s3:GetObjectAcl", "", false},    {"s3:GetObject", "", false},
               {"s3:DeleteObject", kC, false}, {"s3:GetObjectTagging", kA, false}};
  for (const auto& c : cases) {
    EXPECT_EQ(ask(c.action, c.account, &stranger).granted_by_acl, c.granted) << c.action << " " << c.account;
  }
  bucket.access.has_public_access_block = true;
  bucket.access.public_access_block = {
      .block_acls = false, .ignore_acls = true, .block_policy = false, .restrict_buckets = false};
  store();
  EXPECT_FALSE(ask("s3:GetObjectAcl", kC, &stranger).granted_by_acl) << "to all who sign: ignored";
  EXPECT_TRUE(ask("s3:GetObject", kC, &stranger).granted_by_acl);
  bucket.access.ownership = ObjectOwnership::kBucketOwnerEnforced;
  store();
  EXPECT_FALSE(ask("s3:GetObject", kC, &stranger).granted_by_acl) << "lists do not count";
}

/// WRITE makes objects, and replaces and deletes one's own. [S-187]
TEST_F(AccessTest, ABucketsListGrantsWhatItSays) {
  grant(canonical_user_id(*AccountId::parse(kB)), Permission::kWrite);
  grant(kAllUsers, Permission::kRead);
  ObjectFacts of_owner;
  of_owner.owner = bucket.account;
  EXPECT_TRUE(ask("s3:PutObject", kB, nullptr).granted_by_acl);
  EXPECT_TRUE(ask("s3:PutObject", kB, &stranger).granted_by_acl);
  EXPECT_FALSE(ask("s3:PutObject", kB, &of_owner).granted_by_acl);
  EXPECT_TRUE(ask("s3:DeleteObject", kB, &stranger).granted_by_acl);
  EXPECT_FALSE(ask("s3:DeleteObject", kB, &of_owner).granted_by_acl);
  EXPECT_FALSE(ask("s3:PutObject", kC, nullptr).granted_by_acl);
  EXPECT_FALSE(ask("s3:GetObject", kC, nullptr).granted_by_acl) << "reading an object never follows from the bucket's";
  for (const char* account : {kB, kC, ""}) {
    EXPECT_TRUE(ask_bucket("s3:ListBucket", account).granted_by_acl) << account;
    EXPECT_TRUE(ask_bucket("s3:ListBucketVersions", account).granted_by_acl) << account;
    EXPECT_FALSE(ask_bucket("s3:GetBucketAcl", account).granted_by_acl) << account;
    EXPECT_FALSE(ask_bucket("s3:GetBucketLocation", account).granted_by_acl) << account;
  }
}

/// What everybody wrote is everybody's to delete; what the owner wrote is not. [S-180]
TEST_F(AccessTest, TheAnonymousOwnWhatTheyWrote) {
  grant(kAllUsers, Permission::kWrite);
  const ObjectFacts written_by_nobody;
  ObjectFacts of_owner;
  of_owner.owner = bucket.account;
  EXPECT_TRUE(ask("s3:DeleteObject", "", &written_by_nobody).granted_by_acl);
  EXPECT_FALSE(ask("s3:DeleteObject", "", &of_owner).granted_by_acl);
  EXPECT_TRUE(ask("s3:GetObject", "", &written_by_nobody).granted_by_acl);
  const auto read = ask("s3:GetObject", kA, &written_by_nobody);
  EXPECT_FALSE(read.owner.empty()) << "an empty owner would be the caller";
  EXPECT_NE(read.owner.view(), kA);
  EXPECT_FALSE(read.granted_by_acl);
  EXPECT_FALSE(ask("s3:GetObject", kB, &written_by_nobody).granted_by_acl);
}

/// [S-194]
TEST_F(AccessTest, WhereAPublicPolicyIsRestrictedOnlyTheOwnersAccountPasses) {
  bucket.access.policy = policy(R"({"AWS":["222222222222","*"]})");
  bucket.access.has_public_access_block = true;
  bucket.access.public_access_block = {
      .block_acls = false, .ignore_acls = false, .block_policy = false, .restrict_buckets = true};
  store();
  EXPECT_FALSE(ask_bucket("s3:ListBucket", kA).resource_policy_only_denies);
  EXPECT_TRUE(ask_bucket("s3:ListBucket", kB).resource_policy_only_denies);
  EXPECT_TRUE(ask_bucket("s3:ListBucket", "").resource_policy_only_denies);
  EXPECT_TRUE(ask("s3:GetObject", kB, nullptr).resource_policy_only_denies);
  bucket.access.policy = policy(R"({"AWS":"222222222222"})");
  store();
  EXPECT_FALSE(ask_bucket("s3:ListBucket", kB).resource_policy_only_denies) << "that one is not public";
}

/// [S-189]
TEST_F(AccessTest, TheAccountsBlockHoldsForAllItsBuckets) {
  store();
  EXPECT_EQ(effective_block(world.snapshot(), bucket), (directory::PublicAccessBlock{false, false, false, false}));
  world.must<PutAccountPublicAccessBlock>(
      {.public_access_block_configuration = {.ignore_public_acls = true}, .account_id = kA});
  EXPECT_EQ(effective_block(world.snapshot(), bucket), (directory::PublicAccessBlock{false, true, false, false}));
  bucket.access.has_public_access_block = true;
  bucket.access.public_access_block = {false, false, true, false};
  EXPECT_EQ(effective_block(world.snapshot(), bucket), (directory::PublicAccessBlock{false, true, true, false}));
}

TEST_F(AccessTest, TagsOfAnObjectAreSeenWhereS3SeesThem) {
  const directory::Tags tags = {{"team", "a"}};
  store();
  stranger.tags = &tags;
  for (const char* action :
       {"s3:GetObject", "s3:GetObjectVersionAcl", "s3:PutObjectTagging", "s3:DeleteObjectTagging"}) {
    EXPECT_EQ(ask(action, kA, &stranger).object_tags, &tags) << action;
  }
  for (const char* action : {"s3:PutObject", "s3:DeleteObject", "s3:GetObjectAttributes", "s3:GetObjectRetention"}) {
    EXPECT_EQ(ask(action, kA, &stranger).object_tags, nullptr) << action;
  }
}

/// [S-173 to S-180]
TEST_F(AccessTest, TheOwnerOfWhatIsWrittenFollowsTheOwnership) {
  const auto written_by = [&](ObjectOwnership ownership, const char* account, const char* canned) {
    bucket.access.ownership = ownership;
    directory::Caller writer;
    if (*account != 0) {
      writer.kind = directory::Caller::Kind::kRoot;
      writer.account = world.snapshot().account(*AccountId::parse(account));
    }
    AclHeaders headers;
    if (*canned != 0) headers.canned = canned;
    const AccountId owner = owner_of_written(bucket, writer, headers);
    return owner.empty() ? std::string() : owner.str();
  };
  using enum ObjectOwnership;
  constexpr const char* kGive = "bucket-owner-full-control";
  EXPECT_EQ(written_by(kBucketOwnerEnforced, kB, ""), kA);
  EXPECT_EQ(written_by(kBucketOwnerEnforced, "", ""), kA);
  EXPECT_EQ(written_by(kBucketOwnerPreferred, kB, ""), kB);
  EXPECT_EQ(written_by(kBucketOwnerPreferred, kB, kGive), kA);
  EXPECT_EQ(written_by(kBucketOwnerPreferred, kB, "private"), kB);
  EXPECT_EQ(written_by(kObjectWriter, kB, kGive), kB);
  EXPECT_EQ(written_by(kNone, kB, kGive), kB);
  EXPECT_EQ(written_by(kObjectWriter, "", ""), "") << "the anonymous user's";
  EXPECT_EQ(written_by(kObjectWriter, kA, ""), kA);
}

/// [S-174]
TEST_F(AccessTest, WhereBucketOwnersAreEnforcedOnlyHarmlessListsPass) {
  const auto passes = [&](const char* canned) {
    AclHeaders headers;
    if (*canned != 0) headers.canned = canned;
    return check_acl_headers(bucket, headers).ok();
  };
  for (const char* any : {"", "private", "public-read", "bucket-owner-full-control"}) EXPECT_TRUE(passes(any)) << any;
  bucket.access.ownership = ObjectOwnership::kBucketOwnerEnforced;
  for (const char* good : {"", "private", "bucket-owner-read", "bucket-owner-full-control"})
    EXPECT_TRUE(passes(good)) << good;
  for (const char* bad : {"public-read", "public-read-write", "authenticated-read", "aws-exec-read"}) {
    EXPECT_FALSE(passes(bad)) << bad;
  }
  const auto refused = check_acl_headers(bucket, acl_headers({}, "id=\"x\"", {}, {}, {}, {}));
  EXPECT_TRUE(tests::refused(refused, "AccessControlListNotSupported", 400, "The bucket does not allow ACLs"));
}

}  // namespace
}  // namespace deputy::s3
