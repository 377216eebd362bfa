#include <gtest/gtest.h>

#include "authn/world.h"

namespace deputy::authn {
namespace {

TEST(ClosedAccountTest, NobodyOfAnAccountThatIsBeingDeletedIsLetIn) {
  World world;
  const Identifier identifier(*world.vault, world.tokens);
  const auto ask = [&](const Signer& signer) {
    TestRequest request = sts_request();
    signer.sign(request);
    return answer(identifier.identify(request.view(), kSts, *world.snapshot, world.now));
  };
  Signer root;
  root.key = "AKIAROOTROOTROOTROOT";
  root.secret = "root secret";
  directory::Session root_session = world.user_session(false);
  root_session.kind = directory::Session::Kind::kRoot;
  root_session.issuer = world.account.generation;
  const std::vector<Signer> all = {root, Signer(), Signer::with(world.issue(world.role_session())),
                                   Signer::with(world.issue(world.user_session(false))),
                                   Signer::with(world.issue(root_session))};
  for (const Signer& signer : all) EXPECT_TRUE(ask(signer).starts_with("ok ")) << signer.key;
  world.write([&](directory::Changes& c) {
    directory::Account closed = world.account;
    closed.closed = true;
    c.update(closed);
  });
  for (const Signer& signer : all) {
    EXPECT_EQ(ask(signer), "403 InvalidClientTokenId: The security token included in the request is invalid.")
        << signer.key;
  }
}

}  // namespace
}  // namespace deputy::authn
