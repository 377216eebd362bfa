// One application of a seed (seed.h) on its way: the draft, what has changed so far, and what is wrong.
//
//   Seeding seeding(at, in);
//   seeding.run({user.place, "Path"}, account, iam::shapes::UpdateUser::model, request, {"user/dana"});
//
// What runs is the operation itself, as the root user of the account, and without the question whether it may: the
// operator asks.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "directory/draft.h"
#include "services/admin/seed.h"

namespace deputy::admin {

/// Of the seed: an entity, and which of its members asks for something; "Policies.0.PolicyDocument".
struct Spot {
  std::int64_t place = 0;
  std::string member = {};
};

/// For people: what an operation is about.
struct About {
  std::string resource;     // "user/dana"
  std::string detail = {};  // the name of a policy, an ARN
};

/// What stands in a list; nothing where it was not given.
template <class T>
const std::vector<T>& all(const std::optional<std::vector<T>>& list) {
  static const std::vector<T> kNone;
  return list ? *list : kNone;
}

/// The input of an operation, as JSON with the names of its API.
class Request {
 public:
  Request() : json_(text_) { json_.begin_object(); }
  Request(const Request&) = delete;
  Request& with(std::string_view name, std::string_view value) {
    json_.key(name).value(value);
    return *this;
  }
  Request& with(std::string_view name, const std::string& value) { return with(name, std::string_view(value)); }
  Request& with(std::string_view name, const std::optional<std::string>& value) {
    return value ? with(name, *value) : *this;
  }
  Request& number(std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) json_.key(name).value(*value);
    return *this;
  }
  Request& truth(std::string_view name) {
    json_.key(name).value(true);
    return *this;
  }
  Request& list(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return *this;
    json_.key(name).begin_array();
    for (const std::string& value : values) json_.value(value);
    json_.end_array();
    return *this;
  }
  Request& tags(const std::vector<shapes::SeedTag>& tags) {
    if (tags.empty()) return *this;
    json_.key("Tags").begin_array();
    for (const shapes::SeedTag& tag : tags) {
      json_.begin_object().key("Key").value(tag.key).key("Value").value(tag.value).end_object();
    }
    json_.end_array();
    return *this;
  }
  /// Once, at the end.
  [[nodiscard]] const std::string& json() {
    json_.end_object();
    return text_;
  }

 private:
  std::string text_;
  JsonWriter json_;
};

class Seeding {
 public:
  enum class Done : std::uint8_t { kFailed, kSame, kChanged };

  /// Both outlive this.
  Seeding(const services::At& at, const ApplySeed::Input& in) : at_(at), in_(in), draft_(at.snapshot) {}

  [[nodiscard]] const services::At& at() const { return at_; }
  [[nodiscard]] bool prunes() const { return in_.prune.value_or(false); }
  [[nodiscard]] bool reuses_ids() const { return in_.reuse_ids.value_or(false); }
  [[nodiscard]] const directory::Snapshot& now() const { return draft_.now(); }
  /// As it is on the draft; pointers into it end with the next run().
  [[nodiscard]] const directory::AccountState* account(const AccountId& id) const { return draft_.now().account(id); }

  /// Runs an operation in an account. What goes wrong is kept as a fault of the spot.
  Done run(const Spot& spot, const AccountId& account, const protocol::Operation& operation, Request& request,
           const About& about);
  /// The same, with its answer; null: it failed.
  services::Erased answer(const Spot& spot, const AccountId& account, const protocol::Operation& operation,
                          Request& request, const About& about);
  /// Of an operation whose input has no JSON of its own.
  Done run_typed(const Spot& spot, const AccountId& account, const protocol::Operation& operation, const void* input,
                 const About& about);
  /// Changes that no operation of AWS makes.
  Done write(const Spot& spot, const AccountId& account, std::string_view operation, directory::Changes changes,
             const About& about);
  /// What an operation of this service answered.
  template <class Output>
  std::optional<Output> take(const Spot& spot, const AccountId& account, std::string_view operation,
                             Result<services::Outcome<Output>> outcome, const About& about) {
    if (!outcome) return fault(spot, outcome.error()), std::nullopt;
    if (write(spot, account, operation, std::move(outcome->changes), about) == Done::kFailed) return std::nullopt;
    return std::move(outcome->output);
  }
  /// The key that the next CreateAccessKey makes; null: one that is drawn.
  void choose_key(const services::ChosenKey* key) { key_ = key; }

  void fault(const Spot& spot, const Error& error);
  /// What has this name is at fault itself: whatever refers to it is not asked for, and not at fault for that.
  void break_name(std::string name) { broken_.insert(std::move(name)); }
  [[nodiscard]] bool is_broken(std::string_view name) const { return broken_.contains(name); }
  /// Whether a sentence names something that is broken, by its ARN.
  [[nodiscard]] bool names_broken(std::string_view sentence) const;
  [[nodiscard]] std::size_t faults() const { return faults_.size(); }
  /// Forgets what went wrong since there were `before` faults, if it is all of a kind. Whether it did.
  template <class Is>
  bool take_back(std::size_t before, Is is) {
    const auto since = faults_.begin() + static_cast<std::ptrdiff_t>(before);
    if (!std::all_of(since, faults_.end(), is)) return false;
    faults_.erase(since, faults_.end());
    return true;
  }

  void credential(shapes::SeedCredential made) { credentials_.push_back(std::move(made)); }
  void step() const {
    if (at_.progress != nullptr) at_.progress->done.fetch_add(1, std::memory_order_relaxed);
  }
  services::Outcome<ApplySeed::Output> finish();

 private:
  Done apply(const Spot& spot, const AccountId& account, std::string_view operation, directory::Changes changes,
             const About& about);
  std::optional<services::ErasedOutcome> execute(const Spot& spot, const AccountId& account,
                                                 const services::Binding& binding, const void* input);

  const services::At& at_;
  const ApplySeed::Input& in_;
  directory::Draft draft_;
  const services::ChosenKey* key_ = nullptr;
  std::set<std::string, std::less<>> broken_;
  std::vector<shapes::SeedChange> changes_;
  std::vector<shapes::SeedFault> faults_;
  std::vector<shapes::SeedCredential> credentials_;
};

/// A member of a list: "Policies.0".
std::string element(std::string_view list, std::size_t index);
/// What is called so in an account, for break_name: "111111111111/group/developers".
std::string local_name(const AccountId& account, std::string_view kind, std::string_view name);
std::string arn_in(const AccountId& account, std::string_view kind, const std::optional<std::string>& path,
                   std::string_view name);

// What a seed asks for, in the order in which one needs the other; a file each.

/// seed_accounts.cpp: accounts and their root's keys; then organizations, when every account is there.
void seed_account(Seeding& seeding, const shapes::SeedAccount& account);
void seed_organization(Seeding& seeding, const shapes::SeedOrganization& organization);
/// The keys of a user, or, without a name, of root.
void seed_access_keys(Seeding& seeding, std::int64_t place, const AccountId& account, const std::string& user,
                      const std::vector<shapes::SeedAccessKey>& keys);

/// seed_resources.cpp: what others refer to, and instance profiles, which refer to roles.
void seed_policy(Seeding& seeding, const AccountId& account, const shapes::SeedManagedPolicy& policy);
void seed_oidc_provider(Seeding& seeding, const AccountId& account, const shapes::SeedOpenIDConnectProvider& provider);
void seed_saml_provider(Seeding& seeding, const AccountId& account, const shapes::SeedSAMLProvider& provider);
void seed_bucket(Seeding& seeding, const AccountId& account, const shapes::SeedBucket& bucket);
/// Who may touch it, when everybody whom its policy can name is there.
void seed_bucket_access(Seeding& seeding, const AccountId& account, const shapes::SeedBucket& bucket);
void seed_instance_profile(Seeding& seeding, const AccountId& account, const shapes::SeedInstanceProfile& profile);

/// seed_principals.cpp: first that they are there, then what they have.
void seed_group(Seeding& seeding, const AccountId& account, const shapes::SeedGroup& group);
void seed_user(Seeding& seeding, const AccountId& account, const shapes::SeedUser& user);
struct WantedRole {
  AccountId account;
  const shapes::SeedRole* role;
};
/// Roles name each other in their trust policies, also in a circle.
void seed_roles(Seeding& seeding, std::vector<WantedRole> roles);

/// seed_prune.cpp: what the seed does not name.
void prune_account(Seeding& seeding, const shapes::SeedAccount& account);

}  // namespace deputy::admin
