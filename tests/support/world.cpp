#include "support/world.h"

#include "authz/authorize.h"
#include "base/arn.h"
#include "directory/changes.h"
#include "services/admin/table.h"
#include "services/iam/aws_policies.h"
#include "services/iam/table.h"
#include "services/organizations/table.h"
#include "services/s3/table.h"
#include "services/sts/table.h"

namespace deputy::tests {
World::World() : entropy_(crypto::seeded_entropy(1)), vault_(crypto::Vault::ephemeral(*entropy_)), tokens_(*vault_) {
  static const directory::SnapshotPtr kEmpty = directory::Snapshot::empty(iam::aws_policies());
  snapshot_ = kEmpty;
  create_account(kA);
  create_account(kB);
  directory::Changes changes;
  changes.create(tokens_.make_key(*snapshot_, *entropy_, now));  // for operations that hand out sessions
  EXPECT_TRUE(commit(changes));
}

World::~World() = default;

const services::Binding& World::binding_of(const protocol::Operation& model) {
  for (const auto service :
       {iam::iam_bindings(), sts::bindings(), s3::bindings(), organizations::bindings(), admin::bindings()}) {
    for (const services::Binding& binding : service) {
      if (binding.model == &model) return binding;
    }
  }
  ADD_FAILURE() << model.name << " is not bound";
  std::abort();
}

void World::create_account(const std::string& id, const std::string& email) {
  directory::Account account;
  account.id = *AccountId::parse(id);
  account.generation = crypto::make_unique_id(*entropy_, "ACCT");
  account.name = "Account " + id;
  account.email = email;
  account.created = now;
  directory::Changes changes;
  changes.create(account);
  ASSERT_TRUE(commit(changes));
}

bool World::commit(const directory::Changes& changes) {
  for (const auto& guard : changes.guards()) {
    const auto stored = revisions_.find(guard.key);
    if ((stored == revisions_.end() ? 0 : stored->second) != guard.revision) return false;
  }
  if (changes.writes().empty()) return true;
  const directory::Revision revision = snapshot_->revision() + 1;
  std::vector<directory::StoredChange> stored;
  for (const auto& write : changes.writes()) {
    stored.push_back({write.key, write.value ? std::optional<std::string_view>(*write.value) : std::nullopt});
    if (write.value) {
      revisions_[write.key] = revision;
    } else {
      revisions_.erase(write.key);
    }
  }
  auto next = snapshot_->apply(revision, stored);
  EXPECT_TRUE(next.ok()) << next.error().key << ": " << next.error().reason;
  if (next) snapshot_ = *next;
  return next.ok();
}

directory::Caller World::caller(const Who& who) const {
  directory::Caller caller;
  if (who.believed) {
    const bool saml = who.believed->provider.find(":saml-provider/") != std::string::npos;
    caller.kind = saml ? directory::Caller::Kind::kSaml : directory::Caller::Kind::kWebIdentity;
    caller.user_id = who.believed->provider + ":" + who.believed->subject;
    caller.federated = who.believed;
    return caller;
  }
  if (who.account.empty()) return caller;  // anonymous
  caller.account = snapshot_->account(*AccountId::parse(who.account));
  if (!who.user.empty()) {
    caller.kind = directory::Caller::Kind::kUser;
    caller.user = snapshot_->user(caller.account_id(), who.user);
    caller.arn = caller.user->arn();
    caller.user_id = caller.user->id.str();
  } else if (!who.role.empty()) {
    caller.kind = directory::Caller::Kind::kRoleSession;
    caller.role = snapshot_->role(caller.account_id(), who.role);
    caller.arn = assumed_role_arn(caller.account_id(), who.role, "session");
    caller.user_id = caller.role->id.str() + ":session";
    auto made = std::make_shared<directory::Session>();
    made->account = caller.account_id();
    made->issuer = caller.role->id;
    made->issuer_name = who.role;
    made->name = "session";
    made->issued = now;
    made->expires = now + std::chrono::hours(1);
    caller.session = std::move(made);
  } else {
    caller.kind = directory::Caller::Kind::kRoot;
    caller.arn = root_arn(caller.account_id());
    caller.user_id = who.account;
  }
  return caller;
}

services::At World::at(const directory::Caller& caller) const {
  struct Table final : services::Operations {  // for operations that run others
    [[nodiscard]] const services::Binding* find(const protocol::Operation& operation) const override {
      return &binding_of(operation);
    }
  };
  static const Table kTable;
  return {.snapshot = *snapshot_,
          .caller = caller,
          .now = now,
          .region = region,
          .entropy = *entropy_,
          .vault = *vault_,
          .tokens = tokens_,
          .usage = usage,
          .global_endpoint = global_endpoint,
          .public_url = "https://deputy.example.com",
          .account_limits = account_limits,
          .operations = &kTable};
}

Result<authz::Accesses> World::ask(const protocol::Operation& model, const void* in, const Who& who) {
  const directory::Caller caller = this->caller(who);
  return binding_of(model).access(at(caller), in);
}

Result<services::ErasedOutcome> World::run(const protocol::Operation& model, const void* in, const Who& who) {
  const services::Binding& binding = binding_of(model);
  const directory::Caller caller = this->caller(who);
  TRY(const authz::Accesses accesses, binding.access(at(caller), in));
  const authz::Circumstances how{
      .now = now, .source_ip = "10.0.0.4", .user_agent = {}, .referer = {}, .region = region, .secure = false};
  const bool s3 = protocol::service(model.service).error_words == protocol::ErrorWords::kS3;
  TRY_VOID(authz::authorize(caller, accesses, how, *snapshot_, s3 ? authz::Wording::kS3 : authz::Wording::kStandard));
  if (binding.hashes == nullptr) return binding.execute(at(caller), in);
  TRY(const services::SlowHashes wanted, binding.hashes(at(caller), in));
  std::vector<crypto::Secret> hashes;
  for (crypto::SlowHash hash : wanted) {  // cheaper than what they ask for, and as different from each other
    hash.salt += std::to_string(hash.cost.log2_n);
    hash.cost = {1, 1, 1};
    hashes.push_back(crypto::scrypt(hash));
  }
  services::At with_hashes = at(caller);
  with_hashes.hashes = hashes;
  return binding.execute(with_hashes, in);
}

std::string key(const authz::Access& access, policy::Key wanted) {
  for (const auto& [key, value] : access.keys) {
    if (key == wanted) return value;
  }
  return {};
}

std::string arn(std::string_view type_and_name, std::string_view account) {
  return std::string("arn:aws:iam::").append(account).append(":").append(type_and_name);
}

}  // namespace deputy::tests
