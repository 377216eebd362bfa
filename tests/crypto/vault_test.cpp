#include "crypto/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace deputy::crypto {
namespace {

using testing::HasSubstr;

class VaultTest : public testing::Test {
 protected:
  VaultTest() {
    std::string name = (std::filesystem::temp_directory_path() / "deputy-vault-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    file_ = folder_ / "vault.key";
  }
  ~VaultTest() override { std::filesystem::remove_all(folder_); }

  void write(std::string_view text, mode_t mode = 0600) {
    std::ofstream(file_) << text;
    ::chmod(file_.c_str(), mode);
  }
  std::string refusal(bool create = false) {
    const auto vault = Vault::open(file_.string(), create);
    return vault ? "" : vault.error();
  }

  std::filesystem::path folder_, file_;
  Entropy& entropy_ = system_entropy();
};

TEST_F(VaultTest, AnAbsentKeyFileIsCreatedOnlyOnRequest) {
  EXPECT_THAT(refusal(), HasSubstr("No such file"));
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_EQ(refusal(true), "");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "a draft is left over";
}

TEST_F(VaultTest, WhatOneProcessSealedTheNextOneOpens) {
  const auto first = Vault::open(file_.string(), true);
  ASSERT_TRUE(first.ok());
  const std::string sealed = (*first)->seal(entropy_, "wJalr", "access-key/AKIA1");
  const auto second = Vault::open(file_.string(), true);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->unseal(sealed, "access-key/AKIA1"), "wJalr");
  EXPECT_EQ((*second)->fingerprint(), (*first)->fingerprint());
  EXPECT_EQ((*first)->fingerprint().size(), 8U);
}

TEST_F(VaultTest, ASealedValueCannotMove) {
  const auto vault = Vault::ephemeral(entropy_), other = Vault::ephemeral(entropy_);
  const std::string sealed = vault->seal(entropy_, "secret", "access-key/AKIA1");
  EXPECT_EQ(vault->unseal(sealed, "access-key/AKIA1"), "secret");
  EXPECT_FALSE(vault->unseal(sealed, "access-key/AKIA2"));
  EXPECT_FALSE(other->unseal(sealed, "access-key/AKIA1"));
  EXPECT_NE(vault->fingerprint(), other->fingerprint());
}

TEST_F(VaultTest, SealingTwiceShowsNothingInCommon) {
  const auto vault = Vault::ephemeral(entropy_);
  EXPECT_NE(vault->seal(entropy_, "secret", "p"), vault->seal(entropy_, "secret", "p"));
}

TEST_F(VaultTest, DamagedValuesDoNotOpen) {
  const auto vault = Vault::ephemeral(entropy_);
  const std::string sealed = vault->seal(entropy_, "secret", "p");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(vault->unseal(changed, "p")) << i;
    EXPECT_FALSE(vault->unseal(sealed.substr(0, i), "p")) << i;
  }
}

TEST_F(VaultTest, AKeyFileOpenToOthersIsRefused) {
  ASSERT_EQ(refusal(true), "");
  for (const mode_t mode : {0640U, 0604U, 0660U, 0601U}) {
    ::chmod(file_.c_str(), mode);
    EXPECT_THAT(refusal(), HasSubstr("chmod 600")) << mode;
  }
  ::chmod(file_.c_str(), 0400);
  EXPECT_EQ(refusal(), "");
}

TEST_F(VaultTest, OtherFilesAreNoKeyFiles) {
  write("");
  EXPECT_THAT(refusal(true), HasSubstr("no key file of Deputy"));
  write("-----BEGIN PRIVATE KEY-----\n");
  EXPECT_THAT(refusal(true), HasSubstr("no key file of Deputy"));
  write("deputy-vault-key 1\nAAAA\n");
  EXPECT_THAT(refusal(true), HasSubstr("damaged"));
  write("deputy-vault-key 1\n" + std::string(43, 'A') + "=\ntrailing\n");
  EXPECT_THAT(refusal(true), HasSubstr("damaged"));
  std::filesystem::remove(file_);
  std::filesystem::create_directory(file_);
  EXPECT_THAT(refusal(true), HasSubstr("no regular file"));
}

}  // namespace
}  // namespace deputy::crypto
