#include "directory/reading.h"

#include <array>
#include <utility>

namespace deputy::directory {
namespace {

using Kind = Place::Kind;
using Named = std::pair<std::string_view, Kind>;

constexpr std::string_view kUnknownKind = "its kind is not one this version knows";

constexpr std::array<Named, 10> kOfAccounts{{{"user", Kind::kUser},
                                             {"role", Kind::kRole},
                                             {"policy", Kind::kPolicy},
                                             {"group", Kind::kGroup},
                                             {"instance-profile", Kind::kInstanceProfile},
                                             {"mfa", Kind::kMfaDevice},
                                             {"oidc-provider", Kind::kOidcProvider},
                                             {"saml-provider", Kind::kSamlProvider},
                                             {"credential-report", Kind::kCredentialReport},
                                             {"membership", Kind::kMembership}}};
constexpr std::array<Named, 2> kOfOrganizations{
    {{"handshake", Kind::kHandshake}, {"creation", Kind::kAccountCreation}}};
constexpr std::array<Named, 7> kOfNobody{{{"bucket/", Kind::kBucket},
                                          {"used-assertion/", Kind::kUsedAssertion},
                                          {"token-key/", Kind::kTokenKey},
                                          {kDeletedAccounts, Kind::kDeletedAccount},
                                          {"last-use/", Kind::kLastUse},
                                          {"access-key/", Kind::kGuard},
                                          {"alias/", Kind::kGuard}}};

/// "<owner>", or "<owner>/<kind>/<name>".
template <std::size_t N>
Result<Place, std::string> part_of(std::string_view rest, Kind whole, const std::array<Named, N>& parts) {
  const std::size_t slash = rest.find('/');
  const std::string_view owner = rest.substr(0, slash);
  if (slash == std::string_view::npos) return Place{whole, owner, {}};
  rest.remove_prefix(slash + 1);
  const std::size_t second = rest.find('/');
  if (second == std::string_view::npos) return Failure(std::string("its key is cut off"));
  for (const auto& [word, kind] : parts) {
    if (word == rest.substr(0, second)) return Place{kind, owner, rest.substr(second + 1)};
  }
  return Failure(std::string(kUnknownKind));
}

template <class Entity>
Result<Decoded, std::string> decoded(std::string_view value, PolicyPool& pool) {
  TRY(Entity entity, decode<Entity>(value, pool));
  return Decoded(std::make_shared<Entity>(std::move(entity)));
}

Result<Decoded, std::string> decoded_policy(std::string_view value, PolicyPool& pool) {
  TRY(ManagedPolicy policy, decode<ManagedPolicy>(value, pool));
  if (policy.version(policy.default_version) == nullptr) {
    return Failure(std::string("its default version does not exist"));
  }
  return Decoded(std::make_shared<ManagedPolicy>(std::move(policy)));
}

Result<Decoded, std::string> decoded_account(std::string_view value, PolicyPool& pool) {
  TRY(Account account, decode<Account>(value, pool));
  if (account.generation.empty()) account.generation = UniqueId(std::string(kFirstGeneration));
  return Decoded(std::make_shared<Account>(std::move(account)));
}

}  // namespace

Result<Place, std::string> Place::of(std::string_view key) {
  constexpr std::string_view kAccount = "account/";
  if (key.starts_with(kAccount)) {
    const std::string_view rest = key.substr(kAccount.size());
    if (!AccountId::parse(rest.substr(0, rest.find('/')))) {
      return Failure(std::string("its account id has not twelve digits"));
    }
    return part_of(rest, Kind::kAccount, kOfAccounts);
  }
  if (key.starts_with(kOrganizations)) {
    return part_of(key.substr(kOrganizations.size()), Kind::kOrganization, kOfOrganizations);
  }
  if (key == kTenantAccounts) return Place{Kind::kTenants, {}, {}};
  for (const auto& [prefix, kind] : kOfNobody) {
    if (key.starts_with(prefix)) return Place{kind, {}, key.substr(prefix.size())};
  }
  return Failure(std::string(kUnknownKind));
}

Result<Decoded, std::string> read(const Place& place, std::string_view value, PolicyPool& pool) {
  switch (place.kind) {
    case Kind::kAccount:
      return decoded_account(value, pool);
    case Kind::kUser:
      return decoded<User>(value, pool);
    case Kind::kGroup:
      return decoded<Group>(value, pool);
    case Kind::kRole:
      return decoded<Role>(value, pool);
    case Kind::kPolicy:
      return decoded_policy(value, pool);
    case Kind::kInstanceProfile:
      return decoded<InstanceProfile>(value, pool);
    case Kind::kMfaDevice:
      return decoded<MfaDevice>(value, pool);
    case Kind::kOidcProvider:
      return decoded<OidcProvider>(value, pool);
    case Kind::kSamlProvider:
      return decoded<SamlProvider>(value, pool);
    case Kind::kCredentialReport:
      return decoded<CredentialReport>(value, pool);
    case Kind::kMembership:
      return decoded<Membership>(value, pool);
    case Kind::kBucket:
      return decoded<Bucket>(value, pool);
    case Kind::kUsedAssertion:
      return decoded<UsedAssertion>(value, pool);
    case Kind::kOrganization:
      return decoded<Organization>(value, pool);
    case Kind::kHandshake:
      return decoded<Handshake>(value, pool);
    case Kind::kAccountCreation:
      return decoded<AccountCreation>(value, pool);
    case Kind::kTokenKey:
      return decoded<TokenKey>(value, pool);
    case Kind::kDeletedAccount:
      return decoded<DeletedAccount>(value, pool);
    case Kind::kTenants:
      return decoded<TenantAccounts>(value, pool);
    case Kind::kLastUse: {
      TRY([[maybe_unused]] const LastUse use, decode<LastUse>(value, pool));
      return Decoded();
    }
    case Kind::kGuard:
      if (!value.empty()) return Failure(std::string("it has a value where none belongs"));
      return Decoded();
  }
  return Failure(std::string(kUnknownKind));
}

}  // namespace deputy::directory
