#include "directory/reading.h"

#include <array>
#include <optional>
#include <utility>

#include "policy/public_access.h"

namespace deputy::directory {
namespace {

using Kind = Place::Kind;
using Named = std::pair<std::string_view, Kind>;

constexpr std::string_view kUnknownKind = "its kind is not one this version knows";

#define DEPUTY_ROW(Entity, map, word) Named{word, Kind::k##Entity},
constexpr auto kOfAccounts =
    std::to_array<Named>({DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW) DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)});
constexpr auto kOfOrganizations = std::to_array<Named>({DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)});
constexpr auto kOfServer = std::to_array<Named>(
    {DEPUTY_KINDS_OF_SERVER(DEPUTY_ROW) Named{kLastUses, Kind::kLastUse}, Named{kAccessKeys, Kind::kGuard},
     Named{kAliases, Kind::kGuard}, Named{kObjects, Kind::kObjectVersion}, Named{kVersions, Kind::kObjectVersion},
     Named{kUploads, Kind::kUpload}, Named{kParts, Kind::kPart}, Named{kUnused, Kind::kUnusedBytes}});
#undef DEPUTY_ROW

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

/// Why an entity that was decoded cannot be shown all the same; what an older version left out is put in.
template <class Entity>
std::optional<std::string> problem_of(Entity&) {
  return std::nullopt;
}
std::optional<std::string> problem_of(ManagedPolicy& policy) {
  if (policy.version(policy.default_version) != nullptr) return std::nullopt;
  return "its default version does not exist";
}
std::optional<std::string> problem_of(Bucket& bucket) {
  bucket.access.policy_is_public = bucket.access.has_policy() && policy::is_public(bucket.access.policy.text());
  if (bucket.id.empty()) bucket.id = bucket.name;  // no id reads like a name: they have capitals
  return std::nullopt;
}
std::optional<std::string> problem_of(Account& account) {
  if (account.generation.empty()) account.generation = UniqueId(std::string(kFirstGeneration));
  return std::nullopt;
}

template <class Entity>
Result<Decoded, std::string> decoded(std::string_view value, PolicyPool& pool) {
  TRY(Entity entity, decode<Entity>(value, pool));
  if (auto problem = problem_of(entity)) return Failure(*std::move(problem));
  return Decoded(std::make_shared<Entity>(std::move(entity)));
}

}  // namespace

Result<Place, std::string> Place::of(std::string_view key) {
  constexpr std::string_view kAccount = kWord<Account>, kOrganization = kWord<Organization>;
  if (key.starts_with(kAccount)) {
    const std::string_view rest = key.substr(kAccount.size());
    if (!AccountId::parse(rest.substr(0, rest.find('/')))) {
      return Failure(std::string("its account id has not twelve digits"));
    }
    return part_of(rest, Kind::kAccount, kOfAccounts);
  }
  if (key.starts_with(kOrganization)) {
    return part_of(key.substr(kOrganization.size()), Kind::kOrganization, kOfOrganizations);
  }
  if (key == kWord<TenantAccounts>) return Place{Kind::kTenantAccounts, {}, {}};
  for (const auto& [prefix, kind] : kOfServer) {
    if (key.starts_with(prefix)) return Place{kind, {}, key.substr(prefix.size())};
  }
  return Failure(std::string(kUnknownKind));
}

bool stamp_held(const Reading& reading, Revision of_commit) {
  const auto stamp = [&]<class Held>(const std::shared_ptr<Held>* held) {
    if (held != nullptr) (*held)->revision = reading.revision != 0 ? reading.revision : of_commit;
  };
  stamp(std::get_if<std::shared_ptr<ObjectVersion>>(&reading.entity));
  stamp(std::get_if<std::shared_ptr<Upload>>(&reading.entity));
  stamp(std::get_if<std::shared_ptr<Part>>(&reading.entity));
  stamp(std::get_if<std::shared_ptr<UnusedBytes>>(&reading.entity));
  return is_held(reading.key);
}

Result<Decoded, std::string> read(const Place& place, std::string_view value, PolicyPool& pool) {
  switch (place.kind) {
#define DEPUTY_ROW(Entity, map, word) \
  case Kind::k##Entity:               \
    return decoded<Entity>(value, pool);
    DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW
    case Kind::kLastUse: {
      TRY([[maybe_unused]] const LastUse use, decode<LastUse>(value, pool));
      return Decoded();
    }
    case Kind::kObjectVersion:
      return decoded<ObjectVersion>(value, pool);
    case Kind::kUpload:
      return decoded<Upload>(value, pool);
    case Kind::kPart:
      return decoded<Part>(value, pool);
    case Kind::kUnusedBytes:
      return decoded<UnusedBytes>(value, pool);
    case Kind::kGuard:
      if (!value.empty()) return Failure(std::string("it has a value where none belongs"));
      return Decoded();
  }
  return Failure(std::string(kUnknownKind));
}

}  // namespace deputy::directory
