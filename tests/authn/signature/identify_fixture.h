// Who signs what: asked of an Identifier over the World, and answered in one line.
#pragma once

#include "authn/world.h"

namespace deputy::authn {

inline constexpr std::string_view kAlice = "ok arn:aws:iam::111111111111:user/team/alice";

class IdentifyTest : public testing::Test {
 protected:
  std::string ask(const TestRequest& request, const Scheme& scheme = kSts) {
    last_ = identifier_.identify(request.view(), scheme, *world_.snapshot, now_);
    return answer(last_);
  }
  std::string ask(const Signer& signer, const Scheme& scheme = kSts) {
    TestRequest request = sts_request();
    signer.sign(request);
    return ask(request, scheme);
  }

  World world_;
  Identifier identifier_{*world_.vault, world_.tokens};
  Time now_ = world_.now;
  Result<directory::Caller> last_ = directory::Caller{};
};

}  // namespace deputy::authn
