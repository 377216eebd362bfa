// Server certificates: what is kept of them, and in which words they are refused (docs/wire.md, 5.8).
#include <gtest/gtest.h>

#include "crypto/made_certificates.h"
#include "protocol/iam/delete_server_certificate.h"
#include "protocol/iam/get_server_certificate.h"
#include "protocol/iam/list_server_certificate_tags.h"
#include "protocol/iam/list_server_certificates.h"
#include "protocol/iam/tag_server_certificate.h"
#include "protocol/iam/untag_server_certificate.h"
#include "protocol/iam/update_server_certificate.h"
#include "protocol/iam/upload_server_certificate.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using crypto::test::Authority;
using crypto::test::Made;

class ServerCertificatesTest : public ::testing::Test {
 protected:
  shapes::UploadServerCertificate::Input input(const std::string& name) const {
    return {.server_certificate_name = name, .certificate_body = made_.certificate, .private_key = made_.key};
  }
  shapes::ServerCertificate get(const std::string& name) {
    return world.must<shapes::GetServerCertificate>({name}).server_certificate;
  }
  static std::string missing_words(const std::string& name) {
    return "The Server Certificate with name " + name + " cannot be found.";
  }

  const Authority root_{"root"};
  const Made made_ = root_.certify("www.example.com");
  World world;
};

TEST_F(ServerCertificatesTest, OneIsKeptAndShownWithoutItsKey) {
  auto in = input("www");
  in.path = "/cloudfront/";
  in.certificate_chain = root_.certificate();
  const auto made = *world.must<shapes::UploadServerCertificate>(in).server_certificate_metadata;
  EXPECT_EQ(made.arn, "arn:aws:iam::111111111111:server-certificate/cloudfront/www");
  EXPECT_EQ(made.server_certificate_id.substr(0, 4), "ASCA");
  EXPECT_EQ(made.upload_date, world.now);
  EXPECT_EQ(made.expiration, *parse_iso8601("2030-01-02T03:04:05Z"));

  const auto got = get("www");
  EXPECT_EQ(got.certificate_body + "\n", made_.certificate) << "as AWS has it: without the end of the last line";
  EXPECT_EQ(*got.certificate_chain + "\n", root_.certificate());
  ASSERT_TRUE(got.tags) << "there, even if empty";
  EXPECT_TRUE(got.tags->empty());
  EXPECT_EQ(got.server_certificate_metadata.arn, made.arn);

  world.must<shapes::UploadServerCertificate>(input("api"));
  EXPECT_FALSE(get("api").certificate_chain);
  EXPECT_EQ(world.must<shapes::ListServerCertificates>({}).server_certificate_metadata_list.size(), 2U);
  const auto under = world.must<shapes::ListServerCertificates>({.path_prefix = "/cloudfront/"});
  ASSERT_EQ(under.server_certificate_metadata_list.size(), 1U);
  EXPECT_EQ(under.server_certificate_metadata_list[0].server_certificate_name, "www");
}

TEST_F(ServerCertificatesTest, NamesAreTakenInEverySpelling) {
  world.must<shapes::UploadServerCertificate>(input("www"));
  EXPECT_TRUE(refused(world.call<shapes::UploadServerCertificate>(input("WWW")), "EntityAlreadyExists", 409,
                      "The Server Certificate with name WWW already exists."));
  EXPECT_TRUE(missing(world.call<shapes::GetServerCertificate>({"WWW"}), missing_words("WWW")));
  world.must<shapes::UploadServerCertificate>(input("api"));
  EXPECT_TRUE(refused(world.call<shapes::UpdateServerCertificate>(
                          {.server_certificate_name = "api", .new_server_certificate_name = "Www"}),
                      "EntityAlreadyExists", 409, "The Server Certificate with name Www already exists."));
}

TEST_F(ServerCertificatesTest, OneIsRenamedAndDeleted) {
  world.must<shapes::UploadServerCertificate>(input("www"));
  const std::string id = get("www").server_certificate_metadata.server_certificate_id;
  world.must<shapes::UpdateServerCertificate>(
      {.server_certificate_name = "www", .new_path = "/old/", .new_server_certificate_name = "web"});
  const auto moved = get("web").server_certificate_metadata;
  EXPECT_EQ(moved.arn, "arn:aws:iam::111111111111:server-certificate/old/web");
  EXPECT_EQ(moved.server_certificate_id, id);
  EXPECT_TRUE(missing(world.call<shapes::GetServerCertificate>({"www"}), missing_words("www")));
  world.must<shapes::DeleteServerCertificate>({"web"});
  for (const char* name : {"web", "www"}) {
    EXPECT_TRUE(missing(world.call<shapes::DeleteServerCertificate>({name}), missing_words(name)));
  }
}

TEST_F(ServerCertificatesTest, TagsAreSetShownAndTaken) {
  auto in = input("www");
  in.tags = {{"Stage", "prod"}};
  EXPECT_EQ(world.must<shapes::UploadServerCertificate>(in).tags->size(), 1U);
  world.must<shapes::TagServerCertificate>(
      {.server_certificate_name = "www", .tags = {{"stage", "x"}, {"Stage", "y"}}});
  EXPECT_EQ(world.must<shapes::ListServerCertificateTags>({.server_certificate_name = "www"}).tags.size(), 2U);
  world.must<shapes::UntagServerCertificate>({.server_certificate_name = "www", .tag_keys = {"stage"}});
  const auto left = *get("www").tags;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].value, "y");
}

TEST_F(ServerCertificatesTest, WhatDoesNotFitIsRefusedInTheseWords) {
  const auto upload = [&](const std::string& body, const std::string& key, const std::string& chain = "") {
    auto in = input("www");
    in.certificate_body = body;
    in.private_key = key;
    if (!chain.empty()) in.certificate_chain = chain;
    return world.call<shapes::UploadServerCertificate>(in);
  };
  EXPECT_TRUE(refused(upload("junk", made_.key), "MalformedCertificate", 400,
                      "Unable to parse certificate. Please ensure the certificate is in PEM format."));
  EXPECT_TRUE(refused(upload(made_.certificate, "junk"), "MalformedCertificate", 400,
                      "Unable to parse private key. Please ensure the private key is in PEM format."));
  EXPECT_TRUE(refused(upload(root_.certificate(), root_.encrypted_key()), "MalformedCertificate", 400,
                      "Unable to parse private key. The private key must not be encrypted."));
  EXPECT_TRUE(refused(upload(made_.certificate, root_.key()), "KeyPairMismatch", 400,
                      "The public key of the certificate and the private key do not match."));
  EXPECT_TRUE(
      refused(upload(made_.certificate, made_.key, made_.certificate), "MalformedCertificate", 400,
              "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
              "certificate, followed by any intermediaries in order. The index within the chain of the invalid "
              "certificate is: -1"));
  EXPECT_TRUE(world.must<shapes::ListServerCertificates>({}).server_certificate_metadata_list.empty());
}

TEST_F(ServerCertificatesTest, TwentyAreTheMost) {
  for (int i = 0; i < 20; ++i) world.must<shapes::UploadServerCertificate>(input("c" + std::to_string(i)));
  EXPECT_TRUE(refused(world.call<shapes::UploadServerCertificate>(input("c20")), "LimitExceeded", 409,
                      "Cannot exceed quota for ServerCertificatesPerAccount: 20"));
}

}  // namespace
}  // namespace deputy::iam
