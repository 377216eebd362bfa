// What an account prefers: the version of the global endpoint's tokens, and its properties.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
#include <algorithm>

#include "protocol/iam/get_account_properties.h"
#include "protocol/iam/put_account_properties.h"
#include "protocol/iam/set_security_token_service_preferences.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetSecurityTokenServicePreferences.html
//
// Tokens of version 1 are not valid in Regions that an account must enable first, of which there are none here: the
// version is kept and shown (GetAccountSummary).
struct SetSecurityTokenServicePreferences : shapes::SetSecurityTokenServicePreferences {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:SetSecurityTokenServicePreferences">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    directory::Account account = account_of(at).account;
    account.long_global_tokens = in.global_endpoint_token_version == "v2Token";
    return written<Output>(account);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountProperties.html
struct GetAccountProperties : shapes::GetAccountProperties {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:GetAccountProperties">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    Outcome<Output> out;
    auto& properties = out.output.properties.emplace();
    for (const directory::Tag& property : account_of(at).account.properties) {
      properties.emplace_back(property.key, property.value);
    }
    return out;
  }
};

/// What is before the one slash of a property's name; empty: it is no such name.
std::string_view namespace_of(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos || slash + 1 == key.size() ||
      key.find('/', slash + 1) != std::string_view::npos) {
    return {};
  }
  return key.substr(0, slash);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutAccountProperties.html
struct PutAccountProperties : shapes::PutAccountProperties {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:PutAccountProperties">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (in.properties.empty()) return errors::no_account_properties();
    directory::Account account = account_of(at).account;
    for (const auto& [key, value] : in.properties) {
      const std::string_view space = namespace_of(key);
      if (space.empty()) return errors::bad_account_property(key);
      if (space != namespace_of(in.properties.front().first)) return errors::mixed_account_properties();
      const auto place = std::ranges::lower_bound(account.properties, key, {}, &directory::Tag::key);
      if (place != account.properties.end() && place->key == key) {
        place->value = value;
      } else {
        account.properties.insert(place, {key, value});
      }
    }
    if (account.properties.size() > quotas::kAccountProperties) return errors::too_many_account_properties();
    return written<Output>(account);
  }
};

}  // namespace

std::span<const Binding> account_preference_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<SetSecurityTokenServicePreferences>(),
      bind<GetAccountProperties>(),
      bind<PutAccountProperties>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
