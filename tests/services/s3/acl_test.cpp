// Access control lists as requests say them: headers, documents, names; and what is refused, in S3's words.
#include "services/s3/acl.h"

#include "support/world.h"

namespace deputy::s3 {
namespace {

using tests::kA;
using tests::kB;
using tests::refused;

class AclTest : public testing::Test {
 protected:
  AclTest() : a(*AccountId::parse(kA)), b(*AccountId::parse(kB)) {}
  Result<std::optional<AccessControlList>> of(const AclHeaders& headers, const AclOwners& owners) const {
    return acl_of_headers(world.snapshot(), headers, owners);
  }
  /// "o FULL_CONTROL, AllUsers READ": the owner is o, account B is b.
  std::string text(const std::optional<AccessControlList>& acl) const {
    if (!acl) return "private";
    std::string out;
    for (const shapes::Grant& grant : shown_grants(acl, a)) {
      const std::string& to = grant.grantee->uri ? *grant.grantee->uri : *grant.grantee->id;
      const std::string name = to == canonical_user_id(a)   ? "o"
                               : to == canonical_user_id(b) ? "b"
                               : grant.grantee->uri         ? to.substr(to.rfind('/') + 1)
                                                            : "another";
      out += (out.empty() ? "" : ", ") + name + " " + *grant.permission;
    }
    return out;
  }

  tests::World world;
  AccountId a, b;
};

TEST_F(AclTest, NamesStandForGrants) {
  const struct {
    const char *name, *bucket, *object_of_a_in_a, *object_of_a_in_b;
  } cases[] = {
      {"private", "private", "private", "private"},
      {"public-read", "o FULL_CONTROL, AllUsers READ", "o FULL_CONTROL, AllUsers READ",
       "o FULL_CONTROL, AllUsers READ"},
      {"public-read-write", "o FULL_CONTROL, AllUsers READ, AllUsers WRITE",
       "o FULL_CONTROL, AllUsers READ, AllUsers WRITE", "o FULL_CONTROL, AllUsers READ, AllUsers WRITE"},
      {"authenticated-read", "o FULL_CONTROL, AuthenticatedUsers READ", "o FULL_CONTROL, AuthenticatedUsers READ",
       "o FULL_CONTROL, AuthenticatedUsers READ"},
      {"aws-exec-read", "o FULL_CONTROL, another READ", "o FULL_CONTROL, another READ", "o FULL_CONTROL, another READ"},
      {"bucket-owner-read", "private", "private", "o FULL_CONTROL, b READ"},
      {"bucket-owner-full-control", "private", "private", "o FULL_CONTROL, b FULL_CONTROL"},
      {"log-delivery-write", "o FULL_CONTROL, LogDelivery WRITE, LogDelivery READ_ACP", "private", "private"},
  };
  for (const auto& c : cases) {
    AclHeaders headers;
    headers.canned = c.name;
    EXPECT_EQ(text(*of(headers, {.owner = a, .bucket_owner = a})), c.bucket) << c.name;
    EXPECT_EQ(text(*of(headers, {.owner = a, .bucket_owner = a, .object = true})), c.object_of_a_in_a) << c.name;
    EXPECT_EQ(text(*of(headers, {.owner = a, .bucket_owner = b, .object = true})), c.object_of_a_in_b) << c.name;
  }
}

TEST_F(AclTest, HeadersNameGrantees) {
  const AclOwners owners{.owner = a, .bucket_owner = a};
  const std::string id = "id=\"" + canonical_user_id(b) + "\"";
  const auto one = of(acl_headers({}, {}, id, {}, {}, {}), owners);
  ASSERT_TRUE(one);
  EXPECT_EQ(text(*one), "b READ") << "the owner's is not added";
  const auto many = of(acl_headers({}, "id=" + canonical_user_id(a), id + " , uri=\"" + std::string(kAllUsers) + "\"",
                                   {}, "uri=\"" + std::string(kLogDelivery) + "\"", {}),
                       owners);
  ASSERT_TRUE(many);
  EXPECT_EQ(text(*many), "o FULL_CONTROL, b READ, AllUsers READ, LogDelivery WRITE");
  EXPECT_EQ(text(*of({}, owners)), "private");
}

TEST_F(AclTest, BadHeadersAreRefused) {
  const auto of_read = [&](const std::string& text) {
    const auto result = of(acl_headers({}, {}, text, {}, {}, {}), {.owner = a, .bucket_owner = a});
    if (result) return std::string("fine");
    std::string out = result.error().code() + ": " + result.error().message();
    for (const auto& [name, value] : result.error().details()) out += " [" + name + "=" + value + "]";
    return out;
  };
  EXPECT_EQ(of_read("id=\"nobody\""), "InvalidArgument: Invalid id [ArgumentName=id] [ArgumentValue=nobody]");
  const std::string stranger(64, 'f');
  EXPECT_EQ(of_read("id=" + stranger),
            "InvalidArgument: Invalid id [ArgumentName=id] [ArgumentValue=" + stranger + "]");
  EXPECT_EQ(of_read("uri=\"http://acs.amazonaws.com/groups/global/Friends\""),
            "InvalidArgument: Invalid group uri [ArgumentName=uri] "
            "[ArgumentValue=http://acs.amazonaws.com/groups/global/Friends]");
  for (const char* bad : {"nonsense", "who=\"x\"", ""}) {
    EXPECT_EQ(of_read(bad),
              "InvalidArgument: Argument format not recognized [ArgumentName=x-amz-grant-read] [ArgumentValue=" +
                  std::string(bad) + "]");
  }
  EXPECT_EQ(of_read("emailAddress=\"a@example.com\"").substr(0, 16), "MethodNotAllowed");
  std::string many;
  for (int i = 0; i < 101; ++i) many += (i == 0 ? "" : ",") + std::string("uri=") + std::string(kAllUsers);
  EXPECT_EQ(of_read(many).substr(0, 17), "MalformedACLError");
  AclHeaders both = acl_headers("private", {}, "id=\"x\"", {}, {}, {});
  EXPECT_TRUE(
      refused(of(both, {}), "InvalidRequest", 400, "Specifying both Canned ACLs and Header Grants is not allowed"));
}

shapes::AccessControlPolicy document(const AccountId& owner, std::vector<shapes::Grant> grants) {
  return {.grants = std::move(grants), .owner = shapes::Owner{.id = canonical_user_id(owner)}};
}
shapes::Grant grant(const char* type, std::string to, const char* permission = "READ") {
  shapes::Grantee grantee{.type = type};
  (grantee.type == "Group"           ? grantee.uri
   : grantee.type == "CanonicalUser" ? grantee.id
                                     : grantee.email_address) = std::move(to);
  return {.grantee = std::move(grantee), .permission = permission};
}

TEST_F(AclTest, ADocumentIsTakenAsItIs) {
  const auto taken = acl_of_document(
      world.snapshot(),
      document(a, {grant("CanonicalUser", canonical_user_id(b), "WRITE_ACP"), grant("Group", std::string(kAllUsers))}),
      {.owner = a, .bucket_owner = a});
  ASSERT_TRUE(taken);
  EXPECT_EQ(text(*taken), "b WRITE_ACP, AllUsers READ");
  const auto empty = acl_of_document(world.snapshot(), document(a, {}), {.owner = a, .bucket_owner = a});
  ASSERT_TRUE(empty);
  EXPECT_EQ(text(*empty), "") << "it grants nothing to anybody: not what private is";
}

TEST_F(AclTest, BadDocumentsAreRefused) {
  const auto of_document = [&](const shapes::AccessControlPolicy& sent) {
    const auto result = acl_of_document(world.snapshot(), sent, {.owner = a, .bucket_owner = a});
    return result ? std::string("fine") : result.error().code() + " " + result.error().message();
  };
  const std::string malformed =
      "MalformedACLError The XML you provided was not well-formed or did not validate against our published schema";
  EXPECT_EQ(of_document({}), malformed);
  EXPECT_EQ(of_document({.grants = std::vector<shapes::Grant>{}, .owner = {}}), malformed);
  EXPECT_EQ(of_document({.grants = {}, .owner = shapes::Owner{.id = canonical_user_id(a)}}), malformed);
  EXPECT_EQ(of_document(document(b, {})), "AccessDenied Access Denied");
  EXPECT_EQ(of_document(document(a, {{.grantee = {}, .permission = "READ"}})), malformed);
  EXPECT_EQ(of_document(document(a, {grant("CanonicalUser", canonical_user_id(b), "ADMIRE")})), malformed);
  EXPECT_EQ(of_document(document(a, {grant("CanonicalUser", "x")})), "InvalidArgument Invalid id");
  EXPECT_EQ(of_document(document(a, {grant("Group", "x")})), "InvalidArgument Invalid group uri");
  EXPECT_EQ(of_document(document(a, {grant("AmazonCustomerByEmail", "a@example.com")})),
            "MethodNotAllowed The specified method is not allowed against this resource.");
  EXPECT_EQ(of_document(document(a, std::vector<shapes::Grant>(101, grant("Group", std::string(kAllUsers))))),
            malformed);
}

TEST_F(AclTest, ARequestSaysItOnceAndSomewhere) {
  const AclOwners owners{.owner = a, .bucket_owner = a};
  const auto request = [&](const AclHeaders& headers, const std::optional<shapes::AccessControlPolicy>& body) {
    return acl_of_request(world.snapshot(), headers, body, owners);
  };
  EXPECT_TRUE(refused(request({}, {}), "MissingSecurityHeader", 400, "Your request was missing a required header"));
  const AclHeaders canned = acl_headers("private", {}, {}, {}, {}, {});
  EXPECT_TRUE(request(canned, {}));
  EXPECT_TRUE(request({}, document(a, {})));
  EXPECT_TRUE(
      refused(request(canned, document(a, {})), "UnexpectedContent", 400, "This request does not support content"));
}

TEST_F(AclTest, PublicIsWhatIsGrantedToEverybodyOrEverybodyWhoSigns) {
  const auto list = [](std::string_view grantee) {
    return AccessControlList{{{std::string(grantee), Permission::kRead}}};
  };
  EXPECT_TRUE(is_public(list(kAllUsers)));
  EXPECT_TRUE(is_public(list(kAuthenticatedUsers)));
  EXPECT_FALSE(is_public(list(kLogDelivery)));
  EXPECT_FALSE(is_public(list(canonical_user_id(b))));
  EXPECT_FALSE(is_public({}));
  EXPECT_TRUE(grants_to_others(list(canonical_user_id(b)), a));
  EXPECT_FALSE(grants_to_others(list(canonical_user_id(a)), a));
}

}  // namespace
}  // namespace deputy::s3
