// SSH public keys, signing certificates and service-specific credentials of users: docs/wire.md, 5.8.
#include "crypto/public_keys.h"
#include "protocol/iam/create_service_specific_credential.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_service_specific_credential.h"
#include "protocol/iam/delete_signing_certificate.h"
#include "protocol/iam/delete_ssh_public_key.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/generate_credential_report.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_credential_report.h"
#include "protocol/iam/get_ssh_public_key.h"
#include "protocol/iam/list_service_specific_credentials.h"
#include "protocol/iam/list_signing_certificates.h"
#include "protocol/iam/list_ssh_public_keys.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/reset_service_specific_credential.h"
#include "protocol/iam/update_service_specific_credential.h"
#include "protocol/iam/update_signing_certificate.h"
#include "protocol/iam/update_ssh_public_key.h"
#include "protocol/iam/upload_signing_certificate.h"
#include "protocol/iam/upload_ssh_public_key.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kCodeCommit = "codecommit.amazonaws.com";
constexpr const char* kBedrock = "bedrock.amazonaws.com";
constexpr const char* kNoSuchUser = "The user with name nobody cannot be found.";

class UserCredentialsTest : public testing::Test {
 protected:
  UserCredentialsTest() {
    world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"});
    world.must<shapes::CreateUser>({.user_name = "eve"});
  }

  void let_bob_do_everything() {
    world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "all", .policy_document = kAllowAll});
  }
  shapes::SSHPublicKey upload() {
    return *world.must<shapes::UploadSSHPublicKey>({.user_name = "bob", .ssh_public_key_body = kSshLine})
                .ssh_public_key;
  }
  shapes::SigningCertificate certify() {
    return world.must<shapes::UploadSigningCertificate>({.user_name = "bob", .certificate_body = kCertificatePem})
        .certificate;
  }
  shapes::ServiceSpecificCredential create(const std::string& service, const std::string& user = "bob") {
    return *world.must<shapes::CreateServiceSpecificCredential>({.user_name = user, .service_name = service})
                .service_specific_credential;
  }
  std::vector<shapes::ServiceSpecificCredentialMetadata> list(shapes::ListServiceSpecificCredentials::Input in) {
    return *world.must<shapes::ListServiceSpecificCredentials>(in).service_specific_credentials;
  }

  World world;
};

TEST_F(UserCredentialsTest, AnSshKeyIsShownInBothEncodings) {
  const auto made = upload();
  EXPECT_EQ(made.ssh_public_key_id.substr(0, 4), "APKA");
  EXPECT_EQ(made.fingerprint, kSshFingerprint);
  EXPECT_EQ(made.ssh_public_key_body, kSshLine);
  EXPECT_EQ(made.status, "Active");
  EXPECT_EQ(made.upload_date, world.now);
  for (const auto& [encoding, body] : {std::pair("SSH", kSshLine), std::pair("PEM", kSshPem)}) {
    const auto got = world.must<shapes::GetSSHPublicKey>(
        {.user_name = "bob", .ssh_public_key_id = made.ssh_public_key_id, .encoding = encoding});
    EXPECT_EQ(got.ssh_public_key->ssh_public_key_body, body);
  }
  world.must<shapes::UpdateSSHPublicKey>(
      {.user_name = "bob", .ssh_public_key_id = made.ssh_public_key_id, .status = "Inactive"});
  let_bob_do_everything();
  const auto listed = world.must<shapes::ListSSHPublicKeys>({}, user("bob"));
  ASSERT_EQ(listed.ssh_public_keys->size(), 1U);
  EXPECT_EQ(listed.ssh_public_keys->front().status, "Inactive");
  EXPECT_EQ(listed.is_truncated, false);
  world.must<shapes::DeleteSSHPublicKey>({.user_name = "bob", .ssh_public_key_id = made.ssh_public_key_id});
  EXPECT_TRUE(world.must<shapes::ListSSHPublicKeys>({.user_name = "bob"}).ssh_public_keys->empty());
}

TEST_F(UserCredentialsTest, SshKeysAreRefusedInTheseWords) {
  const auto put = [&](const std::string& body, const std::string& name = "bob") {
    return world.call<shapes::UploadSSHPublicKey>({.user_name = name, .ssh_public_key_body = body});
  };
  EXPECT_TRUE(missing(put(kSshLine, "nobody"), kNoSuchUser));
  EXPECT_TRUE(refused(put("junk"), "UnrecognizedPublicKeyEncoding", 400,
                      "The public key encoding format is unsupported or unrecognized."));
  EXPECT_TRUE(
      refused(put(kShortSshLine), "InvalidPublicKey", 400, "The public key is malformed or otherwise invalid."));
  const auto made = upload();
  EXPECT_TRUE(refused(put(kSshPem), "DuplicateSSHPublicKey", 400,
                      "The SSH public key is already associated with the specified IAM user."));
  EXPECT_TRUE(missing(world.call<shapes::GetSSHPublicKey>(
                          {.user_name = "eve", .ssh_public_key_id = made.ssh_public_key_id, .encoding = "SSH"}),
                      "The Public Key with id " + made.ssh_public_key_id + " cannot be found."));
  EXPECT_TRUE(refused(world.call<shapes::UpdateSSHPublicKey>(
                          {.user_name = "bob", .ssh_public_key_id = made.ssh_public_key_id, .status = "Expired"}),
                      "ValidationError", 400,
                      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must "
                      "satisfy enum value set"));
}

TEST_F(UserCredentialsTest, FiveSshKeysAreTheMost) {
  directory::User bob = *world.snapshot().user(*AccountId::parse(kA), "bob");
  for (int i = 0; i < 5; ++i) bob.ssh_public_keys.push_back({"APKA" + std::to_string(i), "n", "e", true, world.now});
  directory::Changes changes;
  changes.update(bob);
  ASSERT_TRUE(world.commit(changes));
  EXPECT_TRUE(refused(world.call<shapes::UploadSSHPublicKey>({.user_name = "bob", .ssh_public_key_body = kSshLine}),
                      "LimitExceeded", 409, "Cannot exceed quota for SSHPublicKeysPerUser: 5"));
}

TEST_F(UserCredentialsTest, ACertificateIsKeptWholeAndSwitchedOff) {
  const auto made = certify();
  EXPECT_EQ(made.certificate_id.size(), 32U);
  EXPECT_EQ(made.certificate_body, kCertificatePem);
  EXPECT_EQ(made.user_name, "bob");
  world.must<shapes::UpdateSigningCertificate>(
      {.user_name = "bob", .certificate_id = made.certificate_id, .status = "Inactive"});
  let_bob_do_everything();
  const auto listed = world.must<shapes::ListSigningCertificates>({}, user("bob"));
  ASSERT_EQ(listed.certificates.size(), 1U);
  EXPECT_EQ(listed.certificates[0].status, "Inactive");
  EXPECT_EQ(listed.certificates[0].certificate_body, kCertificatePem);
  world.must<shapes::DeleteSigningCertificate>({.user_name = "bob", .certificate_id = made.certificate_id});
  EXPECT_TRUE(
      missing(world.call<shapes::DeleteSigningCertificate>({.user_name = "bob", .certificate_id = made.certificate_id}),
              "The Certificate with id " + made.certificate_id + " cannot be found."));
}

TEST_F(UserCredentialsTest, CertificatesAreRefusedInTheseWords) {
  const auto put = [&](const std::string& body, const std::string& name = "bob") {
    return world.call<shapes::UploadSigningCertificate>({.user_name = name, .certificate_body = body});
  };
  EXPECT_TRUE(missing(put("junk", "nobody"), kNoSuchUser));
  EXPECT_TRUE(refused(put("junk"), "MalformedCertificate", 400, "Certificate junk is malformed."));
  certify();
  EXPECT_TRUE(refused(put(kCertificatePem), "DuplicateCertificate", 409,
                      "The same certificate is associated with an IAM user in the account."));
}

TEST_F(UserCredentialsTest, TheRootUserHasCertificatesToo) {
  const auto made = world.must<shapes::UploadSigningCertificate>({.certificate_body = kCertificatePem}).certificate;
  const auto summary = *world.must<shapes::GetAccountSummary>({}).summary_map;
  EXPECT_NE(std::ranges::find(summary, std::pair<std::string, std::int32_t>("AccountSigningCertificatesPresent", 1)),
            summary.end());
  world.must<shapes::DeleteSigningCertificate>({.certificate_id = made.certificate_id});
  EXPECT_TRUE(world.must<shapes::ListSigningCertificates>({}).certificates.empty());
}

TEST_F(UserCredentialsTest, TheCredentialReportTellsOfCertificates) {
  certify();
  world.must<shapes::GenerateCredentialReport>({});
  const std::string report = *world.must<shapes::GetCredentialReport>({}).content;
  EXPECT_NE(report.find(",true,2026-07-24T10:11:12Z,false,N/A"), std::string::npos) << report;
}

TEST_F(UserCredentialsTest, ACredentialIsShownOnceAndKeptSealed) {
  const auto made = create(kCodeCommit);
  EXPECT_EQ(made.service_user_name, "bob-at-111111111111");
  EXPECT_EQ(made.service_specific_credential_id.substr(0, 4), "ACCA");
  ASSERT_TRUE(made.service_password);
  EXPECT_FALSE(made.service_credential_alias || made.service_credential_secret || made.expiration_date);
  const auto& stored = world.snapshot().user(*AccountId::parse(kA), "bob")->service_credentials.at(0);
  EXPECT_EQ(stored.sealed_secret.find(*made.service_password), std::string::npos);
  EXPECT_EQ(world.vault().unseal(stored.sealed_secret, "service-credential/" + stored.id), made.service_password);
  EXPECT_EQ(create(kCodeCommit).service_user_name, "bob+1-at-111111111111");
  EXPECT_TRUE(
      refused(world.call<shapes::CreateServiceSpecificCredential>({.user_name = "bob", .service_name = kCodeCommit}),
              "LimitExceeded", 409, "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"));
  EXPECT_EQ(create("cassandra.amazonaws.com").service_user_name, "bob-at-111111111111");
}

TEST_F(UserCredentialsTest, AResetKeepsEverythingButTheSecret) {
  let_bob_do_everything();
  const auto made = create(kCodeCommit);
  world.must<shapes::UpdateServiceSpecificCredential>(
      {.user_name = "bob",
       .service_specific_credential_id = made.service_specific_credential_id,
       .status = "Inactive"});
  const auto reset = *world
                          .must<shapes::ResetServiceSpecificCredential>(
                              {.service_specific_credential_id = made.service_specific_credential_id}, user("bob"))
                          .service_specific_credential;
  EXPECT_EQ(reset.status, "Inactive");
  EXPECT_EQ(reset.service_user_name, made.service_user_name);
  EXPECT_EQ(reset.create_date, made.create_date);
  EXPECT_NE(reset.service_password, made.service_password);
}

TEST_F(UserCredentialsTest, KeysOfServicesMayExpire) {
  const auto made = *world
                         .must<shapes::CreateServiceSpecificCredential>(
                             {.user_name = "bob", .service_name = kBedrock, .credential_age_days = 2})
                         .service_specific_credential;
  EXPECT_EQ(made.service_credential_alias, "bob-at-111111111111");
  EXPECT_TRUE(made.service_credential_secret);
  EXPECT_FALSE(made.service_user_name || made.service_password);
  EXPECT_EQ(made.expiration_date, world.now + std::chrono::hours(48));
  EXPECT_EQ(list({.user_name = "bob"}).at(0).status, "Active");
  world.now += std::chrono::hours(48);
  EXPECT_EQ(list({.user_name = "bob"}).at(0).status, "Expired");
  EXPECT_TRUE(refused(world.call<shapes::CreateServiceSpecificCredential>(
                          {.user_name = "bob", .service_name = kCodeCommit, .credential_age_days = 2}),
                      "InvalidInput", 400, "CredentialAgeDays is not supported for codecommit.amazonaws.com"));
}

TEST_F(UserCredentialsTest, ListsAreOfAUserOrOfAll) {
  create(kCodeCommit);
  create(kBedrock);
  create(kBedrock, "eve");
  EXPECT_EQ(list({.user_name = "bob"}).size(), 2U);
  EXPECT_EQ(list({.user_name = "bob", .service_name = kBedrock}).size(), 1U);
  EXPECT_EQ(list({.service_name = kBedrock, .all_users = true}).size(), 2U);
  EXPECT_TRUE(list({.user_name = "eve", .service_name = kCodeCommit}).empty());
  EXPECT_TRUE(refused(world.call<shapes::ListServiceSpecificCredentials>({.user_name = "bob", .all_users = true}),
                      "InvalidInput", 400, "UserName cannot be specified together with AllUsers."));
  constexpr const char* kNoService = "No such service ec2 is supported for Service Specific Credentials";
  EXPECT_TRUE(missing(world.call<shapes::ListServiceSpecificCredentials>({.user_name = "bob", .service_name = "ec2"}),
                      kNoService));
  EXPECT_TRUE(missing(world.call<shapes::CreateServiceSpecificCredential>({.user_name = "bob", .service_name = "ec2"}),
                      kNoService));
  const std::string id = list({.user_name = "eve"}).at(0).service_specific_credential_id;
  EXPECT_TRUE(missing(
      world.call<shapes::DeleteServiceSpecificCredential>({.user_name = "bob", .service_specific_credential_id = id}),
      "No such credential " + id + " exists"));
  world.must<shapes::DeleteServiceSpecificCredential>({.user_name = "eve", .service_specific_credential_id = id});
  EXPECT_TRUE(list({.user_name = "eve"}).empty());
}

TEST_F(UserCredentialsTest, AUserIsNotDeletedBeforeItsCredentials) {
  const auto objection = [&](std::string_view what) {
    return refused(world.call<shapes::DeleteUser>({.user_name = "bob"}), "DeleteConflict", 409,
                   "Cannot delete entity, must " + std::string(what) + " first.");
  };
  const auto certificate = certify();
  const auto key = upload();
  const auto credential = create(kCodeCommit);
  EXPECT_TRUE(objection("delete signing certificate"));
  world.must<shapes::DeleteSigningCertificate>({.user_name = "bob", .certificate_id = certificate.certificate_id});
  EXPECT_TRUE(objection("remove referenced objects"));
  world.must<shapes::DeleteSSHPublicKey>({.user_name = "bob", .ssh_public_key_id = key.ssh_public_key_id});
  EXPECT_TRUE(objection("remove referenced objects"));
  world.must<shapes::DeleteServiceSpecificCredential>(
      {.user_name = "bob", .service_specific_credential_id = credential.service_specific_credential_id});
  world.must<shapes::DeleteUser>({.user_name = "bob"});
}

}  // namespace
}  // namespace deputy::iam
