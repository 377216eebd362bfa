#include "services/admin/seeding.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "protocol/json.h"
#include "services/admin/errors.h"

namespace deputy::admin {

using services::Erased;
using services::ErasedOutcome;

std::string element(std::string_view list, std::size_t index) { return fmt::format("{}.{}", list, index); }

std::string local_name(const AccountId& account, std::string_view kind, std::string_view name) {
  return fmt::format("{}/{}/{}", account.view(), kind, ascii_lower(name));
}

std::string arn_in(const AccountId& account, std::string_view kind, const std::optional<std::string>& path,
                   std::string_view name) {
  return fmt::format("arn:aws:iam::{}:{}{}{}", account.view(), kind, path.value_or("/"), name);
}

void Seeding::fault(const Spot& spot, const Error& error) {
  shapes::SeedFault fault;
  fault.place = spot.place;
  if (!spot.member.empty()) fault.member = spot.member;
  fault.code = error.code();
  fault.message = error.message();
  faults_.push_back(std::move(fault));
}

bool Seeding::names_broken(std::string_view sentence) const {
  return std::any_of(broken_.begin(), broken_.end(), [&](const std::string& name) {
    const std::size_t at = name.starts_with("arn:") ? sentence.find(name) : std::string_view::npos;
    if (at == std::string_view::npos) return false;
    const std::string_view rest = sentence.substr(at + name.size());
    return rest.empty() || rest.front() == '"' || rest.front() == ' ' || rest.front() == '.';
  });
}

std::optional<ErasedOutcome> Seeding::execute(const Spot& spot, const AccountId& account,
                                              const services::Binding& binding, const void* input) {
  directory::Caller root;
  root.kind = directory::Caller::Kind::kRoot;
  root.arn = root_arn(account);
  root.user_id = account.str();
  root.account = draft_.now().account(account);
  services::At here = at_.on(draft_.now(), root);
  here.chosen_key = key_;
  auto outcome = binding.execute(here, input);
  if (outcome && !outcome->refusal) return std::move(outcome).value();
  const Error& refusal = outcome ? *outcome->refusal : outcome.error();
  if (!names_broken(refusal.message())) fault(spot, refusal);
  return std::nullopt;
}

Seeding::Done Seeding::apply(const Spot& spot, const AccountId& account, std::string_view operation,
                             directory::Changes changes, const About& about) {
  if (changes.empty()) return Done::kSame;
  // Nothing is made in an account that is being deleted, as of any other caller (server/run.cpp).
  if (const auto* there = draft_.now().account(account)) changes.require_unchanged(there->account);
  const auto changed = draft_.add(changes);
  if (!changed) {
    fault(spot, errors::not_to_be_read_back(changed.error().reason));
    return Done::kFailed;
  }
  if (!*changed) return Done::kSame;
  shapes::SeedChange change{account.str(), std::string(operation), about.resource, std::nullopt};
  if (!about.detail.empty()) change.detail = about.detail;
  changes_.push_back(std::move(change));
  return Done::kChanged;
}

Seeding::Done Seeding::run_typed(const Spot& spot, const AccountId& account, const protocol::Operation& operation,
                                 const void* input, const About& about) {
  auto outcome = execute(spot, account, *at_.operations->find(operation), input);
  if (!outcome) return Done::kFailed;
  return apply(spot, account, operation.name, std::move(outcome->changes), about);
}

Seeding::Done Seeding::run(const Spot& spot, const AccountId& account, const protocol::Operation& operation,
                           Request& request, const About& about) {
  const services::Binding& binding = *at_.operations->find(operation);
  const Erased input = binding.input();
  if (const auto decoded = protocol::decode_json(operation, request.json(), input.get()); !decoded) {
    fault(spot, decoded.error());
    return Done::kFailed;
  }
  return run_typed(spot, account, operation, input.get(), about);
}

Erased Seeding::answer(const Spot& spot, const AccountId& account, const protocol::Operation& operation,
                       Request& request, const About& about) {
  const services::Binding& binding = *at_.operations->find(operation);
  const Erased input = binding.input();
  if (const auto decoded = protocol::decode_json(operation, request.json(), input.get()); !decoded) {
    fault(spot, decoded.error());
    return {nullptr, nullptr};
  }
  auto outcome = execute(spot, account, binding, input.get());
  if (!outcome) return {nullptr, nullptr};
  if (apply(spot, account, operation.name, std::move(outcome->changes), about) == Done::kFailed) {
    return {nullptr, nullptr};
  }
  return std::move(outcome->output);
}

Seeding::Done Seeding::write(const Spot& spot, const AccountId& account, std::string_view operation,
                             directory::Changes changes, const About& about) {
  return apply(spot, account, operation, std::move(changes), about);
}

services::Outcome<ApplySeed::Output> Seeding::finish() {
  services::Outcome<ApplySeed::Output> out;
  const bool writes = faults_.empty() && !in_.dry_run.value_or(false);
  out.output.applied = writes;
  out.output.changes = std::move(changes_);
  if (writes) {
    out.output.credentials = std::move(credentials_);
    out.changes = draft_.take();
  }
  out.output.faults = std::move(faults_);
  return out;
}

namespace {

template <class Account>
std::size_t entities_of(const Account& account) {
  return all(account.users).size() + all(account.groups).size() + all(account.roles).size() +
         all(account.managed_policies).size() + all(account.instance_profiles).size() +
         all(account.open_id_connect_providers).size() + all(account.saml_providers).size() +
         all(account.buckets).size();
}

}  // namespace

Result<services::Outcome<ApplySeed::Output>> ApplySeed::execute(const services::At& at, const Input& in) {
  if (at.progress != nullptr) {
    std::size_t total = in.accounts.size() + in.organizations.size();
    for (const shapes::SeedAccount& account : in.accounts) total += entities_of(account);
    at.progress->done = 0;
    at.progress->total = static_cast<std::int64_t>(total);
  }
  Seeding seeding(at, in);
  const auto each = [&](auto use) {
    for (const shapes::SeedAccount& account : in.accounts) {
      const auto id = AccountId::parse(account.account_id);
      if (id && seeding.account(*id) != nullptr && !seeding.is_broken(id->view())) use(*id, account);
    }
  };
  for (const shapes::SeedAccount& account : in.accounts) seed_account(seeding, account);
  for (const shapes::SeedOrganization& organization : in.organizations) seed_organization(seeding, organization);
  each([&](const AccountId& id, const shapes::SeedAccount& account) {
    for (const auto& policy : all(account.managed_policies)) seed_policy(seeding, id, policy);
    for (const auto& provider : all(account.open_id_connect_providers)) seed_oidc_provider(seeding, id, provider);
    for (const auto& provider : all(account.saml_providers)) seed_saml_provider(seeding, id, provider);
    for (const auto& bucket : all(account.buckets)) seed_bucket(seeding, id, bucket);
    for (const auto& group : all(account.groups)) seed_group(seeding, id, group);
    for (const auto& user : all(account.users)) seed_user(seeding, id, user);
  });
  std::vector<WantedRole> roles;
  each([&](const AccountId& id, const shapes::SeedAccount& account) {
    for (const auto& role : all(account.roles)) roles.push_back({id, &role});
  });
  seed_roles(seeding, std::move(roles));
  each([&](const AccountId& id, const shapes::SeedAccount& account) {
    for (const auto& bucket : all(account.buckets)) seed_bucket_access(seeding, id, bucket);
    for (const auto& profile : all(account.instance_profiles)) seed_instance_profile(seeding, id, profile);
    if (seeding.prunes()) prune_account(seeding, account);
  });
  return seeding.finish();
}

}  // namespace deputy::admin
