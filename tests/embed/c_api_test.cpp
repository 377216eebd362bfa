// The C ABI: misuse is an error and a denial, never a crash and never a grant.
#include <deputy/deputy.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace deputy {
namespace {

constexpr const char* kAllowAll =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

/// A user of one account who may do everything, and a request of theirs.
class CApiTest : public ::testing::Test {
 protected:
  CApiTest() {
    deputy_policy* policy = deputy_policy_new(DEPUTY_IDENTITY, deputy_str(kAllowAll), deputy_str("admin"));
    EXPECT_EQ(deputy_policy_error(policy), nullptr);
    EXPECT_EQ(deputy_policy_set_add(set_, policy, 0), DEPUTY_OK);
    deputy_policy_free(policy);  // the set keeps it
  }
  ~CApiTest() override {
    deputy_policy_set_free(set_);
    deputy_request_free(request_);
  }
  CApiTest(const CApiTest&) = delete;
  CApiTest& operator=(const CApiTest&) = delete;

  static deputy_principal user(const char* arn = "arn:aws:iam::111111111111:user/dana") {
    deputy_principal principal{};
    principal.type = DEPUTY_USER;
    principal.arn = deputy_str(arn);
    return principal;
  }
  static deputy_request* list_buckets() {
    const deputy_principal dana = user();
    return deputy_request_new(&dana, deputy_str("s3:ListAllMyBuckets"), deputy_str("*"), deputy_str(nullptr));
  }
  void expect_denied(const char* why) {
    deputy_decision decision{1, 1, 99, 99, {nullptr, 0}};
    EXPECT_EQ(deputy_decide(set_, request_, &decision), DEPUTY_INVALID) << why;
    EXPECT_EQ(decision.allowed, 0) << why;
    EXPECT_EQ(decision.layer, DEPUTY_LAYER_NONE) << why;
  }

  deputy_policy_set* set_ = deputy_policy_set_new();
  deputy_request* request_ = list_buckets();
};

TEST_F(CApiTest, DecidesAndExplains) {
  deputy_decision decision;
  ASSERT_EQ(deputy_decide(set_, request_, &decision), DEPUTY_OK);
  EXPECT_EQ(decision.allowed, 1);
  EXPECT_EQ(std::string(decision.policy.data, decision.policy.size), "admin");

  const std::string deny = R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})";
  deputy_policy* scp = deputy_policy_new(DEPUTY_SCP, {deny.data(), deny.size()}, deputy_str("no-s3"));
  ASSERT_EQ(deputy_policy_set_add(set_, scp, 0), DEPUTY_OK);
  deputy_policy_free(scp);
  ASSERT_EQ(deputy_decide(set_, request_, &decision), DEPUTY_OK);
  EXPECT_EQ(decision.allowed, 0);
  EXPECT_EQ(decision.explicit_deny, 1);
  EXPECT_STREQ(deputy_layer_name(decision.layer), "scp");
  EXPECT_EQ(decision.statement, 0);

  deputy_explanation* why = deputy_explain(set_, request_);
  EXPECT_NE(std::string(deputy_explanation_text(why)).find("level 0 \"no-s3\" statement 1"), std::string::npos);
  EXPECT_EQ(std::string(deputy_explanation_json(why)).find(R"({"decision":"Deny","explicit":true,"layer":"scp")"), 0U);
  deputy_explanation_free(why);
}

TEST_F(CApiTest, NullIsAnErrorEverywhereAndGrantsNothing) {
  deputy_decision decision{1, 0, 0, 0, {nullptr, 0}};
  EXPECT_EQ(deputy_decide(nullptr, request_, &decision), DEPUTY_INVALID);
  EXPECT_EQ(decision.allowed, 0);
  decision.allowed = 1;
  EXPECT_EQ(deputy_decide(set_, nullptr, &decision), DEPUTY_INVALID);
  EXPECT_EQ(decision.allowed, 0);
  EXPECT_EQ(deputy_decide(set_, request_, nullptr), DEPUTY_INVALID);

  EXPECT_NE(deputy_policy_error(nullptr), nullptr);
  EXPECT_EQ(deputy_policy_error_line(nullptr), 0U);
  EXPECT_EQ(deputy_policy_error_column(nullptr), 0U);
  EXPECT_EQ(deputy_policy_set_add(nullptr, nullptr, 0), DEPUTY_INVALID);
  EXPECT_EQ(deputy_policy_set_limit_to_session(nullptr), DEPUTY_INVALID);
  EXPECT_EQ(deputy_policy_set_require_levels(nullptr, DEPUTY_SCP, 1), DEPUTY_INVALID);
  EXPECT_NE(deputy_policy_set_error(nullptr), nullptr);
  EXPECT_EQ(deputy_request_set(nullptr, deputy_str("k"), deputy_str("v")), DEPUTY_INVALID);
  EXPECT_EQ(deputy_request_set_list(nullptr, deputy_str("k"), nullptr, 3), DEPUTY_INVALID);
  EXPECT_EQ(deputy_request_reset(nullptr, nullptr, {}, {}, {}), DEPUTY_INVALID);
  EXPECT_NE(deputy_request_error(nullptr), nullptr);
  EXPECT_STREQ(deputy_explanation_text(nullptr), "");
  EXPECT_STREQ(deputy_explanation_json(nullptr), "");
  deputy_explanation* why = deputy_explain(nullptr, request_);
  EXPECT_NE(std::string(deputy_explanation_text(why)).find("The set is NULL."), std::string::npos);
  deputy_explanation_free(why);
  deputy_policy_free(nullptr);
  deputy_policy_set_free(nullptr);
  deputy_request_free(nullptr);
  deputy_explanation_free(nullptr);

  deputy_request* nobody = deputy_request_new(nullptr, deputy_str("s3:ListAllMyBuckets"), deputy_str("*"), {});
  EXPECT_STREQ(deputy_request_error(nobody), "The principal is NULL.");
  EXPECT_EQ(deputy_decide(set_, nobody, &decision), DEPUTY_INVALID);
  EXPECT_EQ(decision.allowed, 0);
  deputy_request_free(nobody);
}

TEST_F(CApiTest, ANullPolicyIsNotPassedOver) {
  EXPECT_EQ(deputy_policy_set_add(set_, nullptr, 0), DEPUTY_INVALID);
  EXPECT_NE(deputy_policy_set_error(set_), nullptr);
  expect_denied("it may have been a Deny");
}

TEST_F(CApiTest, ATextWithASizeAndNoDataIsAnError) {
  const deputy_text broken{nullptr, 5};
  deputy_policy* policy = deputy_policy_new(DEPUTY_IDENTITY, broken, deputy_str("p"));
  EXPECT_NE(deputy_policy_error(policy), nullptr);
  EXPECT_EQ(deputy_policy_set_add(set_, policy, 0), DEPUTY_INVALID);
  deputy_policy_free(policy);

  EXPECT_EQ(deputy_request_set(request_, deputy_str("aws:SourceIp"), broken), DEPUTY_INVALID);
  EXPECT_NE(deputy_request_error(request_), nullptr);
  expect_denied("the value is lost");
  const deputy_principal dana = user();
  EXPECT_EQ(deputy_request_reset(request_, &dana, deputy_str("s3:ListAllMyBuckets"), broken, {}), DEPUTY_INVALID);
  EXPECT_EQ(deputy_request_set_list(request_, deputy_str("k"), nullptr, 1), DEPUTY_INVALID);
  expect_denied("the resource is lost");
}

TEST_F(CApiTest, ResetMendsARequest) {
  EXPECT_EQ(deputy_request_set(request_, deputy_str("k"), {nullptr, 1}), DEPUTY_INVALID);
  expect_denied("the value is lost");
  const deputy_principal dana = user();
  EXPECT_EQ(deputy_request_reset(request_, &dana, deputy_str("s3:ListAllMyBuckets"), deputy_str("*"), {}), DEPUTY_OK);
  deputy_decision decision;
  EXPECT_EQ(deputy_decide(set_, request_, &decision), DEPUTY_OK);
  EXPECT_EQ(decision.allowed, 1);
}

TEST_F(CApiTest, NumbersWithoutMeaningAreErrors) {
  for (const std::int32_t type : {-1, 11, 255, 256, 2147483647}) {
    deputy_policy* policy = deputy_policy_new(type, deputy_str(kAllowAll), {});
    EXPECT_NE(deputy_policy_error(policy), nullptr) << type;
    deputy_policy_free(policy);
    deputy_principal dana = user();
    dana.type = type;
    deputy_request* request = deputy_request_new(&dana, deputy_str("s3:ListAllMyBuckets"), deputy_str("*"), {});
    EXPECT_NE(deputy_request_error(request), nullptr) << type;
    deputy_request_free(request);
    EXPECT_STREQ(deputy_layer_name(type), "") << type;
  }
  deputy_policy* scp = deputy_policy_new(DEPUTY_SCP, deputy_str(kAllowAll), {});
  EXPECT_EQ(deputy_policy_set_add(set_, scp, 4294967295U), DEPUTY_INVALID);
  deputy_policy_free(scp);
}

TEST_F(CApiTest, BytesThatAreNoUtf8AndEverythingHugeAreErrors) {
  deputy_policy* policy = deputy_policy_new(
      DEPUTY_IDENTITY, deputy_str("{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"\xff\",\"Effect\":\"Allow\"}}"),
      {});
  EXPECT_NE(deputy_policy_error(policy), nullptr);
  deputy_policy_free(policy);
  policy = deputy_policy_new(DEPUTY_IDENTITY, deputy_str(kAllowAll), deputy_str("\xc3"));
  EXPECT_NE(deputy_policy_error(policy), nullptr);
  deputy_policy_free(policy);
  const std::string huge(64 * 1024 * 1024, ' ');
  policy = deputy_policy_new(DEPUTY_IDENTITY, {huge.data(), huge.size()}, {});
  EXPECT_NE(std::string(deputy_policy_error(policy)).find("131072"), std::string::npos);
  deputy_policy_free(policy);
  policy = deputy_policy_new(DEPUTY_IDENTITY, deputy_str(kAllowAll), {huge.data(), huge.size()});
  EXPECT_NE(deputy_policy_error(policy), nullptr);
  deputy_policy_free(policy);

  EXPECT_EQ(deputy_request_set(request_, deputy_str("aws:UserAgent"), {huge.data(), huge.size()}), DEPUTY_INVALID);
  expect_denied("too long a value");
  const deputy_principal dana = user();
  EXPECT_EQ(deputy_request_reset(request_, &dana, {huge.data(), huge.size()}, deputy_str("*"), {}), DEPUTY_INVALID);
  expect_denied("too long an action");
  EXPECT_EQ(deputy_request_reset(request_, &dana, deputy_str("s3:ListAllMyBuckets"), deputy_str("*"), {}), DEPUTY_OK);
  const std::vector<deputy_text> values(1001, deputy_str("v"));
  EXPECT_EQ(deputy_request_set_list(request_, deputy_str("k"), values.data(), values.size()), DEPUTY_INVALID);
  expect_denied("too many values");
}

TEST_F(CApiTest, ANulCutsNothingShort) {
  const std::string resource("arn:aws:s3:::b/open\0/secret", 27);
  deputy_policy* open = deputy_policy_new(DEPUTY_IDENTITY, deputy_str(R"({"Version":"2012-10-17","Statement":{"Effect":
      "Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/open"}})"),
                                          {});
  deputy_policy_set* set = deputy_policy_set_new();
  ASSERT_EQ(deputy_policy_set_add(set, open, 0), DEPUTY_OK);
  const deputy_principal dana = user();
  deputy_request* request = deputy_request_new(&dana, deputy_str("s3:GetObject"), {resource.data(), resource.size()},
                                               deputy_str("111111111111"));
  deputy_decision decision;
  ASSERT_EQ(deputy_decide(set, request, &decision), DEPUTY_OK);
  EXPECT_EQ(decision.allowed, 0);
  deputy_request_free(request);
  deputy_policy_set_free(set);
  deputy_policy_free(open);
}

TEST_F(CApiTest, RequiredLevelsAreCounted) {
  EXPECT_EQ(deputy_policy_set_require_levels(set_, DEPUTY_SCP, 1), DEPUTY_OK);
  deputy_decision decision;
  EXPECT_EQ(deputy_decide(set_, request_, &decision), DEPUTY_OK);
  EXPECT_EQ(decision.layer, DEPUTY_LAYER_SCP);
  EXPECT_EQ(deputy_policy_set_require_levels(set_, DEPUTY_KEY, 1), DEPUTY_INVALID);
  expect_denied("a key policy has no levels");
}

// Programs that were built against an older library pass and receive these as they were.
#if UINTPTR_MAX == 0xffffffffffffffffU
static_assert(sizeof(deputy_text) == 16 && offsetof(deputy_text, size) == 8);
static_assert(sizeof(deputy_decision) == 32 && offsetof(deputy_decision, policy) == 16 &&
              offsetof(deputy_decision, statement) == 12);
static_assert(sizeof(deputy_principal) == 88 && offsetof(deputy_principal, arn) == 8 &&
              offsetof(deputy_principal, service) == 72);
#endif

TEST_F(CApiTest, VersionsAreTold) {
  EXPECT_EQ(deputy_abi_version(), static_cast<std::uint32_t>(DEPUTY_ABI_VERSION));
  EXPECT_STRNE(deputy_version(), "");
}

}  // namespace
}  // namespace deputy
