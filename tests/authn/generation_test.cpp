// Nobody is let in by what was handed out for an account that is gone, though another one has its number now; and no
// session is used before it was made, or longer than its account is in the organization that made it.
#include <gtest/gtest.h>

#include "authn/world.h"
#include "directory/membership.h"

namespace deputy::authn {
namespace {

using directory::Session;

constexpr const char* kOrganization = "o-abcdefghij";
constexpr const char* kInvalid = "403 InvalidClientTokenId: The security token included in the request is invalid.";

class GenerationTest : public testing::Test {
 protected:
  GenerationTest() {
    directory::Organization organization;
    organization.id = kOrganization;
    organization.management = *AccountId::parse("222222222222");
    world_.write([&](auto& c) { c.create(organization); });
    join();
  }

  void join() {
    member_.account = world_.account.id;
    member_.organization = kOrganization;
    world_.write([&](auto& c) { c.create(member_); });
  }
  Session session(Session::Kind kind) {
    Session s;
    s.kind = kind;
    s.account = world_.account.id;
    s.issuer = world_.snapshot->account(s.account)->account.generation;
    if (kind == Session::Kind::kFederatedUser) s.name = "bob";
    if (kind == Session::Kind::kAssumedRoot) {
      s.issuer_name = kOrganization;
      s.policy_arns = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"};
    }
    s.issued = world_.now;
    s.expires = world_.now + std::chrono::hours(1);
    return s;
  }
  /// What a request signed with these credentials is answered.
  std::string ask(const Credentials& credentials, const Scheme& scheme = kSts) {
    Signer signer = Signer::with(credentials);
    TestRequest request = sts_request();
    signer.service = scheme.signing_name;
    signer.sign(request);
    return answer(identifier_.identify(request.view(), scheme, *world_.snapshot, world_.now));
  }
  void make_again(UniqueId generation) {
    world_.write([&](auto& c) { c.erase(world_.account); });
    directory::Account next = world_.account;
    next.generation = std::move(generation);
    world_.write([&](auto& c) { c.create(next); });
    join();
  }

  World world_;
  directory::Membership member_;
  Identifier identifier_{*world_.vault, world_.tokens};
};

TEST_F(GenerationTest, NoSessionOfRootOutlivesItsAccount) {
  for (const auto kind : {Session::Kind::kRoot, Session::Kind::kFederatedUser, Session::Kind::kAssumedRoot}) {
    const Credentials held = world_.issue(session(kind));
    EXPECT_TRUE(ask(held).starts_with("ok ")) << static_cast<int>(kind);
    make_again(crypto::make_unique_id(*world_.entropy, "ACCT"));
    EXPECT_EQ(ask(held), kInvalid) << static_cast<int>(kind) << ": also one that this thread remembers";
    EXPECT_TRUE(ask(world_.issue(session(kind))).starts_with("ok ")) << "what the new one makes is good";
  }
}

TEST_F(GenerationTest, AnAccountFromBeforeGenerationsHasTheFirst) {
  make_again(UniqueId());  // as its entry was written then
  EXPECT_EQ(world_.snapshot->account(world_.account.id)->account.generation.str(), directory::kFirstGeneration);
  const Credentials held = world_.issue(session(Session::Kind::kRoot));
  EXPECT_TRUE(ask(held).starts_with("ok "));
  make_again(crypto::make_unique_id(*world_.entropy, "ACCT"));
  EXPECT_EQ(ask(held), kInvalid);
}

TEST_F(GenerationTest, AnAssumedRootEndsWhenItsAccountLeavesTheOrganization) {
  const Credentials held = world_.issue(session(Session::Kind::kAssumedRoot));
  const Credentials own = world_.issue(session(Session::Kind::kRoot));
  EXPECT_TRUE(ask(held).starts_with("ok "));
  world_.write([&](auto& c) { c.erase(member_); });
  EXPECT_EQ(ask(held), kInvalid);
  EXPECT_TRUE(ask(own).starts_with("ok "));
  member_.organization = "o-another";
  world_.write([&](auto& c) { c.create(member_); });
  EXPECT_EQ(ask(held), kInvalid) << "another organization did not make it";
}

TEST_F(GenerationTest, ATokenFromTheFutureIsRefused) {
  Session s = world_.role_session();
  s.issued = world_.now + SessionTokens::kClocksApart;
  EXPECT_TRUE(ask(world_.issue(s)).starts_with("ok "));
  s.issued += std::chrono::seconds(1);
  EXPECT_EQ(ask(world_.issue(s)), kInvalid);
}

}  // namespace
}  // namespace deputy::authn
