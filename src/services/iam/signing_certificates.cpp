// Signing certificates of users and of the root user. Requests of SOAP were signed with them; here they are kept, shown
// and counted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html
#include "crypto/pem.h"
#include "crypto/signature.h"
#include "protocol/iam/delete_signing_certificate.h"
#include "protocol/iam/list_signing_certificates.h"
#include "protocol/iam/update_signing_certificate.h"
#include "protocol/iam/upload_signing_certificate.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/holder.h"
#include "services/iam/paging.h"
#include "services/iam/statuses.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::SigningCertificate;
using Certificates = std::vector<SigningCertificate>;

constexpr Shelf<SigningCertificate> kCertificates{&User::signing_certificates, &directory::Account::root_certificates};

shapes::SigningCertificate shown(const Holder& holder, const SigningCertificate& certificate) {
  return {holder.name(), certificate.id, certificate.body, shown_status(certificate.active), certificate.uploaded};
}

/// The holder with its certificates changed by `change`, which is handed the one of this id.
template <class Output, class Input, class Change>
Result<Outcome<Output>> changed(const At& at, const Input& in, Change&& change) {
  TRY(const Holder holder, find_holder(at, in.user_name));
  Certificates all = kCertificates.of(holder);
  const auto found = std::ranges::find(all, in.certificate_id, &SigningCertificate::id);
  if (found == all.end()) return errors::no_such_signing_certificate(in.certificate_id);
  change(all, found);
  Outcome<Output> out;
  kCertificates.replace(out.changes, holder, std::move(all));
  return out;
}

/// 32 capitals and digits.
std::string make_certificate_id(crypto::Entropy& entropy) {
  constexpr std::size_t kLength = 32;
  std::string id;
  while (id.size() < kLength) id += crypto::make_unique_id(entropy, "").str();
  return id.substr(0, kLength);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSigningCertificate.html
struct UploadSigningCertificate : shapes::UploadSigningCertificate {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:UploadSigningCertificate">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    const auto der = crypto::from_pem(in.certificate_body, "CERTIFICATE");
    if (!der || !crypto::PublicKey::of_certificate(*der)) return errors::malformed_certificate(in.certificate_body);
    Certificates all = kCertificates.of(holder);
    for (const SigningCertificate& known : all) {
      if (crypto::from_pem(known.body, "CERTIFICATE") == der) return errors::duplicate_certificate();
    }
    if (all.size() >= quotas::kCertificatesPerUser.limit) return errors::limit_exceeded(quotas::kCertificatesPerUser);
    SigningCertificate certificate;
    certificate.id = make_certificate_id(at.entropy);
    certificate.body = in.certificate_body;
    certificate.uploaded = at.now;
    Outcome<Output> out{{.certificate = shown(holder, certificate)}};
    all.push_back(std::move(certificate));
    kCertificates.replace(out.changes, holder, std::move(all));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html
struct ListSigningCertificates : shapes::ListSigningCertificates {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:ListSigningCertificates">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    TRY(const Page page, page_of(in, "ListSigningCertificates"));
    Outcome<Output> out;
    give_page(
        out.output, page, kCertificates.of(holder), [](const SigningCertificate& c) { return c.id; },
        [&](const SigningCertificate& c) { out.output.certificates.push_back(shown(holder, c)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSigningCertificate.html
struct UpdateSigningCertificate : shapes::UpdateSigningCertificate {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:UpdateSigningCertificate">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const bool active, wanted_status(in.status));
    return changed<Output>(at, in, [&](auto&, auto certificate) { certificate->active = active; });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSigningCertificate.html
struct DeleteSigningCertificate : shapes::DeleteSigningCertificate {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:DeleteSigningCertificate">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in, [](auto& all, auto certificate) { all.erase(certificate); });
  }
};

}  // namespace

std::span<const Binding> signing_certificate_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<UploadSigningCertificate>(),
      bind<ListSigningCertificates>(),
      bind<UpdateSigningCertificate>(),
      bind<DeleteSigningCertificate>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
