#include "protocol/json.h"

#include <gtest/gtest.h>

#include "protocol/admin/create_account.h"
#include "protocol/admin/list_accounts.h"
#include "protocol/admin/move_clock.h"
#include "protocol/organizations/create_policy.h"

namespace deputy::protocol {
namespace {

using admin::shapes::CreateAccount;
using admin::shapes::ListAccounts;
using admin::shapes::MoveClock;
using organizations::shapes::CreatePolicy;

template <class Op>
Result<typename Op::Input> decode(std::string_view body) {
  typename Op::Input input;
  TRY_VOID(decode_json(Op::model, body, &input));
  return input;
}

template <class Op>
std::string error(std::string_view body) {
  const auto decoded = decode<Op>(body);
  return decoded ? "fine" : decoded.error().code() + ": " + decoded.error().message();
}

TEST(JsonTest, MembersAreFoundByNameAndUnknownOnesIgnored) {
  const auto in = decode<CreateAccount>(R"({"Nope":[1,{}],"Name":"A\u0020b","AccountId":"111111111111","Email":null})");
  ASSERT_TRUE(in) << in.error().message();
  EXPECT_EQ(in->name, "A b");
  EXPECT_EQ(in->account_id, "111111111111");
  EXPECT_FALSE(in->email);
  const auto policy = decode<CreatePolicy>(
      R"({"Content":"{}","Description":"","Name":"P","Type":"SERVICE_CONTROL_POLICY","Tags":[{"Key":"k","Value":"v"}]})");
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(policy->tags.at(0).value, "v");
  EXPECT_EQ(decode<MoveClock>(R"({"Seconds":-5000000000})")->seconds, -5'000'000'000);
  EXPECT_TRUE(decode<ListAccounts>(""));
}

TEST(JsonTest, WhatIsNoJsonOrOfAnotherTypeIsASerializationException) {
  for (const char* bad : {"{", "[]", "1", "null", "{\"MaxItems\":\"1\"}", "{\"MaxItems\":1.5}", "{\"MaxItems\":1e10}",
                          "{\"MaxItems\":4294967296}", "{\"Marker\":1}", "{\"Marker\":\"\xFF\"}", "{} {}"}) {
    EXPECT_TRUE(error<ListAccounts>(bad).starts_with("SerializationException")) << bad;
  }
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{\"a\":";
  EXPECT_TRUE(error<ListAccounts>(deep + "1" + std::string(100, '}')).starts_with("SerializationException"));
}

TEST(JsonTest, ConstraintsAreThoseOfTheModel) {
  EXPECT_EQ(error<CreateAccount>("{}"),
            "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(error<CreateAccount>(R"({"Name":"n","AccountId":"1"})"),
            "ValidationException: 1 validation error detected: Value '1' at 'accountId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: \\d{12}");
  // A secret is never printed.
  EXPECT_EQ(error<CreateAccount>(R"({"Name":"n","SecretAccessKey":""})"),
            "ValidationException: 1 validation error detected: Value at 'secretAccessKey' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
}

TEST(JsonTest, OrganizationsNamesTheFirstFaultAndAReason) {  // docs/wire.md, 1.2
  const auto refused = [](std::string_view body) {
    const auto decoded = decode<CreatePolicy>(body);
    return decoded ? "fine" : decoded.error().details().at(0).second + ": " + decoded.error().message();
  };
  EXPECT_EQ(error<CreatePolicy>("{}"), "InvalidInputException: You must include a value for all required parameters.");
  EXPECT_EQ(refused("{}"), "INPUT_REQUIRED: You must include a value for all required parameters.");
  constexpr std::string_view kRest = R"("Content":"{}","Description":"","Name":"P"})";
  EXPECT_EQ(refused(R"({"Type":"NOPE",)" + std::string(kRest)), "INVALID_ENUM: You specified an invalid value.");
  EXPECT_EQ(refused(R"({"Type":"SERVICE_CONTROL_POLICY","Tags":[{"Key":"a|b","Value":""}],)" + std::string(kRest)),
            "INVALID_PATTERN: You provided a value that does not match the required pattern.");
  EXPECT_EQ(refused(R"({"Type":"SERVICE_CONTROL_POLICY","Content":"{}","Description":"","Name":")" +
                    std::string(129, 'n') + R"("})"),
            "MAX_LENGTH_EXCEEDED: You provided a string parameter that is longer than allowed.");
}

}  // namespace
}  // namespace deputy::protocol
