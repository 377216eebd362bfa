// Virtual MFA devices and whose they are: docs/wire.md, 5.2, 5.4 and 5.5. What codes are worth:
// tests/authn/mfa_test.cpp
#include "authn/totp.h"
#include "base/encoding.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/create_virtual_mfa_device.h"
#include "protocol/iam/deactivate_mfa_device.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/delete_virtual_mfa_device.h"
#include "protocol/iam/enable_mfa_device.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_mfa_device.h"
#include "protocol/iam/list_mfa_device_tags.h"
#include "protocol/iam/list_mfa_devices.h"
#include "protocol/iam/list_virtual_mfa_devices.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/resync_mfa_device.h"
#include "protocol/iam/tag_mfa_device.h"
#include "protocol/iam/untag_mfa_device.h"
#include "protocol/iam/update_user.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

class MfaDevicesTest : public testing::Test {
 protected:
  MfaDevicesTest() {
    for (const char* name : {"bob", "eve"}) world.must<shapes::CreateUser>({.user_name = name});
  }

  shapes::VirtualMFADevice create(const std::string& name, const std::optional<std::string>& path = {}) {
    auto made = world.must<shapes::CreateVirtualMFADevice>({.path = path, .virtual_mfa_device_name = name});
    seeds[made.virtual_mfa_device.serial_number] = *unbase32(*made.virtual_mfa_device.base32_string_seed);
    return made.virtual_mfa_device;
  }
  std::string code(const std::string& serial, std::int64_t periods = 0) {
    return authn::hotp(seeds.at(serial), static_cast<std::uint64_t>(authn::totp_period(world.now) + periods));
  }
  Result<shapes::EnableMFADevice::Output> enable(const std::string& user, const std::string& serial,
                                                 std::int64_t from = -1) {
    return world.call<shapes::EnableMFADevice>({.user_name = user,
                                                .serial_number = serial,
                                                .authentication_code1 = code(serial, from),
                                                .authentication_code2 = code(serial, from + 1)});
  }
  std::string enabled(const std::string& user, const std::string& name) {
    std::string serial = create(name).serial_number;
    EXPECT_TRUE(enable(user, serial).ok());
    return serial;
  }
  std::vector<std::string> listed(const std::string& status) {
    std::vector<std::string> serials;
    for (const auto& device :
         world.must<shapes::ListVirtualMFADevices>({.assignment_status = status}).virtual_mfa_devices) {
      serials.push_back(device.serial_number);
    }
    return serials;
  }
  std::int32_t summary(std::string_view name) {
    const auto answer = world.must<shapes::GetAccountSummary>({});
    for (const auto& [key, value] : *answer.summary_map) {
      if (key == name) return value;
    }
    return -1;
  }
  const directory::MfaDevice* stored(const std::string& serial) { return world.snapshot().mfa_device(serial); }

  World world;
  std::map<std::string, std::string> seeds;  // by serial number
};

TEST_F(MfaDevicesTest, ANewDeviceShowsItsSeedOnceAndKeepsItSealed) {
  const auto made = create("phone");
  EXPECT_EQ(made.serial_number, arn("mfa/phone"));
  EXPECT_EQ(made.base32_string_seed->size(), 64U);
  EXPECT_EQ(made.qr_code_png->substr(1, 3), "PNG");
  ASSERT_NE(stored(made.serial_number), nullptr);
  EXPECT_EQ(stored(made.serial_number)->sealed_seed.find(seeds[made.serial_number]), std::string::npos);
  const auto listing = world.must<shapes::ListVirtualMFADevices>({});
  ASSERT_EQ(listing.virtual_mfa_devices.size(), 1U);
  EXPECT_FALSE(listing.virtual_mfa_devices[0].base32_string_seed);
  EXPECT_FALSE(listing.virtual_mfa_devices[0].qr_code_png);
}

TEST_F(MfaDevicesTest, PathAndNameTogetherAreUniqueInAnyCase) {
  create("phone");
  EXPECT_EQ(create("phone", "/team/").serial_number, arn("mfa/team/phone"));
  EXPECT_TRUE(refused(world.call<shapes::CreateVirtualMFADevice>({.virtual_mfa_device_name = "Phone"}),
                      "EntityAlreadyExists", 409, "MFA device already exists."));
}

TEST_F(MfaDevicesTest, ASerialNumberHasAtMost256Characters) {
  EXPECT_EQ(create(std::string(226, 'x')).serial_number.size(), 256U);
  const auto longer = world.call<shapes::CreateVirtualMFADevice>({.virtual_mfa_device_name = std::string(227, 'x')});
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.error().code(), "ValidationError");
}

TEST_F(MfaDevicesTest, TwoConsecutiveCodesMakeItAUsersOwn) {
  const std::string serial = enabled("bob", "phone");
  const auto devices = world.must<shapes::ListMFADevices>({.user_name = "bob"}).mfa_devices;
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].user_name, "bob");
  EXPECT_EQ(devices[0].serial_number, serial);
  EXPECT_EQ(devices[0].enable_date, world.now);
  const auto got = world.must<shapes::GetMFADevice>({.serial_number = serial, .user_name = "bob"});
  EXPECT_EQ(got.user_name, "bob");
  EXPECT_EQ(got.enable_date, world.now);
  EXPECT_TRUE(refused(enable("eve", serial, 1), "EntityAlreadyExists", 409, "MFA Device is already in use."));
}

TEST_F(MfaDevicesTest, WrongCodesAreRefusedAndCounted) {
  const std::string serial = create("phone").serial_number;
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(refused(world.call<shapes::EnableMFADevice>({.user_name = "bob",
                                                             .serial_number = serial,
                                                             .authentication_code1 = code(serial, 0),
                                                             .authentication_code2 = code(serial, -1)}),
                        "InvalidAuthenticationCode", 403, "Authentication code for device is not valid."));
  }
  EXPECT_EQ(stored(serial)->failures, 5U);
  EXPECT_TRUE(
      refused(enable("bob", serial), "InvalidAuthenticationCode", 403, "Authentication code for device is not valid."));
  world.now += std::chrono::minutes(1);
  EXPECT_TRUE(enable("bob", serial).ok());
}

TEST_F(MfaDevicesTest, WhatIsMissingIsSaid) {
  const std::string serial = create("phone").serial_number;
  EXPECT_TRUE(missing(enable("nobody", serial), "The user with name nobody cannot be found."));
  const std::string none = arn("mfa/none"), foreign = arn("mfa/phone", kB);
  seeds[none] = seeds[foreign] = "x";
  EXPECT_TRUE(missing(enable("bob", none), "MFA Device with serial number " + none + " does not exist."));
  EXPECT_TRUE(missing(enable("bob", foreign), "MFA Device with serial number " + foreign + " does not exist."));
  EXPECT_TRUE(missing(world.call<shapes::DeleteVirtualMFADevice>({.serial_number = none}),
                      "MFA Device with serial number " + none + " does not exist."));
  EXPECT_TRUE(missing(world.call<shapes::DeactivateMFADevice>({.user_name = "bob", .serial_number = none}),
                      "MFA Device with serial number " + none + " does not exist."));
}

TEST_F(MfaDevicesTest, ADeviceOfAnotherAccountDoesNotExist) {
  const auto made = world.must<shapes::CreateVirtualMFADevice>({.virtual_mfa_device_name = "phone"}, root(kB));
  const std::string serial = made.virtual_mfa_device.serial_number;
  seeds[serial] = *unbase32(*made.virtual_mfa_device.base32_string_seed);
  EXPECT_EQ(serial, arn("mfa/phone", kB));
  EXPECT_TRUE(missing(enable("bob", serial), "MFA Device with serial number " + serial + " does not exist."));
}

TEST_F(MfaDevicesTest, EightAreTheMostOfOneUser) {
  for (int i = 1; i <= 8; ++i) enabled("bob", "phone" + std::to_string(i));
  const std::string ninth = create("phone9").serial_number;
  EXPECT_TRUE(refused(enable("bob", ninth), "LimitExceeded", 409, "Cannot exceed quota for MFADevicesPerUser: 8"));
  EXPECT_TRUE(enable("eve", ninth).ok());
}

TEST_F(MfaDevicesTest, ResyncTakesTwoConsecutiveFreshCodes) {
  const std::string serial = enabled("bob", "phone");
  const auto resync = [&](const std::string& user, std::int64_t from) {
    return world.call<shapes::ResyncMFADevice>({.user_name = user,
                                                .serial_number = serial,
                                                .authentication_code1 = code(serial, from),
                                                .authentication_code2 = code(serial, from + 1)});
  };
  EXPECT_TRUE(
      refused(resync("bob", -1), "InvalidAuthenticationCode", 403, "Authentication code for device is not valid."))
      << "the codes that enabled it are used up";
  EXPECT_TRUE(missing(resync("eve", 1), "MFA Device invalid for user."));
  EXPECT_TRUE(resync("bob", 20).ok());
  EXPECT_EQ(stored(serial)->drift, 21);
}

TEST_F(MfaDevicesTest, DeactivatedItIsNobodysAndCanBeDeleted) {
  const std::string serial = enabled("bob", "phone");
  EXPECT_TRUE(refused(world.call<shapes::DeleteVirtualMFADevice>({.serial_number = serial}), "DeleteConflict", 409,
                      "MFA VirtualDevice in use. Must deactivate first."));
  EXPECT_TRUE(missing(world.call<shapes::DeactivateMFADevice>({.user_name = "eve", .serial_number = serial}),
                      "MFA Device invalid for user."));
  world.must<shapes::DeactivateMFADevice>({.user_name = "bob", .serial_number = serial});
  EXPECT_TRUE(world.must<shapes::ListMFADevices>({.user_name = "bob"}).mfa_devices.empty());
  EXPECT_TRUE(missing(world.call<shapes::GetMFADevice>({.serial_number = serial, .user_name = "bob"}),
                      "MFA Device invalid for user."));
  EXPECT_FALSE(enable("bob", serial).ok()) << "the codes that enabled it before are used up";
  world.must<shapes::DeleteVirtualMFADevice>({.serial_number = serial});
  EXPECT_EQ(stored(serial), nullptr);
}

TEST_F(MfaDevicesTest, AUserWithADeviceCannotBeDeleted) {
  const std::string serial = enabled("bob", "phone");
  EXPECT_TRUE(refused(world.call<shapes::DeleteUser>({.user_name = "bob"}), "DeleteConflict", 409,
                      "Cannot delete entity, must delete MFA device first."));
  world.must<shapes::DeactivateMFADevice>({.user_name = "bob", .serial_number = serial});
  EXPECT_TRUE(world.call<shapes::DeleteUser>({.user_name = "bob"}).ok());
}

TEST_F(MfaDevicesTest, DeletingAUserLosesTheRaceWithEnabling) {
  const std::string serial = create("phone").serial_number;
  const auto deleting = world.prepare<shapes::DeleteUser>({.user_name = "bob"});
  EXPECT_TRUE(enable("bob", serial).ok());
  EXPECT_FALSE(world.commit(deleting));
}

TEST_F(MfaDevicesTest, OnePairOfCodesEnablesForOneUserOnly) {
  const std::string serial = create("phone").serial_number;
  const shapes::EnableMFADevice::Input in{.user_name = "bob",
                                          .serial_number = serial,
                                          .authentication_code1 = code(serial, -1),
                                          .authentication_code2 = code(serial, 0)};
  auto for_eve = in;
  for_eve.user_name = "eve";
  const auto one = world.prepare<shapes::EnableMFADevice>(in), two = world.prepare<shapes::EnableMFADevice>(for_eve);
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
}

TEST_F(MfaDevicesTest, ListsKnowTheAssignmentAndFollowARenamedUser) {
  const std::string used = enabled("bob", "used"), free = create("free").serial_number;
  EXPECT_EQ(listed("Assigned"), std::vector<std::string>{used});
  EXPECT_EQ(listed("Unassigned"), std::vector<std::string>{free});
  EXPECT_EQ(listed("Any"), (std::vector<std::string>{free, used}));
  world.must<shapes::UpdateUser>({.user_name = "bob", .new_user_name = "robert"});
  const auto devices = world.must<shapes::ListVirtualMFADevices>({.assignment_status = "Assigned"}).virtual_mfa_devices;
  ASSERT_TRUE(devices[0].user);
  EXPECT_EQ(devices[0].user->user_name, "robert");
  EXPECT_EQ(devices[0].enable_date, world.now);
  EXPECT_EQ(world.must<shapes::ListMFADevices>({.user_name = "robert"}).mfa_devices.size(), 1U);
}

TEST_F(MfaDevicesTest, PagesOfTheLongestNamesGoOn) {
  for (const char c : {'a', 'b', 'c'}) create(std::string(226, c));
  std::optional<std::string> marker;
  std::vector<std::string> seen;
  do {
    const auto page = world.must<shapes::ListVirtualMFADevices>({.marker = marker, .max_items = 1});
    for (const auto& device : page.virtual_mfa_devices) seen.push_back(device.serial_number);
    marker = page.marker;
    EXPECT_LE(marker.value_or("").size(), 320U);
  } while (marker);
  EXPECT_EQ(seen, listed("Any"));
}

TEST_F(MfaDevicesTest, WithoutANameTheCallerIsMeant) {
  world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "all", .policy_document = kAllowAll});
  const std::string serial = enabled("bob", "phone");
  EXPECT_EQ(world.must<shapes::ListMFADevices>({}, user("bob")).mfa_devices.size(), 1U);
  EXPECT_TRUE(world.must<shapes::ListMFADevices>({}).mfa_devices.empty()) << "root has none";
  EXPECT_TRUE(
      missing(world.call<shapes::DeactivateMFADevice>({.serial_number = serial}), "MFA Device invalid for user."));
  EXPECT_TRUE(world.call<shapes::DeactivateMFADevice>({.serial_number = serial}, user("bob")).ok());
}

TEST_F(MfaDevicesTest, WhatIsAskedForIsTheDeviceOrTheUser) {
  const std::string serial = create("phone", "/team/").serial_number;
  const auto asks = [](const authz::Accesses& accesses) {
    return std::string(accesses.at(0).action.name) + " " + accesses.at(0).resource;
  };
  EXPECT_EQ(asks(world.accesses<shapes::CreateVirtualMFADevice>({.path = "/p/", .virtual_mfa_device_name = "n"})),
            "iam:CreateVirtualMFADevice " + arn("mfa/p/n"));
  EXPECT_EQ(asks(world.accesses<shapes::DeleteVirtualMFADevice>({.serial_number = serial})),
            "iam:DeleteVirtualMFADevice " + serial);
  EXPECT_EQ(asks(world.accesses<shapes::ListVirtualMFADevices>({})), "iam:ListVirtualMFADevices " + arn("mfa/"));
  EXPECT_EQ(asks(world.accesses<shapes::EnableMFADevice>({.user_name = "bob", .serial_number = serial})),
            "iam:EnableMFADevice " + arn("user/bob"));
  EXPECT_EQ(asks(world.accesses<shapes::ListMFADevices>({.user_name = "bob"})),
            "iam:ListMFADevices " + arn("user/bob"));
  const auto tagged = world.accesses<shapes::CreateVirtualMFADevice>(
      {.virtual_mfa_device_name = "n", .tags = {{.key = "team", .value = "a"}}});
  ASSERT_EQ(tagged.size(), 2U);
  EXPECT_EQ(tagged[1].action.name, "iam:TagMFADevice");
}

TEST_F(MfaDevicesTest, TagsComeAndGo) {
  const std::string serial = create("phone").serial_number;
  world.must<shapes::TagMFADevice>({.serial_number = serial, .tags = {{"team", "a"}, {"floor", "1"}}});
  world.must<shapes::TagMFADevice>({.serial_number = serial, .tags = {{"Team", "b"}}});
  world.must<shapes::UntagMFADevice>({.serial_number = serial, .tag_keys = {"floor", "team"}});
  const auto tags = world.must<shapes::ListMFADeviceTags>({.serial_number = serial}).tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].key, "Team");
  EXPECT_EQ(tags[0].value, "b");
  EXPECT_TRUE(refused(world.call<shapes::TagMFADevice>({.serial_number = serial, .tags = {{"aws:x", "y"}}}),
                      "InvalidInput", 400, "Tags with the aws: prefix cannot be added or removed"));
}

TEST_F(MfaDevicesTest, TheSummaryCountsThem) {
  enabled("bob", "used");
  create("free");
  EXPECT_EQ(summary("MFADevices"), 2);
  EXPECT_EQ(summary("MFADevicesInUse"), 1);
  EXPECT_EQ(summary("AccountMFAEnabled"), 0);
}

}  // namespace
}  // namespace deputy::iam
