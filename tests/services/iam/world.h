// A directory in memory with two accounts, on which tests run IAM's operations as the pipeline does: admit, access,
// authorize, execute, commit. Time stands still until a test moves it, and entropy is seeded.
//
//   World world;
//   world.must<shapes::CreateUser>({.user_name = "bob"});      // as the root user of kAccount
//   world.allow("bob", "iam:GetUser");                         // an inline policy, on every resource
//   auto got = world.call<shapes::GetUser>(user("bob"), {});
//   EXPECT_TRUE(refused(got, "NoSuchEntity", 404, "The user with name …"));
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authz/authorize.h"
#include "base/arn.h"
#include "directory/codec.h"
#include "services/iam/table.h"
#include "services/operation.h"

namespace deputy::iam {

inline const AccountId kAccount = *AccountId::parse("111111111111");
inline const AccountId kOther = *AccountId::parse("222222222222");

/// Who calls, by name: bound to a snapshot only when the call is made, as a signature is.
struct Who {
  directory::Caller::Kind kind = directory::Caller::Kind::kRoot;
  AccountId account = kAccount;
  std::string name = {};  // of the user or role
};
inline Who root(const AccountId& account = kAccount) { return {directory::Caller::Kind::kRoot, account}; }
inline Who user(std::string name, const AccountId& account = kAccount) {
  return {directory::Caller::Kind::kUser, account, std::move(name)};
}
/// A session of the role, called "test".
inline Who session(std::string role, const AccountId& account = kAccount) {
  return {directory::Caller::Kind::kRoleSession, account, std::move(role)};
}

class World {
 public:
  explicit World(std::vector<directory::ManagedPolicy> aws_policies = {})
      : snapshot_(directory::Snapshot::empty(std::move(aws_policies))) {
    for (const AccountId& id : {kAccount, kOther}) {
      directory::Account account;
      account.id = id;
      account.name = "Account " + id.str();
      account.created = now;
      create(account);
    }
  }

  /// As the pipeline handles a request whose shape is valid already.
  template <class Shape>
  Result<typename Shape::Output> call(const Who& who, const typename Shape::Input& in) {
    const services::Binding* binding = find(&Shape::model);
    if (binding == nullptr) return Error("NotImplemented", 501, std::string(Shape::model.name));
    const directory::Caller caller = caller_of(who);
    const services::At at{*snapshot_, caller, now, "us-east-1", *entropy, *vault, *tokens_, usage};
    TRY_VOID(authz::admit("iam", Shape::model.name, caller));
    TRY(const authz::Accesses accesses, binding->access(at, &in));
    authz::Circumstances how;
    how.now = now;
    how.region = "us-east-1";
    TRY_VOID(authz::authorize(caller, accesses, how, *snapshot_, authz::Wording::kStandard));
    TRY(services::ErasedOutcome outcome, binding->execute(at, &in));
    commit(outcome.changes);
    return std::move(*static_cast<typename Shape::Output*>(outcome.output.get()));
  }
  /// As the root user, for what has to work.
  template <class Shape>
  typename Shape::Output must(const typename Shape::Input& in) {
    return must<Shape>(root(), in);
  }
  template <class Shape>
  typename Shape::Output must(const Who& who, const typename Shape::Input& in) {
    auto result = call<Shape>(who, in);
    if (result) return std::move(result).value();
    ADD_FAILURE() << Shape::model.name << ": " << result.error().code() << ": " << result.error().message();
    return {};
  }
  /// What the operation asks permission for.
  template <class Shape>
  Result<authz::Accesses> accesses(const Who& who, const typename Shape::Input& in) {
    const directory::Caller caller = caller_of(who);
    const services::At at{*snapshot_, caller, now, "us-east-1", *entropy, *vault, *tokens_, usage};
    return find(&Shape::model)->access(at, &in);
  }

  /// Puts an entity there without asking anybody.
  template <class Entity>
  void create(const Entity& entity) {
    directory::Changes changes;
    changes.create(entity);
    commit(changes);
  }
  template <class Entity>
  void update(const Entity& entity) {
    directory::Changes changes;
    changes.update(entity);
    commit(changes);
  }

  /// Gives a user of kAccount one more inline policy.
  void allow(std::string_view user, std::string_view action, std::string_view resource = "*",
             std::string_view condition = "{}") {
    add_statement(user, "Allow", action, resource, condition);
  }
  void deny(std::string_view user, std::string_view action, std::string_view resource = "*",
            std::string_view condition = "{}") {
    add_statement(user, "Deny", action, resource, condition);
  }

  [[nodiscard]] const directory::Snapshot& snapshot() const { return *snapshot_; }
  [[nodiscard]] const directory::AccountState& account(const AccountId& id = kAccount) const {
    return *snapshot_->account(id);
  }
  /// Whether the store holds something under this key.
  [[nodiscard]] bool stored(const std::string& key) const { return store_.contains(key); }

  Time now = from_epoch_seconds(1'784'887'872);  // 2026-07-24T10:11:12Z
  directory::Usage usage;
  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(1);
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(*entropy);

 private:
  static const services::Binding* find(const protocol::Operation* model) {
    for (const services::Binding& binding : iam_bindings()) {
      if (binding.model == model) return &binding;
    }
    return nullptr;
  }

  [[nodiscard]] directory::Caller caller_of(const Who& who) const {
    directory::Caller caller;
    caller.kind = who.kind;
    caller.account = snapshot_->account(who.account);
    caller.access_key_id = "AKIATESTTESTTESTTEST";
    if (who.kind == directory::Caller::Kind::kRoot) {
      caller.arn = root_arn(who.account);
      caller.user_id = who.account.str();
    } else if (who.kind == directory::Caller::Kind::kUser) {
      caller.user = snapshot_->user(who.account, who.name);
      caller.arn = caller.user->arn();
      caller.user_id = caller.user->id.str();
    } else {
      caller.role = snapshot_->role(who.account, who.name);
      caller.arn = assumed_role_arn(who.account, who.name, "test");
      caller.user_id = caller.role->id.str() + ":test";
      directory::Session session;
      session.account = who.account;
      session.issuer = caller.role->id;
      session.issuer_name = who.name;
      session.name = "test";
      session.issued = now;
      session.expires = now + std::chrono::hours(1);
      caller.session = std::make_shared<const directory::Session>(std::move(session));
    }
    return caller;
  }

  /// As a store commits: every guard holds, or nothing happens.
  void commit(const directory::Changes& changes) {
    for (const auto& guard : changes.guards()) {
      const auto at = store_.find(guard.key);
      ASSERT_EQ(at == store_.end() ? 0 : at->second, guard.revision) << "a guard does not hold: " << guard.key;
    }
    if (changes.empty()) return;
    ++revision_;
    std::vector<directory::StoredChange> written;
    std::map<std::string, int> times;
    for (const auto& write : changes.writes()) {
      EXPECT_EQ(++times[write.key], 1) << "written twice in one commit: " << write.key;
      if (write.value) {
        store_[write.key] = revision_;
      } else {
        store_.erase(write.key);
      }
      written.push_back({write.key, write.value});
    }
    auto next = snapshot_->apply(revision_, written);
    ASSERT_TRUE(next.ok()) << next.error().key << ": " << next.error().reason;
    snapshot_ = *next;
  }

  void add_statement(std::string_view name, std::string_view effect, std::string_view action, std::string_view resource,
                     std::string_view condition) {
    const directory::User* found = snapshot_->user(kAccount, name);
    ASSERT_NE(found, nullptr) << name;
    directory::User changed = *found;
    changed.inline_policies.push_back(
        {fmt::format("p{}", changed.inline_policies.size()),
         directory::PolicyText(fmt::format(
             R"({{"Version":"2012-10-17","Statement":[{{"Effect":"{}","Action":"{}","Resource":"{}","Condition":{}}}]}})",
             effect, action, resource, condition))});
    update(changed);
  }

  directory::SnapshotPtr snapshot_;
  directory::Revision revision_ = 0;
  std::map<std::string, directory::Revision> store_;
  std::unique_ptr<authn::SessionTokens> tokens_ = std::make_unique<authn::SessionTokens>(*vault);
};

/// Whether a call was answered with this error, to the letter.
template <class T>
testing::AssertionResult refused(const Result<T>& result, std::string_view code, int status, std::string_view message) {
  if (result) return testing::AssertionFailure() << "it succeeded";
  const Error& error = result.error();
  if (error.is(code) && error.status() == status && error.message() == message) return testing::AssertionSuccess();
  return testing::AssertionFailure() << error.status() << " " << error.code() << ": " << error.message();
}

}  // namespace deputy::iam
