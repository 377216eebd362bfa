// Tokens for others: who signs when, and what anybody may have.
#include "authn/federation/identity_token.h"

#include "authn/federation/jwt.h"
#include "authn/world.h"
#include "base/base64url.h"

namespace deputy::authn {
namespace {

using std::chrono::hours;

class IdentityTokenTest : public testing::Test, protected World {
 protected:
  IdentityTokenTest() {
    account.outbound_enabled = true;
    account.outbound_issuer = "0f5ee7a8-0000-4000-8000-000000000000";
    account.signing_keys = {make_signing_key(*vault, *entropy, account.id, 0, now)};
    account.revision = snapshot->account(account.id)->account.revision;
    write([&](directory::Changes& c) { c.update(account); });
  }
  [[nodiscard]] const directory::Account& stored() const { return snapshot->account(account.id)->account; }
  /// What is due `when`; whether anything was.
  bool rotate(Time when) {
    const directory::Changes due = rotate_signing_keys(*snapshot, *vault, *entropy, when);
    for (const auto& w : due.writes()) {
      const directory::StoredChange change{w.key, *w.value};
      snapshot = *snapshot->apply(snapshot->revision() + 1, {&change, 1});
    }
    return !due.empty();
  }
};

TEST_F(IdentityTokenTest, OnlyPublicHalvesAreServed) {
  const std::string served = key_set(stored());
  const auto& key = stored().signing_keys.front();
  EXPECT_EQ(served.find("\"d\""), std::string::npos);
  EXPECT_EQ(served.find(base64url(key.sealed_ec)), std::string::npos);
  EXPECT_NE(served.find(base64url(key.ec_x)), std::string::npos);
  EXPECT_FALSE(vault->unseal(key.sealed_rsa, "signing-key/222222222222/0/rsa")) << "sealed for its account";
}

TEST_F(IdentityTokenTest, AnAccountIsFoundByItsIssuer) {
  ASSERT_NE(snapshot->account_of_issuer(account.outbound_issuer), nullptr);
  EXPECT_EQ(snapshot->account_of_issuer(account.outbound_issuer)->account.id, account.id);
  EXPECT_EQ(snapshot->account_of_issuer("nobody"), nullptr);
  write([&](directory::Changes& c) { c.erase(stored()); });
  EXPECT_EQ(snapshot->account_of_issuer(account.outbound_issuer), nullptr);
}

TEST_F(IdentityTokenTest, KeysArePublishedADayBeforeTheySignAndStayUntilTheirTokensAreOver) {
  EXPECT_FALSE(rotate(now + kSigningKeyLife - hours(1)));
  const Time due = now + kSigningKeyLife;
  EXPECT_TRUE(rotate(due));
  EXPECT_FALSE(rotate(due));
  ASSERT_EQ(stored().signing_keys.size(), 2U);
  EXPECT_EQ(signing_key(stored(), due)->number, 0U);
  EXPECT_EQ(signing_key(stored(), due + kKnown)->number, 1U);
  EXPECT_FALSE(rotate(due + kKnown + hours(1)));
  EXPECT_TRUE(rotate(due + kKnown + hours(2)));
  ASSERT_EQ(stored().signing_keys.size(), 1U);
  EXPECT_EQ(stored().signing_keys.front().number, 1U);
}

TEST_F(IdentityTokenTest, OwnTokensAreForOthers) {
  EXPECT_FALSE(refuse_own_issuer("http://127.0.0.1:4566/_deputy/oidc/x", "http://127.0.0.1:4566").ok());
  EXPECT_TRUE(refuse_own_issuer("https://other.example/_deputy/oidc/x", "http://127.0.0.1:4566").ok());
  EXPECT_TRUE(refuse_own_issuer("https://other.example/_deputy/oidc/x", "").ok());
}

}  // namespace
}  // namespace deputy::authn
