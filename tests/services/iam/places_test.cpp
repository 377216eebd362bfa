// Quotas of an account when several create at once: docs/wire.md, 5.4.
#include "services/iam/places.h"

#include "protocol/iam/create_group.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

class PlacesTest : public testing::Test {
 protected:
  void fill(std::size_t until) {
    for (; groups_ < until; ++groups_) world_.must<shapes::CreateGroup>({.group_name = "g" + std::to_string(groups_)});
  }
  directory::Changes decide(const std::string& name) {
    return world_.prepare<shapes::CreateGroup>({.group_name = name});
  }

  World world_;
  std::size_t groups_ = 0;
};

constexpr std::size_t kLimit = quotas::kGroupsPerAccount.limit;

TEST_F(PlacesTest, TheLastPlaceIsGivenAwayOnce) {
  fill(kLimit - 1);
  const directory::Changes first = decide("first"), second = decide("second");
  EXPECT_TRUE(world_.commit(first));
  EXPECT_FALSE(world_.commit(second));
  const auto again = world_.call<shapes::CreateGroup>({.group_name = "second"});
  EXPECT_TRUE(refused(again, "LimitExceeded", 409, "Cannot exceed quota for GroupsPerAccount: 300"));
}

TEST_F(PlacesTest, FarFromTheLimitNobodyWaits) {
  fill(kLimit / 2 - 1);
  const directory::Changes first = decide("first"), second = decide("second");
  EXPECT_TRUE(world_.commit(first));
  EXPECT_TRUE(world_.commit(second));
}

}  // namespace
}  // namespace deputy::iam
