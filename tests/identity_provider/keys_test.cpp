// What the provider signs with lies in a folder of its owner alone, and stays the same.
#include "identity_provider/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "authn/federation/key_set.h"
#include "identity_provider/folder.h"

namespace deputy::identity_provider {
namespace {

using testing::HasSubstr;

mode_t mode(const std::string& name) {
  struct stat status {};
  return ::lstat(name.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(KeysTest, TheyAreMadeOnceAndAreTheOwnersAlone) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0);
  const auto first = Keys::open(folder.at("deep/keys"), kNow);
  ::umask(before);
  ASSERT_TRUE(first) << first.error();
  EXPECT_EQ(mode(folder.at("deep/keys")), 0700U);
  for (const char* name : {"rsa.key", "ec.key", "saml.key"})
    EXPECT_EQ(mode(folder.at("deep/keys/") + name), 0600U) << name;
  const auto second = Keys::open(folder.at("deep/keys"), kNow + std::chrono::hours(24));
  ASSERT_TRUE(second);
  EXPECT_EQ(key_set(*first), key_set(*second));
  EXPECT_EQ(first->saml_certificate, second->saml_certificate);
}

TEST(KeysTest, WhatOthersMayReadOrWhatIsNoKeyIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Keys::open(folder.path(), kNow));
  const std::string rsa = folder.at("rsa.key");
  ::chmod(rsa.c_str(), 0640);
  EXPECT_THAT(Keys::open(folder.path(), kNow).error(), HasSubstr("run: chmod 600"));
  ::chmod(rsa.c_str(), 0600);
  const std::string good = folder.read("rsa.key"), other = folder.read("ec.key");
  for (const std::string& bad : {std::string(), std::string("no key"), good + "x", other, std::string(100'000, 'x')}) {
    folder.write("rsa.key", bad);
    EXPECT_FALSE(Keys::open(folder.path(), kNow)) << bad.substr(0, 40);
  }
  folder.write("rsa.key", good);
  std::filesystem::rename(folder.at("saml.key"), folder.at("kept"));
  EXPECT_THAT(Keys::open(folder.path(), kNow).error(), HasSubstr("saml.pem is no certificate of the key beside it"));
  std::filesystem::remove(folder.at("saml.key"));
  std::filesystem::create_symlink("kept", folder.at("saml.key"));
  EXPECT_THAT(Keys::open(folder.path(), kNow).error(), HasSubstr("symbolic link"));
}

TEST(KeysTest, AFolderInWhichOthersMayWriteIsRefused) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.at("open"));
  ::chmod(folder.at("open").c_str(), 0777);
  EXPECT_THAT(Keys::open(folder.at("open"), kNow).error(),
              HasSubstr("Others may write in the folder of the identity provider"));
}

TEST(KeysTest, TheKeySetIsReadByWhoChecksTokens) {
  const Keys& keys = keys_of_tests();
  const auto set = authn::KeySet::parse(key_set(keys));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 2U);
  const auto* rsa = set->find(key_id(keys.rsa), crypto::SignatureAlgorithm::kRs256);
  const auto* ec = set->find(key_id(keys.ec), crypto::SignatureAlgorithm::kEs256);
  ASSERT_NE(rsa, nullptr);
  ASSERT_NE(ec, nullptr);
  EXPECT_EQ(set->find(key_id(keys.saml), crypto::SignatureAlgorithm::kRs256), nullptr);
}

/// The key of RFC 7638, section 3.1, is RSA, and so are its numbers; a second reader makes the same of ours.
TEST(KeysTest, AKeyIsNamedByItsThumbprint) {
  const std::string id = key_id(keys_of_tests().rsa);
  EXPECT_EQ(id.size(), 43U);  // base64url of a SHA-256
  EXPECT_NE(id, key_id(keys_of_tests().ec));
  EXPECT_EQ(id, key_id(*crypto::KeyPair::parse(keys_of_tests().rsa.der().reveal())));
}

}  // namespace
}  // namespace deputy::identity_provider
