#include "protocol/to_json.h"

#include <gtest/gtest.h>

#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_login_profile.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/list_users.h"
#include "protocol/sts/assume_role.h"

namespace deputy::protocol {
namespace {

std::string shown(const Structure& type, const void* object) {
  std::string out;
  JsonWriter json(out);
  to_json(json, type, object);
  return out;
}

TEST(ToJsonTest, NamesAreInLowerCamelCaseAndWhatIsAbsentIsLeftOut) {
  const sts::shapes::AssumeRole::Input in{
      .role_arn = "arn", .role_session_name = "dev", .duration_seconds = 900, .tags = {{.key = "a", .value = "\"b\""}}};
  EXPECT_EQ(shown(*sts::shapes::AssumeRole::model.input, &in),
            R"({"roleArn":"arn","roleSessionName":"dev","durationSeconds":900,"tags":[{"key":"a","value":"\"b\""}]})");
}

TEST(ToJsonTest, SecretsNeverAppear) {
  const sts::shapes::AssumeRole::Output out{
      .credentials = sts::shapes::Credentials{.access_key_id = "ASIA",
                                              .secret_access_key = "secret",
                                              .session_token = "secret",
                                              .expiration = *parse_iso8601("2026-07-24T11:11:12Z")}};
  EXPECT_EQ(shown(*sts::shapes::AssumeRole::model.output, &out),
            R"({"credentials":{"accessKeyId":"ASIA","expiration":"Jul 24, 2026, 11:11:12 AM"}})");
  const iam::shapes::CreateLoginProfile::Input login{.user_name = "u", .password = "secret"};
  EXPECT_EQ(shown(*iam::shapes::CreateLoginProfile::model.input, &login), R"({"userName":"u"})");
  const iam::shapes::CreateAccessKey::Output key{
      .access_key = {.user_name = "u", .access_key_id = "AKIA", .status = "Active", .secret_access_key = "secret"}};
  EXPECT_EQ(shown(*iam::shapes::CreateAccessKey::model.output, &key),
            R"({"accessKey":{"userName":"u","accessKeyId":"AKIA","status":"Active"}})");
}

TEST(ToJsonTest, NothingToTellIsNull) {
  const iam::shapes::ListUsers::Input none{};
  EXPECT_EQ(shown(*iam::shapes::ListUsers::model.input, &none), "null");
  const iam::shapes::DeleteRole::Output empty{};
  EXPECT_EQ(shown(*iam::shapes::DeleteRole::model.output, &empty), "null");
}

TEST(ToJsonTest, HoursAreCountedByTwelve) {
  EXPECT_EQ(trail_time(*parse_iso8601("2026-01-02T00:03:04Z")), "Jan 2, 2026, 12:03:04 AM");
  EXPECT_EQ(trail_time(*parse_iso8601("2026-12-31T12:00:00Z")), "Dec 31, 2026, 12:00:00 PM");
  EXPECT_EQ(trail_time(*parse_iso8601("2026-12-31T23:59:59Z")), "Dec 31, 2026, 11:59:59 PM");
}

}  // namespace
}  // namespace deputy::protocol
