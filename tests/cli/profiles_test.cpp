// The AWS CLI's files after a profile was written into them, and the profiles that are found there.
#include "cli/profiles.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace deputy::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAccount = "111111111111";
constexpr const char* kOwner = "account 111111111111";

struct Case {
  const char *name, *before, *after;
};

/// The section "profile b" with one setting, x = 1, written for kAccount.
constexpr Case kSections[] = {
    {"an empty file", "", "[profile b]\n# written by deputy for account 111111111111\nx = 1\n"},
    {"behind what is there", "[default]\nregion = a\n",
     "[default]\nregion = a\n\n[profile b]\n# written by deputy for account 111111111111\nx = 1\n"},
    {"a last line without its end", "[default]",
     "[default]\n\n[profile b]\n# written by deputy for account 111111111111\nx = 1\n"},
    {"replaced where it stands", "[profile a]\n\n[profile b]\nx = 0\ny = 2\n\n# of c\n[profile c]\nz = 3\n",
     "[profile a]\n\n[profile b]\n# written by deputy for account 111111111111\nx = 1\n\n# of c\n[profile c]\nz = 3\n"},
    {"a header with blanks", "[ profile   b ]\nx = 0\n",
     "[profile b]\n# written by deputy for account 111111111111\nx = 1\n"},
    {"another profile whose name begins alike", "[profile bb]\nx = 0\n",
     "[profile bb]\nx = 0\n\n[profile b]\n# written by deputy for account 111111111111\nx = 1\n"},
    {"line ends of Windows", "[profile b]\r\nx = 0\r\n",
     "[profile b]\r\n# written by deputy for account 111111111111\r\nx = 1\r\n"},
};

TEST(ProfilesTest, ASectionIsReplacedAndNothingElseIsTouched) {
  for (const Case& c : kSections) {
    const std::string once = with_section(c.before, "profile b", kOwner, {{"x", "1"}});
    EXPECT_EQ(once, c.after) << c.name;
    EXPECT_EQ(with_section(once, "profile b", kOwner, {{"x", "1"}}), once) << c.name << ", a second time";
  }
}

class ProfileFilesTest : public testing::Test {
 protected:
  ProfileFilesTest() { files_ = {(folder_ / "aws/config").string(), (folder_ / "aws/credentials").string()}; }
  ~ProfileFilesTest() override { fs::remove_all(folder_); }

  static std::string text_of(const std::string& name) {
    std::ifstream in(name);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void put(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(name).parent_path());
    std::ofstream(name) << text;
  }
  static Profile profile(const std::string& name, const std::string& account = kAccount) {
    return {.name = name,
            .owner = account_owner(account),
            .access_key_id = "AKIA" + name,
            .secret_access_key = "secret",
            .session_token = {},
            .region = "us-east-1",
            .endpoint_url = "http://127.0.0.1:4566",
            .ca_bundle = {}};
  }

  /// One for each test: they run beside each other.
  static fs::path make_folder() {
    std::string name = (fs::temp_directory_path() / "deputy-profiles-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
  }

  const fs::path folder_ = make_folder();
  AwsFiles files_;
};

TEST_F(ProfileFilesTest, WhatWasWrittenIsFoundByNameAndByAccount) {
  ASSERT_TRUE(write_profile(files_, profile("b"), false));
  ASSERT_TRUE(write_profile(files_, profile("default", "222222222222"), false));
  for (const char* wanted : {"b", kAccount}) {
    const auto found = find_profile(files_, wanted);
    ASSERT_TRUE(found && *found) << wanted;
    EXPECT_EQ((*found)->name, "b");
    EXPECT_EQ((*found)->owner, kOwner);
    EXPECT_EQ((*found)->access_key_id, "AKIAb");
    EXPECT_EQ((*found)->secret_access_key, "secret");
    EXPECT_EQ((*found)->region, "us-east-1");
    EXPECT_EQ((*found)->endpoint_url, "http://127.0.0.1:4566");
    EXPECT_EQ((*found)->ca_bundle, "");
  }
  EXPECT_EQ((*find_profile(files_, "222222222222"))->name, "default");
  EXPECT_NE(text_of(files_.config).find("[profile b]"), std::string::npos);
  EXPECT_NE(text_of(files_.config).find("[default]"), std::string::npos);
  EXPECT_FALSE(*find_profile(files_, "nobody"));
}

TEST_F(ProfileFilesTest, SecretsAreTheirOwnersAlone) {
  ASSERT_TRUE(write_profile(files_, profile("b"), false));
  struct stat made {};
  ASSERT_EQ(::stat(files_.credentials.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777U, 0600U);

  ASSERT_EQ(::chmod(files_.credentials.c_str(), 0644), 0);
  ASSERT_TRUE(write_profile(files_, profile("c"), false));
  ASSERT_EQ(::stat(files_.credentials.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777U, 0600U) << "others could read it before";
}

TEST_F(ProfileFilesTest, ALinkStaysALink) {
  put((folder_ / "elsewhere").string(), "[mine]\n");
  fs::create_directories(folder_ / "aws");
  fs::create_symlink(folder_ / "elsewhere", files_.credentials);
  ASSERT_TRUE(write_profile(files_, profile("b"), false));
  EXPECT_TRUE(fs::is_symlink(files_.credentials));
  EXPECT_NE(text_of((folder_ / "elsewhere").string()).find("AKIAb"), std::string::npos);
}

TEST_F(ProfileFilesTest, WhatIsSomebodyElsesIsLeftAlone) {
  put(files_.credentials, "[theirs]\naws_access_key_id = AKIATHEIRS\n");
  ASSERT_TRUE(write_profile(files_, profile("b"), false));
  const std::string before = text_of(files_.credentials);
  const struct {
    const char *profile, *account, *reason;  // "": may be written
  } cases[] = {
      {"b", kAccount, ""},
      {"new", kAccount, ""},
      {"theirs", kAccount, "that deputy did not write"},
      {"b", "222222222222", "with the credentials of account 111111111111"},
      {"", kAccount, "is no name for a profile"},
      {"a b", kAccount, "is no name for a profile"},
      {"a]", kAccount, "is no name for a profile"},
      {"a\nb", kAccount, "is no name for a profile"},
      {"a\x1b[2J", kAccount, "is no name for a profile"},
  };
  for (const auto& c : cases) {
    const auto reason = why_not(files_, c.profile, account_owner(c.account), false);
    EXPECT_EQ(reason.has_value(), *c.reason != 0) << c.profile;
    if (!reason) continue;
    EXPECT_NE(reason->find(c.reason), std::string::npos) << *reason;
    EXPECT_FALSE(write_profile(files_, profile(c.profile, c.account), false));
  }
  EXPECT_EQ(text_of(files_.credentials), before);
  EXPECT_FALSE(why_not(files_, "theirs", kOwner, true));
  EXPECT_TRUE(why_not(files_, "a]", kOwner, true)) << "a name that is none cannot be forced";
}

TEST_F(ProfileFilesTest, FilesOfOthersAreReadAsAwsReadsThem) {
  put(files_.credentials, "# mine\n[old]\n  aws_access_key_id=AKIAOLD\naws_secret_access_key = a=b \n; end\n");
  put(files_.config, "[profile old]\nregion = eu-west-1\nca_bundle = /etc/ca.pem\nunknown = 1\n");
  const auto found = find_profile(files_, "old");
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->access_key_id, "AKIAOLD");
  EXPECT_EQ((*found)->secret_access_key, "a=b");
  EXPECT_EQ((*found)->region, "eu-west-1");
  EXPECT_EQ((*found)->ca_bundle, "/etc/ca.pem");
  EXPECT_EQ((*found)->owner, "");
}

}  // namespace
}  // namespace deputy::cli
