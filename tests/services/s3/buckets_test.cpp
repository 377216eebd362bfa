// Buckets, one namespace over all accounts: what they may be called, where they are, and whom they are shown to.
#include "services/s3/buckets.h"

#include "base/encoding.h"
#include "services/s3/common.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using tests::kA;
using tests::kB;
using tests::key;
using tests::refused;
using tests::root;
using tests::World;

CreateBucket::Input named(const char* name, std::optional<std::string> constraint = {}) {
  CreateBucket::Input in{};
  in.bucket = name;
  if (constraint) in.create_bucket_configuration = {.location_constraint = std::move(constraint)};
  return in;
}

class BucketsTest : public testing::Test {
 protected:
  [[nodiscard]] const directory::Bucket* bucket(std::string_view name) const { return world.snapshot().bucket(name); }
  std::vector<std::string> names(const ListBuckets::Output& page) {
    std::vector<std::string> all;
    for (const auto& shown : *page.buckets) all.push_back(*shown.name);
    return all;
  }

  World world;
};

// ---- Names

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
TEST_F(BucketsTest, NamesFollowTheRules) {
  const std::string longest(63, 'a');
  for (const std::string& good :
       {std::string("abc"), std::string("a-b"), std::string("a.b"), std::string("1bc"), std::string("a--b"),
        std::string("1.2.3"), std::string("1.2.3.4a"), std::string("192.168.5.4.5"), std::string("mrap-x"), longest}) {
    EXPECT_TRUE(is_valid_bucket_name(good)) << good;
    EXPECT_TRUE(world.call<CreateBucket>(named(good.c_str())).ok()) << good;
  }
  for (const std::string& bad : {std::string(),
                                 std::string("ab"),
                                 longest + "a",
                                 std::string("Abc"),
                                 std::string("a_b"),
                                 std::string("a b"),
                                 std::string("-ab"),
                                 std::string("ab-"),
                                 std::string(".ab"),
                                 std::string("ab."),
                                 std::string("a..b"),
                                 std::string("192.168.5.4"),
                                 std::string("xn--abc"),
                                 std::string("sthree-abc"),
                                 std::string("amzn-s3-demo-abc"),
                                 std::string("abc-s3alias"),
                                 std::string("abc--ol-s3"),
                                 std::string("abc.mrap"),
                                 std::string("abc--x-s3"),
                                 std::string("abc--table-s3"),
                                 std::string("b\xc3\xbc"),
                                 std::string("ab\0c", 4)}) {
    EXPECT_FALSE(is_valid_bucket_name(bad)) << bad;
    CreateBucket::Input in{};
    in.bucket = bad;
    EXPECT_TRUE(refused(world.call<CreateBucket>(in), "InvalidBucketName", 400, "The specified bucket is not valid."))
        << bad;
  }
}

TEST_F(BucketsTest, ANameIsOfOneAccount) {
  world.must<CreateBucket>(named("taken"));
  EXPECT_TRUE(refused(world.call<CreateBucket>(named("taken"), root(kB)), "BucketAlreadyExists", 409,
                      "The requested bucket name is not available. The bucket namespace is shared by all users of the "
                      "system. Please select a different name and try again."));
  EXPECT_EQ(bucket("taken")->account.view(), kA);

  const auto one = world.prepare<CreateBucket>(named("raced"));
  const auto two = world.prepare<CreateBucket>(named("raced"), root(kB));
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two)) << "two make it at once";

  world.must<DeleteBucket>({"taken", {}});
  world.must<CreateBucket>(named("taken"), root(kB));
  EXPECT_EQ(bucket("taken")->account.view(), kB);
}

TEST_F(BucketsTest, ABucketIsNotDeletedForWhoHasItNext) {
  world.must<CreateBucket>(named("moving"));
  const auto deleting = world.prepare<DeleteBucket>({"moving", {}});
  world.must<DeleteBucket>({"moving", {}});
  world.must<CreateBucket>(named("moving"), root(kB));
  EXPECT_FALSE(world.commit(deleting));
  EXPECT_EQ(bucket("moving")->account.view(), kB);
}

// ---- Where

struct PlaceCase {
  const char *endpoint, *constraint;  // null: none was sent
  const char *region, *shown;         // of the bucket; as GetBucketLocation tells it
  const char* location;               // of CreateBucket's answer
};
constexpr PlaceCase kPlaces[] = {
    {"us-east-1", nullptr, "us-east-1", "", "/a-bucket"},
    {"us-east-1", "eu-central-1", "eu-central-1", "eu-central-1", "http://a-bucket.s3.amazonaws.com/"},
    {"eu-central-1", "eu-central-1", "eu-central-1", "eu-central-1", "http://a-bucket.s3.amazonaws.com/"},
};

TEST_F(BucketsTest, AnEndpointMakesBucketsOfItsRegion) {
  for (const PlaceCase& c : kPlaces) {
    world.region = c.endpoint;
    std::optional<std::string> constraint;
    if (c.constraint != nullptr) constraint = c.constraint;
    const auto made = world.must<CreateBucket>(named("a-bucket", constraint));
    EXPECT_EQ(made.location, c.location);
    EXPECT_EQ(made.bucket_arn, "arn:aws:s3:::a-bucket");
    EXPECT_EQ(bucket("a-bucket")->region, c.region);
    EXPECT_EQ(world.must<GetBucketLocation>({"a-bucket", {}}).location_constraint, c.shown);
    EXPECT_EQ(world.must<HeadBucket>({"a-bucket", {}}).bucket_region, c.region);
    world.must<DeleteBucket>({"a-bucket", {}});
  }
}

TEST_F(BucketsTest, AnEndpointMakesNoBucketOfAnotherRegion) {
  EXPECT_TRUE(refused(world.call<CreateBucket>(named("a-bucket", "us-east-1")), "InvalidLocationConstraint", 400,
                      "The specified location-constraint is not valid"));
  world.region = "eu-central-1";
  struct {
    std::optional<std::string> constraint;
    const char* called;
  } const cases[] = {{{}, "unspecified"}, {"", "unspecified"}, {"eu-west-1", "eu-west-1"}};
  for (const auto& c : cases) {
    EXPECT_TRUE(
        refused(world.call<CreateBucket>(named("a-bucket", c.constraint)), "IllegalLocationConstraintException", 400,
                std::string("The ") + c.called +
                    " location constraint is incompatible for the region specific endpoint this request was sent to."));
  }
  EXPECT_EQ(bucket("a-bucket"), nullptr);
}

TEST_F(BucketsTest, WhoOwnsItMayMakeItAgainInTheClassicRegionOnly) {
  world.must<CreateBucket>(named("mine"));
  const Time made = bucket("mine")->created;
  world.now += std::chrono::hours(1);
  EXPECT_EQ(world.must<CreateBucket>(named("mine")).location, "/mine");
  EXPECT_EQ(bucket("mine")->created, made) << "it stays what it was";
  constexpr const char* kYours = "Your previous request to create the named bucket succeeded and you already own it.";
  EXPECT_TRUE(refused(world.call<CreateBucket>(named("mine", "eu-central-1")), "BucketAlreadyOwnedByYou", 409, kYours));
  world.region = "eu-central-1";
  world.must<CreateBucket>(named("far", "eu-central-1"));
  EXPECT_TRUE(refused(world.call<CreateBucket>(named("far", "eu-central-1")), "BucketAlreadyOwnedByYou", 409, kYours));
}

// ---- What is not built is refused, and nothing is made

struct UnbuiltCase {
  const char* header;  // null: a part of the body
  void (*ask)(CreateBucket::Input&);
};
constexpr UnbuiltCase kUnbuilt[] = {
    {"x-amz-bucket-object-lock-enabled", [](auto& in) { in.object_lock_enabled_for_bucket = true; }},
    {nullptr, [](auto& in) { in.bucket_namespace = "account-regional"; }},
    {nullptr, [](auto& in) { in.create_bucket_configuration = {.location = shapes::LocationInfo{}}; }},
    {nullptr, [](auto& in) { in.create_bucket_configuration = {.bucket = shapes::BucketInfo{}}; }},
};

TEST_F(BucketsTest, WhatIsNotBuiltIsRefused) {
  for (const UnbuiltCase& c : kUnbuilt) {
    CreateBucket::Input in = named("a-bucket");
    c.ask(in);
    const auto result = world.call<CreateBucket>(in);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), "NotImplemented");
    EXPECT_EQ(result.error().status(), 501);
    const Error::Details expected =
        c.header == nullptr ? Error::Details{} : Error::Details{{"Header", std::string(c.header)}};
    EXPECT_EQ(result.error().details(), expected);
  }
  EXPECT_EQ(bucket("a-bucket"), nullptr);
}

TEST_F(BucketsTest, WhatSaysNothingNewIsTaken) {
  CreateBucket::Input in = named("a-bucket");
  in.acl = "private";
  in.object_ownership = "BucketOwnerEnforced";
  in.object_lock_enabled_for_bucket = false;
  in.create_bucket_configuration = {.tags = std::vector<shapes::Tag>{}};
  world.must<CreateBucket>(in);
}

// ---- Who may

TEST_F(BucketsTest, ABucketThatIsNotThereIsTheSameForEveryOperation) {
  const auto none = [](const auto& result) {
    if (result.ok() || result.error().details() != Error::Details{{"BucketName", "nowhere"}}) {
      return testing::AssertionFailure() << "it succeeded, or does not name the bucket";
    }
    return refused(result, "NoSuchBucket", 404, "The specified bucket does not exist");
  };
  EXPECT_TRUE(none(world.call<HeadBucket>({"nowhere", {}})));
  EXPECT_TRUE(none(world.call<GetBucketLocation>({"nowhere", {}})));
  EXPECT_TRUE(none(world.call<DeleteBucket>({"nowhere", {}})));
}

TEST_F(BucketsTest, ABucketOfAnotherAccountIsDenied) {
  world.must<CreateBucket>(named("of-a"));
  EXPECT_EQ(world.call<HeadBucket>({"of-a", {}}, root(kB)).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<GetBucketLocation>({"of-a", {}}, root(kB)).error().code(), "AccessDenied");
  EXPECT_EQ(world.call<DeleteBucket>({"of-a", {}}, root(kB)).error().code(), "AccessDenied");
  EXPECT_NE(bucket("of-a"), nullptr);
}

TEST_F(BucketsTest, TheExpectedOwnerIsTheOwner) {
  world.must<CreateBucket>(named("of-a"));
  world.must<HeadBucket>({"of-a", kA});
  EXPECT_TRUE(refused(world.call<HeadBucket>({"of-a", kB}), "AccessDenied", 403, "Access Denied"));
  EXPECT_TRUE(refused(world.call<DeleteBucket>({"of-a", kB}), "AccessDenied", 403, "Access Denied"));
  EXPECT_TRUE(refused(world.call<GetBucketLocation>({"of-a", "me"}), "InvalidBucketOwnerAWSAccountID", 400,
                      "The value of the expected bucket owner parameter must be an AWS Account ID... [me]"));
  world.must<DeleteBucket>({"of-a", kA});
}

TEST_F(BucketsTest, APermissionNamesTheBucketAndItsOwner) {
  world.must<CreateBucket>(named("of-a"));
  const auto access = world.accesses<HeadBucket>({"of-a", {}}, root(kB));
  EXPECT_EQ(access.at(0).action.name, "s3:ListBucket");
  EXPECT_EQ(access.at(0).resource, "arn:aws:s3:::of-a");
  EXPECT_EQ(access.at(0).owner.view(), kA);
  EXPECT_EQ(key(access.at(0), policy::Key::kS3ResourceAccount), kA);

  CreateBucket::Input again = named("of-a", "eu-central-1");
  again.acl = "private";
  const auto create = world.accesses<CreateBucket>(again, root(kB));
  EXPECT_TRUE(create.at(0).owner.empty()) << "that it is taken shows only afterwards";
  EXPECT_EQ(key(create.at(0), policy::Key::kS3ResourceAccount), "");
  EXPECT_EQ(key(create.at(0), policy::Key::kS3LocationConstraint), "eu-central-1");
  EXPECT_EQ(key(create.at(0), policy::Key::kS3XAmzAcl), "private");
  EXPECT_EQ(create.size(), 1U) << "a private list is no list";
}

/// [S-54, S-221]
TEST_F(BucketsTest, ANewBucketIsMadeWithAnOwnershipAndAList) {
  CreateBucket::Input in = named("a-bucket");
  in.object_ownership = "ObjectWriter";
  in.acl = "authenticated-read";
  const auto asked = world.accesses<CreateBucket>(in);
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[0].action.name, "s3:CreateBucket");
  EXPECT_EQ(asked[1].action.name, "s3:PutBucketAcl");
  EXPECT_EQ(asked[2].action.name, "s3:PutBucketOwnershipControls");
  for (const auto& access : asked) {
    EXPECT_EQ(key(access, policy::Key::kS3XAmzAcl), "authenticated-read");
    EXPECT_EQ(key(access, policy::Key::kS3XAmzObjectOwnership), "ObjectWriter");
  }
  EXPECT_TRUE(refused(world.call<CreateBucket>(in), "InvalidBucketAclWithBlockPublicAccessError", 400,
                      "Bucket cannot have public ACLs set with BlockPublicAccess enabled"))
      << "a new bucket blocks them";
  in.acl = "log-delivery-write";
  world.must<CreateBucket>(in);
  EXPECT_EQ(bucket("a-bucket")->access.ownership, directory::ObjectOwnership::kObjectWriter);
  ASSERT_TRUE(bucket("a-bucket")->access.acl);
  EXPECT_EQ(bucket("a-bucket")->access.acl->grants.size(), 3U);

  CreateBucket::Input plain = named("plain");
  plain.acl = "public-read";
  constexpr const char* kNoLists = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
  EXPECT_TRUE(refused(world.call<CreateBucket>(plain), "InvalidBucketAclWithObjectOwnership", 400, kNoLists));
  plain.acl.reset();
  plain.grant_read = "uri=\"http://acs.amazonaws.com/groups/s3/LogDelivery\"";
  EXPECT_TRUE(refused(world.call<CreateBucket>(plain), "InvalidBucketAclWithObjectOwnership", 400, kNoLists));
  EXPECT_EQ(bucket("plain"), nullptr);
}

/// [S-50]
TEST_F(BucketsTest, MakingItAgainWithAnotherOwnershipIsAConflict) {
  CreateBucket::Input in = named("mine");
  in.object_ownership = "ObjectWriter";
  world.must<CreateBucket>(in);
  world.must<CreateBucket>(in);
  world.must<CreateBucket>(named("mine"));
  EXPECT_EQ(bucket("mine")->access.ownership, directory::ObjectOwnership::kObjectWriter) << "it stays what it was";
  in.object_ownership = "BucketOwnerPreferred";
  EXPECT_EQ(world.call<CreateBucket>(in).error().code(), "BucketAlreadyOwnedByYou");
}

// ---- ListBuckets

TEST_F(BucketsTest, AnAccountListsItsOwn) {
  for (const char* name : {"b-two", "a-one", "b-one"}) world.must<CreateBucket>(named(name));
  world.must<CreateBucket>(named("of-b"), root(kB));
  const auto all = world.must<ListBuckets>({});
  EXPECT_EQ(names(all), (std::vector<std::string>{"a-one", "b-one", "b-two"}));
  EXPECT_EQ(all.buckets->front().creation_date, world.now);
  EXPECT_FALSE(all.buckets->front().bucket_region) << "shown to who asks in pages or by region";
  EXPECT_FALSE(all.continuation_token || all.prefix);
  EXPECT_EQ(all.owner->id, canonical_user_id(*AccountId::parse(kA)));
  EXPECT_EQ(names(world.must<ListBuckets>({}, root(kB))), (std::vector<std::string>{"of-b"}));
}

TEST_F(BucketsTest, AListComesInPages) {
  for (const char* name : {"b-two", "a-one", "b-one", "c-one"}) world.must<CreateBucket>(named(name));
  world.must<CreateBucket>(named("b-far", "eu-central-1"));
  ListBuckets::Input in{.max_buckets = 2, .prefix = "b-"};
  const auto first = world.must<ListBuckets>(in);
  EXPECT_EQ(names(first), (std::vector<std::string>{"b-far", "b-one"}));
  EXPECT_EQ(first.prefix, "b-");
  EXPECT_EQ(first.buckets->front().bucket_region, "eu-central-1");
  EXPECT_EQ(first.buckets->front().bucket_arn, "arn:aws:s3:::b-far");
  ASSERT_TRUE(first.continuation_token);
  world.must<DeleteBucket>({"b-one", {}});  // whose name the token is
  in.continuation_token = first.continuation_token;
  const auto second = world.must<ListBuckets>(in);
  EXPECT_EQ(names(second), (std::vector<std::string>{"b-two"}));
  EXPECT_FALSE(second.continuation_token);

  EXPECT_EQ(names(world.must<ListBuckets>({.bucket_region = "eu-central-1"})), (std::vector<std::string>{"b-far"}));
  EXPECT_TRUE(names(world.must<ListBuckets>({.bucket_region = "eu-north-1"})).empty());
}

TEST_F(BucketsTest, AContinuationTokenIsOneThatWasGiven) {
  for (const char* bad : {"", "not base64!", "===="}) {
    const auto result = world.call<ListBuckets>({.continuation_token = bad});
    EXPECT_TRUE(refused(result, "InvalidArgument", 400, "The continuation token provided is incorrect")) << bad;
    EXPECT_EQ(result.error().details(), (Error::Details{{"ArgumentName", "continuation-token"}}));
  }
}

TEST_F(BucketsTest, ACanonicalUserIsAnAccountAndAlwaysTheSame) {
  const std::string a = canonical_user_id(*AccountId::parse(kA));
  EXPECT_EQ(a.size(), 64U);
  EXPECT_EQ(a.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(a, canonical_user_id(*AccountId::parse(kA)));
  EXPECT_NE(a, canonical_user_id(*AccountId::parse(kB)));
}

}  // namespace
}  // namespace deputy::s3
