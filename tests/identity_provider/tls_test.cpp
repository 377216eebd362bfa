// The certificate of the listener: made for its hosts, used again, and made anew in time. That clients believe it is seen by
// tests/e2e/test_identity_provider.py.
#include "identity_provider/tls.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "http/tls.h"
#include "identity_provider/folder.h"

namespace deputy::identity_provider {
namespace {

TEST(ListenerCertificateTest, IsUsedAgainAsLongAsItSuits) {
  const TemporaryFolder folder;
  EXPECT_TRUE(certify_listener(folder.path(), {"a.example", "localhost"}, kNow).value());
  const std::string first = folder.read(kAuthorityFile);
  EXPECT_FALSE(certify_listener(folder.path(), {"localhost", "a.example", "localhost"}, kNow).value());
  EXPECT_FALSE(
      certify_listener(folder.path(), {"localhost", "a.example"}, kNow + std::chrono::hours(300 * 24)).value());
  EXPECT_EQ(folder.read(kAuthorityFile), first);
  EXPECT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow).value());
  const std::string second = folder.read(kAuthorityFile);
  EXPECT_NE(second, first);
  EXPECT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow + std::chrono::hours(380 * 24)).value());
  EXPECT_NE(folder.read(kAuthorityFile), second);
}

TEST(ListenerCertificateTest, TheListenerCanUseItAndNamesItsAuthority) {
  const TemporaryFolder folder;
  ASSERT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow));
  struct stat status {};
  ASSERT_EQ(::stat(folder.at(kListenerFile).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  const auto identity = http::TlsIdentity::load(folder.at(kListenerFile), folder.at(kListenerFile));
  ASSERT_TRUE(identity) << identity.error();
  EXPECT_EQ((*identity)->roots(), folder.read(kAuthorityFile));
}

TEST(ListenerCertificateTest, WhatIsMissingOrDamagedIsMadeAnew) {
  const TemporaryFolder folder;
  ASSERT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow));
  std::filesystem::remove(folder.at(kListenerFile));
  EXPECT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow).value());
  folder.write("tls.hosts", "nonsense");
  EXPECT_TRUE(certify_listener(folder.path(), {"localhost"}, kNow).value());
  EXPECT_FALSE(certify_listener(folder.path(), {"localhost"}, kNow).value());
}

}  // namespace
}  // namespace deputy::identity_provider
