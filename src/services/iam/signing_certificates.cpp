// Signing certificates of users and of the root user. Requests of SOAP were signed with them; here they are kept, shown
// and counted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html
#include "base/arn.h"
#include "crypto/pem.h"
#include "crypto/signature.h"
#include "protocol/iam/delete_signing_certificate.h"
#include "protocol/iam/list_signing_certificates.h"
#include "protocol/iam/update_signing_certificate.h"
#include "protocol/iam/upload_signing_certificate.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/statuses.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::SigningCertificate;
using Certificates = std::vector<SigningCertificate>;

/// Whose certificates a call is about: a user, or the root user of the caller's account.
struct Holder {
  const User* user = nullptr;
  const directory::Account* root = nullptr;

  [[nodiscard]] const Certificates& certificates() const {
    return user != nullptr ? user->signing_certificates : root->root_certificates;
  }
  [[nodiscard]] std::string name() const { return user != nullptr ? user->name : std::string(); }

  void replace(directory::Changes& changes, Certificates certificates) const {
    if (user != nullptr) {
      User after = *user;
      after.signing_certificates = std::move(certificates);
      changes.update(after);
    } else {
      directory::Account after = *root;
      after.root_certificates = std::move(certificates);
      changes.update(after);
    }
  }
};

Result<Holder> find_holder(const At& at, const std::optional<std::string>& user_name) {
  if (means_root(at, user_name)) return Holder{.user = nullptr, .root = &account_of(at).account};
  TRY(const std::string_view name, user_name_or_caller(at, user_name));
  TRY(const User* user, find_user(at, name));
  return Holder{.user = user, .root = nullptr};
}

Result<Accesses> on_holder(const policy::Action& action, const At& at, const std::optional<std::string>& user_name) {
  if (means_root(at, user_name)) return Accesses{on_arn(action, root_arn(at.caller.account_id()))};
  TRY(const std::string_view name, user_name_or_caller(at, user_name));
  return Accesses{on_user(action, at, name)};
}

shapes::SigningCertificate shown(const Holder& holder, const SigningCertificate& certificate) {
  return {holder.name(), certificate.id, certificate.body, shown_status(certificate.active), certificate.uploaded};
}

/// The holder with its certificates changed by `change`, which is handed the one of this id.
template <class Output, class Input, class Change>
Result<Outcome<Output>> changed(const At& at, const Input& in, Change&& change) {
  TRY(const Holder holder, find_holder(at, in.user_name));
  Certificates all = holder.certificates();
  const auto found = std::ranges::find(all, in.certificate_id, &SigningCertificate::id);
  if (found == all.end()) return errors::no_such_signing_certificate(in.certificate_id);
  change(all, found);
  Outcome<Output> out;
  holder.replace(out.changes, std::move(all));
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
    Certificates all = holder.certificates();
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
    holder.replace(out.changes, std::move(all));
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
        out.output, page, holder.certificates(), [](const SigningCertificate& c) { return c.id; },
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
