#include "support/world.h"

#include "authz/authorize.h"
#include "base/arn.h"
#include "directory/changes.h"
#include "objects/answers.h"
#include "objects/listing.h"
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
  for (const std::string& prefix : changes.none_under()) {
    const auto first = revisions_.lower_bound(prefix);
    if (first != revisions_.end() && first->first.starts_with(prefix)) return false;
  }
  if (changes.writes().empty()) return true;
  const directory::Revision revision = snapshot_->revision() + 1;
  std::vector<directory::StoredChange> stored;
  for (const auto& write : changes.writes()) {
    stored.push_back({write.key, write.value ? std::optional<std::string_view>(*write.value) : std::nullopt});
    if (write.value) {
      revisions_[write.key] = revision;
      if (directory::is_held(write.key)) held_[write.key] = *write.value;
    } else {
      revisions_.erase(write.key);
      held_.erase(write.key);
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

std::optional<objects::Seen> World::seen(const services::Binding& binding, const services::At& at,
                                         const void* in) const {
  if (binding.looks == nullptr) return std::nullopt;
  const objects::Read read = [this](std::span<const objects::Range> ranges) -> objects::Result<objects::Moment> {
    objects::Moment moment;
    for (const objects::Range& range : ranges) {
      objects::Page& page = moment.pages.emplace_back();
      for (auto it = held_.lower_bound(range.from); it != held_.end() && (range.end.empty() || it->first < range.end);
           ++it) {
        if ((page.more = page.entries.size() == range.limit)) break;
        page.entries.push_back({it->first, it->second, revisions_.at(it->first), true});
      }
    }
    return moment;
  };
  objects::Seen seen;
  seen.asked = binding.looks(at, in);
  for (const objects::Look& look : seen.asked) {
    if (const auto* of = std::get_if<objects::OfKey>(&look)) {
      seen.answers.emplace_back(objects::answer(*objects::read_versions(*of, read), of->version));
    } else if (const auto* listing = std::get_if<objects::Listing>(&look)) {
      seen.answers.emplace_back(*objects::read_listing(*listing, read));
    } else if (const auto* upload = std::get_if<objects::OfUpload>(&look)) {
      seen.answers.emplace_back(*objects::read_upload(*upload, read));
    } else {
      seen.answers.emplace_back(*objects::read_emptiness(std::get<objects::Emptiness>(look), read));
    }
  }
  return seen;
}

Result<services::BodyReceived> World::received(const services::Binding& binding, const services::At& at,
                                               const void* in) const {
  TRY(const services::BodyWanted wanted, binding.body(at, in));
  services::BodyReceived received;
  received.content = body;
  if (binding.copied != nullptr) {
    TRY(const auto copied, binding.copied(at, in));
    if (copied) received.content = copied->version->content.substr(copied->offset, copied->length);
  }
  received.size = received.content.size();
  received.md5 = crypto::checksum_of(crypto::ChecksumAlgorithm::kMd5, received.content);
  received.checksum.algorithm = crypto::name_of(wanted.checksum);
  received.checksum.value = crypto::checksum_of(wanted.checksum, received.content);
  return received;
}

Result<authz::Accesses> World::ask(const protocol::Operation& model, const void* in, const Who& who) {
  const services::Binding& binding = binding_of(model);
  const directory::Caller caller = this->caller(who);
  services::At here = at(caller);
  const auto found = seen(binding, here, in);
  here.seen = found ? &*found : nullptr;
  return binding.access(here, in);
}

Result<services::ErasedOutcome> World::run(const protocol::Operation& model, const void* in, const Who& who) {
  const services::Binding& binding = binding_of(model);
  const directory::Caller caller = this->caller(who);
  services::At here = at(caller);
  const auto found = seen(binding, here, in);
  here.seen = found ? &*found : nullptr;
  TRY(const authz::Accesses accesses, binding.access(here, in));
  const authz::Circumstances how{
      .now = now, .source_ip = "10.0.0.4", .user_agent = {}, .referer = {}, .region = region, .secure = false};
  const bool s3 = protocol::service(model.service).error_words == protocol::ErrorWords::kS3;
  const authz::Wording wording = s3 ? authz::Wording::kS3 : authz::Wording::kStandard;
  std::vector<std::optional<Error>> refusals;
  if (binding.decides_each) {
    TRY(refusals, authz::authorize_each(caller, accesses, how, *snapshot_, wording));
    here.refusals = refusals;
  } else {
    TRY_VOID(authz::authorize(caller, accesses, how, *snapshot_, wording));
  }
  services::BodyReceived bytes;
  if (binding.body != nullptr) {
    TRY(bytes, received(binding, here, in));
    here.body = &bytes;
  }
  std::vector<crypto::Secret> hashes;
  if (binding.hashes != nullptr) {
    TRY(const services::SlowHashes wanted, binding.hashes(here, in));
    for (crypto::SlowHash hash : wanted) {  // cheaper than what they ask for, and as different from each other
      hash.salt += std::to_string(hash.cost.log2_n);
      hash.cost = {1, 1, 1};
      hashes.push_back(crypto::scrypt(hash));
    }
    here.hashes = hashes;
  }
  TRY(services::ErasedOutcome outcome, binding.execute(here, in));
  sent = outcome.extra.bytes;
  return outcome;
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
