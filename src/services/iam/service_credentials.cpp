// Service-specific credentials: a user's name and password, or key, for one service of AWS that does not take access
// keys. No such service is here to take them; they are kept, sealed, and shown as IAM shows them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_bedrock.html
#include <fmt/format.h>

#include <array>

#include "base/encoding.h"
#include "protocol/iam/create_service_specific_credential.h"
#include "protocol/iam/delete_service_specific_credential.h"
#include "protocol/iam/list_service_specific_credentials.h"
#include "protocol/iam/reset_service_specific_credential.h"
#include "protocol/iam/update_service_specific_credential.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/statuses.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::ServiceCredential;
using Credentials = std::vector<ServiceCredential>;

struct Service {
  std::string_view name;
  bool takes_keys;  // an alias and a secret that may expire, instead of a name and a password
};
constexpr std::array<Service, 4> kServices = {{{"codecommit.amazonaws.com", false},
                                               {"cassandra.amazonaws.com", false},
                                               {"bedrock.amazonaws.com", true},
                                               {"logs.amazonaws.com", true}}};

Result<const Service*> find_service(std::string_view name) {
  const auto* const found = std::ranges::find(kServices, name, &Service::name);
  if (found == kServices.end()) return errors::service_without_credentials(name);
  return found;
}

bool takes_keys(const ServiceCredential& credential) {
  const auto* const found = std::ranges::find(kServices, credential.service, &Service::name);
  return found != kServices.end() && found->takes_keys;
}

/// "dana-at-111111111111", "dana+1-at-111111111111": the first that none of the user's for this service has.
std::string free_name(const User& user, std::string_view service) {
  for (int number = 0;; ++number) {
    const std::string suffix = number == 0 ? std::string() : fmt::format("+{}", number);
    std::string name = fmt::format("{}{}-at-{}", user.name, suffix, user.account.view());
    const bool taken = std::ranges::any_of(
        user.service_credentials, [&](const ServiceCredential& c) { return c.service == service && c.name == name; });
    if (!taken) return name;
  }
}

/// A new secret, sealed into the credential; the answer shows it this once.
shapes::ServiceSpecificCredential with_new_secret(const At& at, const User& user, ServiceCredential& credential) {
  constexpr std::size_t kBytes = 32;
  std::string secret = base64(at.entropy.bytes(kBytes));
  credential.sealed_secret = at.vault.seal(at.entropy, secret, "service-credential/" + credential.id);
  shapes::ServiceSpecificCredential out;
  out.create_date = credential.created;
  if (credential.expires) out.expiration_date = credential.expiry;
  out.service_name = credential.service;
  (takes_keys(credential) ? out.service_credential_alias : out.service_user_name) = credential.name;
  (takes_keys(credential) ? out.service_credential_secret : out.service_password) = std::move(secret);
  out.service_specific_credential_id = credential.id;
  out.user_name = user.name;
  out.status = shown_status(credential.active);
  return out;
}

shapes::ServiceSpecificCredentialMetadata listed(const At& at, const User& user, const ServiceCredential& credential) {
  shapes::ServiceSpecificCredentialMetadata out;
  out.user_name = user.name;
  out.status = credential.expires && credential.expiry <= at.now ? "Expired" : shown_status(credential.active);
  (takes_keys(credential) ? out.service_credential_alias : out.service_user_name) = credential.name;
  out.create_date = credential.created;
  if (credential.expires) out.expiration_date = credential.expiry;
  out.service_specific_credential_id = credential.id;
  out.service_name = credential.service;
  return out;
}

template <class Input>
Result<Accesses> on_owner(const policy::Action& action, const At& at, const Input& in) {
  TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
  return Accesses{on_user(action, at, name)};
}

/// The user with its credentials changed by `change`, which is handed the user and the one of this id.
template <class Output, class Input, class Change>
Result<Outcome<Output>> changed(const At& at, const Input& in, Change&& change) {
  TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
  TRY(const User* before, find_user(at, name));
  User user = *before;
  auto& all = user.service_credentials;
  const auto found = std::ranges::find(all, in.service_specific_credential_id, &ServiceCredential::id);
  if (found == all.end()) return errors::no_such_service_credential(in.service_specific_credential_id);
  Outcome<Output> out;
  change(out.output, user, found);
  out.changes.update(user);
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html
struct CreateServiceSpecificCredential : shapes::CreateServiceSpecificCredential {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:CreateServiceSpecificCredential">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* before, find_user(at, in.user_name));
    TRY(const Service* service, find_service(in.service_name));
    if (in.credential_age_days && !service->takes_keys) return errors::credential_does_not_expire(in.service_name);
    User user = *before;
    const auto there = static_cast<std::size_t>(
        std::ranges::count(user.service_credentials, in.service_name, &ServiceCredential::service));
    if (there >= quotas::kServiceCredentialsPerUser.limit) {
      return errors::limit_exceeded(quotas::kServiceCredentialsPerUser);
    }
    ServiceCredential made;
    made.id = crypto::make_unique_id(at.entropy, "ACCA").str();
    made.service = in.service_name;
    made.name = free_name(user, in.service_name);
    made.created = at.now;
    if (in.credential_age_days) {
      made.expires = true;
      made.expiry = at.now + std::chrono::hours(24) * *in.credential_age_days;
    }
    Outcome<Output> out{{.service_specific_credential = with_new_secret(at, user, made)}};
    user.service_credentials.push_back(std::move(made));
    out.changes.update(user);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
struct ListServiceSpecificCredentials : shapes::ListServiceSpecificCredentials {
  struct Item {
    const User* user;
    const ServiceCredential* credential;
  };

  static Result<Accesses> access(const At& at, const Input& in) {
    const policy::Action& list = action<"iam:ListServiceSpecificCredentials">();
    if (in.all_users.value_or(false)) return Accesses{on_list(list, at, "user", std::nullopt)};
    return on_owner(list, at, in);
  }

  static Result<std::vector<Item>> items(const At& at, const Input& in) {
    std::vector<Item> out;
    const auto add = [&](const User& user) {
      for (const ServiceCredential& credential : user.service_credentials) {
        if (!in.service_name || credential.service == *in.service_name) out.push_back({&user, &credential});
      }
    };
    if (in.all_users.value_or(false)) {
      if (in.user_name) return errors::all_users_with_user_name();
      account_of(at).users.each(add);
    } else {
      TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
      TRY(const User* user, find_user(at, name));
      add(*user);
    }
    if (in.service_name) {
      TRY([[maybe_unused]] const Service* service, find_service(*in.service_name));
    }
    return out;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListServiceSpecificCredentials"));
    TRY(std::vector<Item> all, items(at, in));
    Outcome<Output> out;
    auto& list = out.output.service_specific_credentials.emplace();
    give_page(
        out.output, page, std::move(all), [](const Item& item) { return item.credential->id; },
        [&](const Item& item) { list.push_back(listed(at, *item.user, *item.credential)); });
    if (!*out.output.is_truncated) out.output.is_truncated.reset();  // it was not seen in whole lists
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServiceSpecificCredential.html
struct UpdateServiceSpecificCredential : shapes::UpdateServiceSpecificCredential {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_owner(action<"iam:UpdateServiceSpecificCredential">(), at, in);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const bool active, wanted_status(in.status));
    return changed<Output>(at, in, [&](Output&, User&, auto credential) { credential->active = active; });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResetServiceSpecificCredential.html
//
// Everything stays but the secret, the status too.
struct ResetServiceSpecificCredential : shapes::ResetServiceSpecificCredential {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_owner(action<"iam:ResetServiceSpecificCredential">(), at, in);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in, [&](Output& output, User& user, auto credential) {
      output.service_specific_credential = with_new_secret(at, user, *credential);
    });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceSpecificCredential.html
struct DeleteServiceSpecificCredential : shapes::DeleteServiceSpecificCredential {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_owner(action<"iam:DeleteServiceSpecificCredential">(), at, in);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in,
                           [](Output&, User& user, auto credential) { user.service_credentials.erase(credential); });
  }
};

}  // namespace

std::span<const Binding> service_credential_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateServiceSpecificCredential>(), bind<ListServiceSpecificCredentials>(),
      bind<UpdateServiceSpecificCredential>(), bind<ResetServiceSpecificCredential>(),
      bind<DeleteServiceSpecificCredential>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
