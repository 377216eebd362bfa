#include "authn/authorization_message.h"

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace deputy::authn {
namespace {

class AuthorizationMessageTest : public ::testing::Test {
 protected:
  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(1);
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(*entropy);
  static directory::Account account(const char* id, const char* generation) {
    directory::Account made;
    made.id = *AccountId::parse(id);
    made.generation = UniqueId(generation);
    return made;
  }
  directory::Account a = account("111111111111", "ACCTAAAAAAAAAAAAAAAAA");
  directory::Account b = account("222222222222", "ACCTBBBBBBBBBBBBBBBBB");
  Time now = *parse_iso8601("2026-07-24T10:11:12Z");
  std::string message = seal_authorization_message(*vault, *entropy, a, now, "why");
};

TEST_F(AuthorizationMessageTest, ComesBackForItsAccount) {
  EXPECT_EQ(open_authorization_message(*vault, a, now, message), "why");
  EXPECT_EQ(message.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_NE(message, seal_authorization_message(*vault, *entropy, a, now, "why")) << "none tells that two are the same";
}

TEST_F(AuthorizationMessageTest, IsNothingToAnotherAccountOrServer) {
  EXPECT_FALSE(open_authorization_message(*vault, b, now, message));
  const auto other = crypto::Vault::ephemeral(*entropy);
  EXPECT_FALSE(open_authorization_message(*other, a, now, message));
}

TEST_F(AuthorizationMessageTest, IsNothingToTheNextAccountOfTheSameNumber) {
  EXPECT_FALSE(open_authorization_message(*vault, account("111111111111", "ACCTBBBBBBBBBBBBBBBBB"), now, message));
}

TEST_F(AuthorizationMessageTest, IsNotOfLaterThanNow) {
  EXPECT_TRUE(open_authorization_message(*vault, a, now - std::chrono::minutes(5), message));
  EXPECT_FALSE(open_authorization_message(*vault, a, now - std::chrono::minutes(6), message));
}

TEST_F(AuthorizationMessageTest, EndsAfterADay) {
  EXPECT_TRUE(open_authorization_message(*vault, a, now + std::chrono::hours(24), message));
  EXPECT_FALSE(open_authorization_message(*vault, a, now + std::chrono::hours(24) + std::chrono::seconds(1), message));
}

TEST_F(AuthorizationMessageTest, EveryChangeIsNoticed) {
  for (std::size_t i = 0; i < message.size(); ++i) {
    std::string changed = message;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto opened = open_authorization_message(*vault, a, now, changed);
    EXPECT_FALSE(opened) << i;
    EXPECT_FALSE(open_authorization_message(*vault, a, now, message.substr(0, i))) << i;
  }
  for (const char* text : {"", "=", "AQ==", "a b", "\n", "????"}) {
    EXPECT_FALSE(open_authorization_message(*vault, a, now, text)) << text;
  }
  EXPECT_FALSE(open_authorization_message(*vault, a, now, message + "\n"));
  EXPECT_FALSE(open_authorization_message(*vault, a, now, std::string(10241, 'A')));
}

}  // namespace
}  // namespace deputy::authn
