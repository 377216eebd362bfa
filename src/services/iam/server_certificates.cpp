// Server certificates. On AWS they are for load balancers and distributions; here they are kept and shown.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html
#include "crypto/server_certificate.h"

#include "crypto/pem.h"
#include "protocol/iam/delete_server_certificate.h"
#include "protocol/iam/get_server_certificate.h"
#include "protocol/iam/list_server_certificate_tags.h"
#include "protocol/iam/list_server_certificates.h"
#include "protocol/iam/tag_server_certificate.h"
#include "protocol/iam/untag_server_certificate.h"
#include "protocol/iam/update_server_certificate.h"
#include "protocol/iam/upload_server_certificate.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/renames.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

using directory::ServerCertificate;

/// Null unless it is one of the caller's account that is written like this.
const ServerCertificate* certificate_named(const At& at, std::string_view name) {
  const ServerCertificate* found = account_of(at).server_certificates.get(ascii_lower(name));
  return found != nullptr && found->name == name ? found : nullptr;
}

Result<const ServerCertificate*> find_certificate(const At& at, std::string_view name) {
  const ServerCertificate* found = certificate_named(at, name);
  if (found == nullptr) return errors::no_such_server_certificate(name);
  return found;
}

Access on_new_certificate(const policy::Action& action, const At& at, const std::optional<std::string>& path,
                          std::string_view name) {
  return on_new(action, at, "server-certificate", path, name);
}

Access on_certificate(const policy::Action& action, const At& at, std::string_view name) {
  const ServerCertificate* certificate = certificate_named(at, name);
  if (certificate == nullptr) return on_new_certificate(action, at, std::nullopt, name);
  Access access = on_arn(action, certificate->arn());
  access.resource_tags = &certificate->tags;
  return access;
}

shapes::ServerCertificateMetadata listed(const ServerCertificate& certificate) {
  shapes::ServerCertificateMetadata out;
  out.path = certificate.path;
  out.server_certificate_name = certificate.name;
  out.server_certificate_id = certificate.id.str();
  out.arn = certificate.arn();
  out.upload_date = certificate.uploaded;
  out.expiration = certificate.expires;
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadServerCertificate.html
struct UploadServerCertificate : shapes::UploadServerCertificate {
  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new_certificate(action, at, in.path, in.server_certificate_name), tags);
    };
    Accesses all{needs(action<"iam:UploadServerCertificate">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagServerCertificate">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    const auto& all = account.server_certificates;
    if (is_taken(all, in.server_certificate_name)) {
      return errors::server_certificate_already_exists(in.server_certificate_name);
    }
    if (all.size() >= quotas::kServerCertificatesPerAccount.limit) {
      return errors::limit_exceeded(quotas::kServerCertificatesPerAccount);
    }
    ServerCertificate certificate;
    // Kept without the line end that files have: clients that compare what they sent expect AWS to have dropped it.
    certificate.body = crypto::trimmed(in.certificate_body);
    certificate.chain = crypto::trimmed(in.certificate_chain.value_or(""));
    const auto expires = crypto::check_server_certificate(in.certificate_body, in.private_key, certificate.chain);
    if (!expires) return errors::bad_server_certificate(expires.error());
    certificate.expires = *expires;
    certificate.account = account.account.id;
    certificate.id = crypto::make_unique_id(at.entropy, "ASCA");
    certificate.path = in.path.value_or("/");
    certificate.name = in.server_certificate_name;
    certificate.uploaded = at.now;
    TRY(certificate.tags, new_tags(in.tags, TagKeys::kExact));

    Outcome<Output> out{{.server_certificate_metadata = listed(certificate), .tags = shown_tags(certificate.tags)}};
    out.changes.create(certificate);
    guard_place(out.changes, at, all.size(), quotas::kServerCertificatesPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServerCertificate.html
struct GetServerCertificate : shapes::GetServerCertificate {
  static Accesses access(const At& at, const Input& in) {
    return {on_certificate(action<"iam:GetServerCertificate">(), at, in.server_certificate_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ServerCertificate* certificate, find_certificate(at, in.server_certificate_name));
    Outcome<Output> out;
    shapes::ServerCertificate& shown = out.output.server_certificate;
    shown.server_certificate_metadata = listed(*certificate);
    shown.certificate_body = certificate->body;
    if (!certificate->chain.empty()) shown.certificate_chain = certificate->chain;
    shown.tags = shown_tags(certificate->tags).value_or(GivenTags());  // there, even if empty
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServerCertificates.html
struct ListServerCertificates : shapes::ListServerCertificates {
  static Accesses access(const At& at, const Input& in) {
    return {on_list(action<"iam:ListServerCertificates">(), at, "server-certificate", in.path_prefix)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListServerCertificates"));
    Outcome<Output> out;
    give_page(
        out.output, page, account_of(at).server_certificates, under_path(in.path_prefix),
        [&](const ServerCertificate& one) { out.output.server_certificate_metadata_list.push_back(listed(one)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServerCertificate.html
struct ServerCertificateNames {
  static constexpr auto on = on_certificate;
  static constexpr auto find = find_certificate;
  static constexpr auto all = &AccountState::server_certificates;
  static const std::string& name(const auto& in) { return in.server_certificate_name; }
  static const auto& new_name(const auto& in) { return in.new_server_certificate_name; }
  static Error taken(std::string_view name) { return errors::server_certificate_already_exists(name); }
};
using UpdateServerCertificate = Renaming<shapes::UpdateServerCertificate, ServerCertificateNames>;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServerCertificate.html
struct DeleteServerCertificate : shapes::DeleteServerCertificate {
  static Accesses access(const At& at, const Input& in) {
    return {on_certificate(action<"iam:DeleteServerCertificate">(), at, in.server_certificate_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ServerCertificate* certificate, find_certificate(at, in.server_certificate_name));
    return erased<Output>(*certificate);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagServerCertificate.html
struct ServerCertificateTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_certificate;
  static constexpr auto find = find_certificate;
  static constexpr auto find_to_tag = find_certificate;
  static constexpr auto find_to_untag = find_certificate;
  static const std::string& name(const auto& in) { return in.server_certificate_name; }
};
using TagServerCertificate = Tagging<shapes::TagServerCertificate, ServerCertificateTags>;
using UntagServerCertificate = Untagging<shapes::UntagServerCertificate, ServerCertificateTags>;
using ListServerCertificateTags = TagListing<shapes::ListServerCertificateTags, ServerCertificateTags>;

}  // namespace

std::span<const Binding> server_certificate_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<UploadServerCertificate>(), bind<GetServerCertificate>(),      bind<ListServerCertificates>(),
      bind<UpdateServerCertificate>(), bind<DeleteServerCertificate>(),   bind<TagServerCertificate>(),
      bind<UntagServerCertificate>(),  bind<ListServerCertificateTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
