// Password policies and login profiles: docs/wire.md, 5.2 and 5.6.
#include "protocol/iam/change_password.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_login_profile.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_account_password_policy.h"
#include "protocol/iam/delete_login_profile.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/get_account_password_policy.h"
#include "protocol/iam/get_login_profile.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_permissions_boundary.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/update_account_password_policy.h"
#include "protocol/iam/update_login_profile.h"
#include "protocol/iam/update_user.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kDenyChange =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:ChangePassword","Resource":"*"}]})";

class PasswordTest : public testing::Test {
 protected:
  PasswordTest() { world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"}); }

  auto create(const std::string& password, const std::string& name = "bob") {
    return world.call<shapes::CreateLoginProfile>({.user_name = name, .password = password});
  }
  auto update(const std::string& password) {
    return world.call<shapes::UpdateLoginProfile>({.user_name = "bob", .password = password});
  }
  auto change(const std::string& from, const std::string& to) {
    return world.call<shapes::ChangePassword>({.old_password = from, .new_password = to}, user("bob"));
  }
  const directory::User& bob() { return *world.snapshot().user(*AccountId::parse(kA), "bob"); }
  void let_users_change() { world.must<shapes::UpdateAccountPasswordPolicy>({.allow_users_to_change_password = true}); }

  World world;
};

testing::AssertionResult violates(const auto& result, std::string_view sentence) {
  return refused(result, "PasswordPolicyViolation", 400, sentence);
}

TEST_F(PasswordTest, WithoutAPolicyThereIsNoneToGetOrDelete) {
  EXPECT_TRUE(missing(world.call<shapes::GetAccountPasswordPolicy>({}),
                      "The Password Policy with domain name 111111111111 cannot be found."));
  EXPECT_TRUE(missing(world.call<shapes::DeleteAccountPasswordPolicy>({}),
                      "The account policy with name PasswordPolicy cannot be found."));
}

TEST_F(PasswordTest, WhatAPolicyDoesNotSayHasAwsDefaults) {
  world.must<shapes::UpdateAccountPasswordPolicy>({});
  const auto policy = world.must<shapes::GetAccountPasswordPolicy>({}).password_policy;
  EXPECT_EQ(policy.minimum_password_length, 6);
  for (const auto& said :
       {policy.require_symbols, policy.require_numbers, policy.require_uppercase_characters,
        policy.require_lowercase_characters, policy.allow_users_to_change_password, policy.expire_passwords}) {
    EXPECT_EQ(said, std::optional(false));
  }
  EXPECT_FALSE(policy.max_password_age || policy.password_reuse_prevention || policy.hard_expiry);
}

TEST_F(PasswordTest, EachUpdateReplacesTheWholePolicy) {
  world.must<shapes::UpdateAccountPasswordPolicy>({.minimum_password_length = 14,
                                                   .require_symbols = true,
                                                   .max_password_age = 90,
                                                   .password_reuse_prevention = 24,
                                                   .hard_expiry = true});
  auto policy = world.must<shapes::GetAccountPasswordPolicy>({}).password_policy;
  EXPECT_EQ(policy.minimum_password_length, 14);
  EXPECT_EQ(policy.require_symbols, std::optional(true));
  EXPECT_EQ(policy.expire_passwords, std::optional(true));
  EXPECT_EQ(policy.max_password_age, 90);
  EXPECT_EQ(policy.password_reuse_prevention, 24);
  EXPECT_EQ(policy.hard_expiry, std::optional(true));
  world.must<shapes::UpdateAccountPasswordPolicy>({.hard_expiry = false});
  policy = world.must<shapes::GetAccountPasswordPolicy>({}).password_policy;
  EXPECT_EQ(policy.minimum_password_length, 6);
  EXPECT_EQ(policy.require_symbols, std::optional(false));
  EXPECT_FALSE(policy.max_password_age || policy.password_reuse_prevention);
  EXPECT_EQ(policy.hard_expiry, std::optional(false));
  world.must<shapes::DeleteAccountPasswordPolicy>({});
  EXPECT_FALSE(world.call<shapes::GetAccountPasswordPolicy>({}).ok());
}

TEST_F(PasswordTest, WithoutAPolicyPasswordsHaveEightCharactersOfThreeKinds) {
  EXPECT_TRUE(violates(create("Pass-w0"), "Password should have a minimum length of 8"));
  EXPECT_TRUE(violates(create("passw0rd"),
                       "Password should meet 1 more of the following requirements: Password should have at least one "
                       "uppercase letter, Password should have at least one symbol"));
  EXPECT_TRUE(violates(create("password"),
                       "Password should meet 2 more of the following requirements: Password should have at least one "
                       "uppercase letter, Password should have at least one number, Password should have at least one "
                       "symbol"));
  EXPECT_TRUE(violates(create("~~~~~~~~"),
                       "Password should meet 3 more of the following requirements: Password should have at least one "
                       "uppercase letter, Password should have at least one lowercase letter, Password should have at "
                       "least one number, Password should have at least one symbol"))
      << "a tilde is none of AWS's symbols";
  EXPECT_TRUE(create("Passw0rd").ok());
}

TEST_F(PasswordTest, LengthIsCountedInCharacters) {
  EXPECT_TRUE(violates(create("Pw0ääää"), "Password should have a minimum length of 8"));
  EXPECT_TRUE(create("Pw0äääää").ok());
}

TEST_F(PasswordTest, WithoutAPolicyAPasswordIsNotTheAccountsName) {
  EXPECT_TRUE(violates(create("Account 111111111111"), "Password does not conform to the account password policy."));
  EXPECT_TRUE(create("Account 222222222222").ok());
}

TEST_F(PasswordTest, APolicySaysAllThatIsWrongAtOnce) {
  world.must<shapes::UpdateAccountPasswordPolicy>({.minimum_password_length = 10,
                                                   .require_symbols = true,
                                                   .require_numbers = true,
                                                   .require_uppercase_characters = true,
                                                   .require_lowercase_characters = true});
  EXPECT_TRUE(violates(create("xxxx"),
                       "Password should have a minimum length of 10, Password should have at least one uppercase "
                       "letter, Password should have at least one number, Password should have at least one symbol"));
  EXPECT_TRUE(violates(create("XXXXXXXX1!"), "Password should have at least one lowercase letter"));
  EXPECT_TRUE(create("Xxxxxxxx1!").ok());
}

TEST_F(PasswordTest, AProfileIsShownWithoutItsPassword) {
  const auto made = world.must<shapes::CreateLoginProfile>(
      {.user_name = "bob", .password = "Passw0rd", .password_reset_required = true});
  EXPECT_EQ(made.login_profile.user_name, "bob");
  EXPECT_EQ(made.login_profile.create_date, world.now);
  EXPECT_EQ(made.login_profile.password_reset_required, std::optional(true));
  const auto got = world.must<shapes::GetLoginProfile>({.user_name = "bob"}).login_profile;
  EXPECT_EQ(got.create_date, world.now);
  EXPECT_EQ(got.password_reset_required, std::optional(true));
  EXPECT_TRUE(refused(create("Passw0rd2"), "EntityAlreadyExists", 409, "Login Profile for user bob already exists."));
}

TEST_F(PasswordTest, APasswordIsKeptAsASlowHashOnly) {
  ASSERT_TRUE(create("Passw0rd").ok());
  const directory::PasswordHash& kept = bob().login_profile->password;
  EXPECT_EQ(kept.digest.size(), 32U);
  EXPECT_EQ(kept.salt.size(), 16U);
  EXPECT_EQ(kept.log2_n, crypto::ScryptCost{}.log2_n);
  world.must<shapes::CreateUser>({.user_name = "eve"});
  ASSERT_TRUE(create("Passw0rd", "eve").ok());
  const auto& other = world.snapshot().user(*AccountId::parse(kA), "eve")->login_profile->password;
  EXPECT_NE(kept.salt, other.salt);
  EXPECT_NE(kept.digest, other.digest);
}

TEST_F(PasswordTest, WhoHasNoProfileHasNoneToGetUpdateDeleteOrChange) {
  const std::string_view sentence = "Login Profile for User bob cannot be found.";
  EXPECT_TRUE(missing(world.call<shapes::GetLoginProfile>({.user_name = "bob"}), sentence));
  EXPECT_TRUE(missing(world.call<shapes::DeleteLoginProfile>({.user_name = "bob"}), sentence));
  EXPECT_TRUE(missing(update("Passw0rd"), sentence));
  let_users_change();
  EXPECT_TRUE(missing(change("Passw0rd", "Passw0rd2"), sentence));
  EXPECT_TRUE(missing(create("Passw0rd", "nobody"), "The user with name nobody cannot be found."));
}

TEST_F(PasswordTest, AUserWithoutANameMeansTheCaller) {
  world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "all", .policy_document = kAllowAll});
  EXPECT_EQ(world.must<shapes::CreateLoginProfile>({.password = "Passw0rd"}, user("bob")).login_profile.user_name,
            "bob");
  EXPECT_EQ(world.must<shapes::GetLoginProfile>({}, user("bob")).login_profile.user_name, "bob");
  world.must<shapes::DeleteLoginProfile>({}, user("bob"));
  EXPECT_TRUE(refused(world.call<shapes::CreateLoginProfile>({.password = "Passw0rd"}), "ValidationError", 400,
                      "Must specify userName when calling with non-User credentials"));
  EXPECT_TRUE(missing(world.call<shapes::GetLoginProfile>({}), "Login Profile for User root cannot be found."));
}

TEST_F(PasswordTest, AProfileOfAUserNeedsAPassword) {
  EXPECT_TRUE(refused(
      world.call<shapes::CreateLoginProfile>({.user_name = "bob"}), "ValidationError", 400,
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null"));
}

TEST_F(PasswordTest, AUserWithAProfileCannotBeDeleted) {
  ASSERT_TRUE(create("Passw0rd").ok());
  const auto key = world.must<shapes::CreateAccessKey>({.user_name = "bob"});
  EXPECT_TRUE(refused(world.call<shapes::DeleteUser>({.user_name = "bob"}), "DeleteConflict", 409,
                      "Cannot delete entity, must delete access keys first."));
  World other;
  other.must<shapes::CreateUser>({.user_name = "bob"});
  const auto deletion = other.prepare<shapes::DeleteUser>({.user_name = "bob"});
  other.must<shapes::CreateLoginProfile>({.user_name = "bob", .password = "Passw0rd"});
  EXPECT_FALSE(other.commit(deletion)) << "the user was deleted under its new profile";
  EXPECT_TRUE(refused(other.call<shapes::DeleteUser>({.user_name = "bob"}), "DeleteConflict", 409,
                      "Cannot delete entity, must delete login profile first."));
  other.must<shapes::DeleteLoginProfile>({.user_name = "bob"});
  other.must<shapes::DeleteUser>({.user_name = "bob"});
}

TEST_F(PasswordTest, AnUpdateChangesOnlyWhatItSays) {
  ASSERT_TRUE(create("Passw0rd").ok());
  const auto before = *bob().login_profile;
  world.must<shapes::UpdateLoginProfile>({.user_name = "bob", .password_reset_required = true});
  EXPECT_EQ(bob().login_profile->password.digest, before.password.digest);
  EXPECT_TRUE(bob().login_profile->reset_required);
  world.now += std::chrono::hours(1);
  ASSERT_TRUE(update("Passw0rd2").ok());
  EXPECT_NE(bob().login_profile->password.digest, before.password.digest);
  EXPECT_EQ(bob().login_profile->created, before.created);
  EXPECT_EQ(bob().login_profile->changed, world.now);
  EXPECT_TRUE(bob().login_profile->reset_required);
  EXPECT_TRUE(violates(update("short"),
                       "Password should have a minimum length of 8, Password should meet 2 more of "
                       "the following requirements: Password should have at least one uppercase "
                       "letter, Password should have at least one number, Password should have at "
                       "least one symbol"));
}

TEST_F(PasswordTest, AUserChangesTheOwnPasswordKnowingTheOldOne) {
  let_users_change();
  world.must<shapes::CreateLoginProfile>({.user_name = "bob", .password = "Passw0rd", .password_reset_required = true});
  EXPECT_TRUE(refused(change("passw0rd", "Passw0rd2"), "AccessDenied", 403, "The old password was incorrect."));
  EXPECT_TRUE(violates(change("Passw0rd", "short"), "Password should have a minimum length of 6"));
  ASSERT_TRUE(change("Passw0rd", "Passw0rd2").ok());
  EXPECT_FALSE(bob().login_profile->reset_required);
  EXPECT_TRUE(refused(change("Passw0rd", "Passw0rd3"), "AccessDenied", 403, "The old password was incorrect."));
  world.must<shapes::UpdateUser>({.user_name = "bob", .new_path = "/ops/"});
  EXPECT_TRUE(change("Passw0rd2", "Passw0rd3").ok());
}

TEST_F(PasswordTest, OnlyUsersChangeTheirPassword) {
  world.must<shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = kTrustsA});
  world.must<shapes::PutRolePolicy>({.role_name = "r", .policy_name = "all", .policy_document = kAllowAll});
  const shapes::ChangePassword::Input in{.old_password = "Passw0rd", .new_password = "Passw0rd2"};
  for (const Who& who : {root(), session("r")}) {
    EXPECT_TRUE(refused(world.call<shapes::ChangePassword>(in, who), "InvalidUserType", 400,
                        "Only IAM Users can change their own password."));
  }
}

TEST_F(PasswordTest, TheAccountMayLetEveryUserChangeTheOwnPassword) {
  ASSERT_TRUE(create("Passw0rd").ok());
  const std::string arn_of_bob = arn("user/dev/bob");
  EXPECT_TRUE(refused(change("Passw0rd", "Passw0rd2"), "AccessDenied", 403,
                      "User: " + arn_of_bob + " is not authorized to perform: iam:ChangePassword on resource: " +
                          arn_of_bob + " because no identity-based policy allows the iam:ChangePassword action"));
  EXPECT_FALSE(world.call<shapes::GetAccountPasswordPolicy>({}, user("bob")).ok());
  let_users_change();
  EXPECT_TRUE(world.call<shapes::GetAccountPasswordPolicy>({}, user("bob")).ok());
  EXPECT_TRUE(change("Passw0rd", "Passw0rd2").ok());
  EXPECT_FALSE(world.call<shapes::GetLoginProfile>({.user_name = "bob"}, user("bob")).ok()) << "it allows nothing else";

  world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "deny", .policy_document = kDenyChange});
  const auto denied = change("Passw0rd2", "Passw0rd3");
  ASSERT_FALSE(denied.ok());
  EXPECT_NE(denied.error().message().find("with an explicit deny in an identity-based policy"), std::string::npos);
}

TEST_F(PasswordTest, ABoundaryLimitsWhatTheAccountLetsUsersDo) {
  ASSERT_TRUE(create("Passw0rd").ok());
  let_users_change();
  world.must<shapes::PutUserPermissionsBoundary>(
      {.user_name = "bob", .permissions_boundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess"});
  const auto denied = change("Passw0rd", "Passw0rd2");
  ASSERT_FALSE(denied.ok());
  EXPECT_NE(denied.error().message().find("because no permissions boundary allows"), std::string::npos)
      << denied.error().message();
}

TEST_F(PasswordTest, PasswordsAreNotUsedAgainAsLongAsThePolicyRemembersThem) {
  world.must<shapes::UpdateAccountPasswordPolicy>(
      {.allow_users_to_change_password = true, .password_reuse_prevention = 3});
  const std::string_view again = "Password does not conform to the account password policy.";
  ASSERT_TRUE(create("password-1").ok());
  EXPECT_TRUE(violates(update("password-1"), again));
  ASSERT_TRUE(update("password-2").ok());
  ASSERT_TRUE(change("password-2", "password-3").ok());
  EXPECT_TRUE(violates(change("password-3", "password-1"), again));
  EXPECT_TRUE(violates(update("password-2"), again));
  ASSERT_TRUE(update("password-4").ok());
  EXPECT_EQ(bob().login_profile->former.size(), 2U);
  EXPECT_TRUE(violates(update("password-2"), again));
  ASSERT_TRUE(update("password-1").ok()) << "three others came since";

  world.must<shapes::UpdateAccountPasswordPolicy>({});
  ASSERT_TRUE(update("password-1").ok()) << "nothing is remembered any more";
  EXPECT_TRUE(bob().login_profile->former.empty());
}

TEST_F(PasswordTest, OneReuseMeansTheCurrentPasswordAlone) {
  world.must<shapes::UpdateAccountPasswordPolicy>({.password_reuse_prevention = 1});
  ASSERT_TRUE(create("password-1").ok());
  EXPECT_FALSE(update("password-1").ok());
  ASSERT_TRUE(update("password-2").ok());
  EXPECT_TRUE(bob().login_profile->former.empty());
  EXPECT_TRUE(update("password-1").ok());
}

TEST_F(PasswordTest, APasswordThatWasHashedAtAnotherCostIsStillKnown) {
  world.must<shapes::UpdateAccountPasswordPolicy>(
      {.allow_users_to_change_password = true, .password_reuse_prevention = 5});
  ASSERT_TRUE(create("password-1").ok());
  directory::User older = bob();
  directory::PasswordHash& hash = older.login_profile->password;
  hash.log2_n = 12;  // what the test's hash of cost 12 makes of it (world.cpp)
  hash.digest =
      world.vault()
          .mac(crypto::scrypt({"password-1", hash.salt + "12", {1, 1, 1}}).reveal(), "password/" + older.id.str())
          .view();
  directory::Changes changes;
  changes.update(older);
  ASSERT_TRUE(world.commit(changes));
  EXPECT_FALSE(update("password-1").ok());
  ASSERT_TRUE(change("password-1", "password-2").ok());
  EXPECT_EQ(bob().login_profile->password.log2_n, crypto::ScryptCost{}.log2_n);
  EXPECT_EQ(bob().login_profile->former.front().log2_n, 12U);
  EXPECT_FALSE(update("password-1").ok());
}

}  // namespace
}  // namespace deputy::iam
