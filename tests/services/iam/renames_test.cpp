// UpdateUser, UpdateGroup and UpdateServerCertificate: what they ask for, what they change, and what stays.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_rename.html
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/made_certificates.h"
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/get_access_key_last_used.h"
#include "protocol/iam/get_group.h"
#include "protocol/iam/get_server_certificate.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_groups_for_user.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/tag_user.h"
#include "protocol/iam/update_group.h"
#include "protocol/iam/update_server_certificate.h"
#include "protocol/iam/update_user.h"
#include "protocol/iam/upload_server_certificate.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using testing::ElementsAre;

struct Users {
  using Update = shapes::UpdateUser;
  static constexpr const char *kType = "user", *kAction = "iam:UpdateUser";
  static Result<std::string> create(World& world, const std::string& name, const std::string& path) {
    TRY(const auto made, world.call<shapes::CreateUser>({.path = path, .user_name = name}));
    return made.user->user_id;
  }
  static Update::Input input(const std::string& name, std::optional<std::string> to, std::optional<std::string> path) {
    return {.user_name = name, .new_path = std::move(path), .new_user_name = std::move(to)};
  }
  static Result<std::pair<std::string, std::string>> get(World& world, const std::string& name) {
    TRY(const auto got, world.call<shapes::GetUser>({.user_name = name}));
    return std::pair(got.user.user_id, got.user.arn);
  }
  static std::string missing(const std::string& name) { return "The user with name " + name + " cannot be found."; }
  static std::string taken(const std::string& name) { return "User with name " + name + " already exists."; }
};

struct Groups {
  using Update = shapes::UpdateGroup;
  static constexpr const char *kType = "group", *kAction = "iam:UpdateGroup";
  static Result<std::string> create(World& world, const std::string& name, const std::string& path) {
    TRY(const auto made, world.call<shapes::CreateGroup>({.path = path, .group_name = name}));
    return made.group.group_id;
  }
  static Update::Input input(const std::string& name, std::optional<std::string> to, std::optional<std::string> path) {
    return {.group_name = name, .new_path = std::move(path), .new_group_name = std::move(to)};
  }
  static Result<std::pair<std::string, std::string>> get(World& world, const std::string& name) {
    TRY(const auto got, world.call<shapes::GetGroup>({.group_name = name}));
    return std::pair(got.group.group_id, got.group.arn);
  }
  static std::string missing(const std::string& name) { return "The group with name " + name + " cannot be found."; }
  static std::string taken(const std::string& name) { return "Group with name " + name + " already exists."; }
};

struct Certificates {
  using Update = shapes::UpdateServerCertificate;
  static constexpr const char *kType = "server-certificate", *kAction = "iam:UpdateServerCertificate";
  static Result<std::string> create(World& world, const std::string& name, const std::string& path) {
    static const crypto::test::Made kMade = crypto::test::Authority("root").certify("www.example.com");
    TRY(const auto made, world.call<shapes::UploadServerCertificate>({.path = path,
                                                                      .server_certificate_name = name,
                                                                      .certificate_body = kMade.certificate,
                                                                      .private_key = kMade.key}));
    return made.server_certificate_metadata->server_certificate_id;
  }
  static Update::Input input(const std::string& name, std::optional<std::string> to, std::optional<std::string> path) {
    return {.server_certificate_name = name, .new_path = std::move(path), .new_server_certificate_name = std::move(to)};
  }
  static Result<std::pair<std::string, std::string>> get(World& world, const std::string& name) {
    TRY(const auto got, world.call<shapes::GetServerCertificate>({.server_certificate_name = name}));
    const auto& shown = got.server_certificate.server_certificate_metadata;
    return std::pair(shown.server_certificate_id, shown.arn);
  }
  static std::string missing(const std::string& name) {
    return "The Server Certificate with name " + name + " cannot be found.";
  }
  static std::string taken(const std::string& name) {
    return "The Server Certificate with name " + name + " already exists.";
  }
};

template <class Kind>
class RenamesTest : public testing::Test {
 protected:
  RenamesTest() {
    id = made("Dana", "/team/");
    made("Bob", "/");
  }
  std::string made(const std::string& name, const std::string& path) {
    auto id_of_it = Kind::create(world, name, path);
    EXPECT_TRUE(id_of_it.ok()) << id_of_it.error().message();
    return id_of_it ? *id_of_it : "";
  }
  auto update(const std::string& name, std::optional<std::string> to, std::optional<std::string> path = {}) {
    return world.call<typename Kind::Update>(Kind::input(name, std::move(to), std::move(path)));
  }
  /// What it is asked for: on which ARNs.
  std::vector<std::string> asked(const std::string& name, std::optional<std::string> to,
                                 std::optional<std::string> path = {}) {
    std::vector<std::string> arns;
    for (const auto& access :
         world.accesses<typename Kind::Update>(Kind::input(name, std::move(to), std::move(path)))) {
      EXPECT_EQ(access.action.name, Kind::kAction);
      arns.push_back(access.resource);
    }
    return arns;
  }
  static std::string of(const std::string& path_and_name) { return arn(Kind::kType + path_and_name); }

  World world;
  std::string id;
};
using Kinds = testing::Types<Users, Groups, Certificates>;
TYPED_TEST_SUITE(RenamesTest, Kinds);

TYPED_TEST(RenamesTest, ANewNameKeepsTheIdAndThePath) {
  ASSERT_TRUE(this->update("Dana", "Daniela").ok());
  const auto got = TypeParam::get(this->world, "Daniela");
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->first, this->id);
  EXPECT_EQ(got->second, this->of("/team/Daniela"));
  EXPECT_TRUE(missing(TypeParam::get(this->world, "Dana"), TypeParam::missing("Dana")));
  // The old name is free, and whoever gets it is another one.
  EXPECT_NE(this->made("Dana", "/"), this->id);
  EXPECT_EQ(TypeParam::get(this->world, "Daniela")->first, this->id);
}

TYPED_TEST(RenamesTest, ANewPathKeepsTheName) {
  ASSERT_TRUE(this->update("Dana", std::nullopt, "/").ok());
  EXPECT_EQ(TypeParam::get(this->world, "Dana")->second, this->of("/Dana"));
  ASSERT_TRUE(this->update("Dana", "D", "/a/b/").ok());
  EXPECT_EQ(TypeParam::get(this->world, "D")->second, this->of("/a/b/D"));
  EXPECT_EQ(TypeParam::get(this->world, "D")->first, this->id);
}

TYPED_TEST(RenamesTest, WithoutAnythingNewNothingChanges) {
  ASSERT_TRUE(this->update("Dana", std::nullopt).ok());
  ASSERT_TRUE(this->update("Dana", "Dana", "/team/").ok());
  EXPECT_EQ(TypeParam::get(this->world, "Dana")->second, this->of("/team/Dana"));
}

TYPED_TEST(RenamesTest, ANameIsTakenInEverySpellingButItsOwn) {
  for (const char* taken : {"Bob", "bob", "BOB"}) {
    EXPECT_TRUE(refused(this->update("Dana", taken), "EntityAlreadyExists", 409, TypeParam::taken(taken)));
  }
  ASSERT_TRUE(this->update("Dana", "DANA").ok());
  EXPECT_EQ(TypeParam::get(this->world, "DANA")->first, this->id);
  EXPECT_EQ(TypeParam::get(this->world, "DANA")->second, this->of("/team/DANA"));
}

TYPED_TEST(RenamesTest, WhatIsNotThereIsNotRenamed) {
  EXPECT_TRUE(missing(this->update("Nobody", "Somebody"), TypeParam::missing("Nobody")));
  EXPECT_TRUE(missing(this->update("Nobody", "Bob"), TypeParam::missing("Nobody")));
  EXPECT_THAT(this->asked("Nobody", "Somebody"), ElementsAre(this->of("/Nobody")));
}

/// Both ARNs, if they differ: who may change a user is not yet who may make it another one.
TYPED_TEST(RenamesTest, ItIsAskedForAsItIsAndAsItWillBe) {
  const std::string before = this->of("/team/Dana");
  EXPECT_THAT(this->asked("Dana", "Daniela"), ElementsAre(before, this->of("/team/Daniela")));
  EXPECT_THAT(this->asked("Dana", std::nullopt, "/ops/"), ElementsAre(before, this->of("/ops/Dana")));
  EXPECT_THAT(this->asked("Dana", "Daniela", "/"), ElementsAre(before, this->of("/Daniela")));
  EXPECT_THAT(this->asked("Dana", std::nullopt), ElementsAre(before));
  EXPECT_THAT(this->asked("Dana", "Dana", "/team/"), ElementsAre(before));
}

TYPED_TEST(RenamesTest, OneArnAloneIsNotEnough) {
  this->world.template must<shapes::CreateUser>({.user_name = "clerk"});
  const auto allow = [&](const std::string& resource) {
    this->world.template must<shapes::PutUserPolicy>(
        {.user_name = "clerk",
         .policy_name = "p",
         .policy_document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":)" +
                            resource + "}]}"});
  };
  const auto in = TypeParam::input("Dana", "Daniela", std::nullopt);
  const auto denied = [&](const std::string& on) {
    return "User: arn:aws:iam::111111111111:user/clerk is not authorized to perform: " +
           std::string(TypeParam::kAction) + " on resource: " + on + " because no identity-based policy allows the " +
           TypeParam::kAction + " action";
  };
  const std::string before = this->of("/team/Dana"), after = this->of("/team/Daniela");
  allow('"' + before + '"');
  EXPECT_TRUE(refused(this->world.template call<typename TypeParam::Update>(in, user("clerk")), "AccessDenied", 403,
                      denied(after)));
  allow('"' + after + '"');
  EXPECT_TRUE(refused(this->world.template call<typename TypeParam::Update>(in, user("clerk")), "AccessDenied", 403,
                      denied(before)));
  allow("[\"" + before + "\",\"" + after + "\"]");
  EXPECT_TRUE((this->world.template call<typename TypeParam::Update>(in, user("clerk"))).ok());
}

/// Two who want the same name, decided on the same snapshot: one of them has it.
TYPED_TEST(RenamesTest, OfTwoWhoWantANameOneHasIt) {
  const auto first =
      this->world.template prepare<typename TypeParam::Update>(TypeParam::input("Dana", "Carol", std::nullopt));
  const auto second =
      this->world.template prepare<typename TypeParam::Update>(TypeParam::input("Bob", "carol", std::nullopt));
  EXPECT_TRUE(this->world.commit(first));
  EXPECT_FALSE(this->world.commit(second));
  EXPECT_EQ(TypeParam::get(this->world, "Carol")->first, this->id);
  EXPECT_TRUE(TypeParam::get(this->world, "Bob").ok());
}

TEST(RenamedUserTest, AllThatIsOfAUserGoesWithIt) {
  World world;
  world.must<shapes::CreateUser>({.user_name = "dana"});
  world.must<shapes::CreateGroup>({.group_name = "staff"});
  world.must<shapes::AddUserToGroup>({.group_name = "staff", .user_name = "dana"});
  world.must<shapes::TagUser>({.user_name = "dana", .tags = {{"team", "red"}}});
  const auto key = world.must<shapes::CreateAccessKey>({.user_name = "dana"}).access_key.access_key_id;
  world.usage.used(key, world.now, "us-east-1", "iam");
  world.must<shapes::UpdateUser>({.user_name = "dana", .new_path = "/ops/", .new_user_name = "daniela"});
  EXPECT_EQ(world.must<shapes::GetUser>({.user_name = "daniela"}).user.tags->at(0).value, "red");
  EXPECT_EQ(world.must<shapes::ListGroupsForUser>({.user_name = "daniela"}).groups.size(), 1U);
  EXPECT_EQ(world.must<shapes::GetGroup>({.group_name = "staff"}).users.at(0).user_name, "daniela");
  const auto used = world.must<shapes::GetAccessKeyLastUsed>({.access_key_id = key});
  EXPECT_EQ(used.user_name, "daniela");
  EXPECT_EQ(used.access_key_last_used->region, "us-east-1");
}

TEST(RenamedGroupTest, ItsMembersStayInIt) {
  World world;
  world.must<shapes::CreateUser>({.user_name = "dana"});
  world.must<shapes::CreateGroup>({.group_name = "staff"});
  world.must<shapes::AddUserToGroup>({.group_name = "staff", .user_name = "dana"});
  world.must<shapes::UpdateGroup>({.group_name = "staff", .new_group_name = "crew"});
  EXPECT_EQ(world.must<shapes::GetGroup>({.group_name = "crew"}).users.at(0).user_name, "dana");
  EXPECT_EQ(world.must<shapes::ListGroupsForUser>({.user_name = "dana"}).groups.at(0).group_name, "crew");
}

}  // namespace
}  // namespace deputy::iam
