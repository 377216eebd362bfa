// A directory of two accounts, and every service's operations called on it as the pipeline calls them: what each asks for
// is authorized first, then it runs, then what it wants written is committed under its guards.
//
//   World world;
//   auto made = world.call<iam::shapes::CreateRole>({.role_name = "deploy", .assume_role_policy_document = kTrustsA});
//   EXPECT_TRUE(refused(made, "EntityAlreadyExists", "Role with name deploy already exists."));
//   world.call<iam::shapes::GetRole>({.role_name = "deploy"}, user("alice"));      // by default root of A calls
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authn/session_token.h"
#include "crypto/random.h"
#include "crypto/vault.h"
#include "directory/usage.h"
#include "services/operation.h"

namespace deputy::tests {

inline constexpr const char* kA = "111111111111";
inline constexpr const char* kB = "222222222222";

/// A policy that allows everything, and a trust policy that trusts all of account A.
inline constexpr const char* kAllowAll =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
inline constexpr const char* kTrustsA =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]})";

/// Who calls; by name, since entities are others in each snapshot.
struct Who {
  std::string account = kA;
  std::string user = {};                                               // empty, and no role: root
  std::string role = {};                                               // a session of it
  std::shared_ptr<const directory::FederatedCall> believed = nullptr;  // whom an identity provider vouches for
};
inline Who root(std::string account = kA) { return {.account = std::move(account)}; }
inline Who user(std::string name, std::string account = kA) { return {std::move(account), std::move(name)}; }
inline Who session(std::string role, std::string account = kA) { return {std::move(account), {}, std::move(role)}; }
/// Who did not sign.
inline Who anonymous() { return {.account = {}}; }
/// Somebody without an account, as authn/ found the word of a provider: its kind is that of the provider's ARN.
inline Who believed(directory::FederatedCall call) {
  return {.believed = std::make_shared<const directory::FederatedCall>(std::move(call))};
}

class World {
 public:
  World();
  ~World();

  /// Asks, runs, commits. A commit that conflicts fails the test: use prepare() and commit() for races.
  template <class Op>
  Result<typename Op::Output> call(const typename Op::Input& in, const Who& who = {}) {
    TRY(services::ErasedOutcome outcome, run(Op::model, &in, who));
    EXPECT_TRUE(commit(outcome.changes)) << Op::model.name << " conflicted with nobody";
    if (outcome.refusal) return *std::move(outcome.refusal);
    return std::move(*static_cast<typename Op::Output*>(outcome.output.get()));
  }
  /// call() that must succeed.
  template <class Op>
  typename Op::Output must(const typename Op::Input& in, const Who& who = {}) {
    auto result = call<Op>(in, who);
    if (result) return std::move(result).value();
    ADD_FAILURE() << Op::model.name << ": " << result.error().code() << ": " << result.error().message();
    return {};
  }

  /// Asks and runs; nothing is committed.
  template <class Op>
  Result<typename Op::Output> attempt(const typename Op::Input& in, const Who& who = {}) {
    TRY(services::ErasedOutcome outcome, run(Op::model, &in, who));
    if (outcome.refusal) return *std::move(outcome.refusal);
    return std::move(*static_cast<typename Op::Output*>(outcome.output.get()));
  }

  /// What a call wants written, decided on this snapshot and not committed yet.
  template <class Op>
  directory::Changes prepare(const typename Op::Input& in, const Who& who = {}) {
    auto outcome = run(Op::model, &in, who);
    EXPECT_TRUE(outcome.ok()) << (outcome ? "" : outcome.error().message());
    return outcome ? std::move(outcome->changes) : directory::Changes();
  }
  /// False if a guard does not hold any more; then nothing is written.
  bool commit(const directory::Changes& changes);

  /// What a call asks permission for.
  template <class Op>
  authz::Accesses accesses(const typename Op::Input& in, const Who& who = {}) {
    auto asked = ask(Op::model, &in, who);
    EXPECT_TRUE(asked.ok()) << (asked ? "" : asked.error().message());
    return asked ? std::move(asked).value() : authz::Accesses();
  }

  /// Where an operation of that caller would run.
  [[nodiscard]] services::At place(const directory::Caller& caller) const { return at(caller); }
  void create_account(const std::string& id, const std::string& email = {});
  [[nodiscard]] const directory::Snapshot& snapshot() const { return *snapshot_; }
  [[nodiscard]] const crypto::Vault& vault() const { return *vault_; }

  Time now = *parse_iso8601("2026-07-24T10:11:12Z");
  std::string region = "us-east-1";  // of the endpoint that is called
  bool global_endpoint = false;      // it is the one of no region
  services::AccountLimits account_limits;
  directory::Usage usage;
  std::string body;                        // the bytes of the request, for operations that take some
  std::optional<services::BodySent> sent;  // the bytes of the last answer

 private:
  Result<services::ErasedOutcome> run(const protocol::Operation& model, const void* in, const Who& who);
  Result<authz::Accesses> ask(const protocol::Operation& model, const void* in, const Who& who);
  [[nodiscard]] directory::Caller caller(const Who& who) const;
  /// What buckets hold, as the server would tell the operation.
  [[nodiscard]] std::optional<objects::Seen> seen(const services::Binding& binding, const services::At& at,
                                                  const void* in) const;
  Result<services::BodyReceived> received(const services::Binding& binding, const services::At& at,
                                          const void* in) const;
  [[nodiscard]] services::At at(const directory::Caller& caller) const;

  [[nodiscard]] static const services::Binding& binding_of(const protocol::Operation& model);

  std::unique_ptr<crypto::Entropy> entropy_;
  std::unique_ptr<crypto::Vault> vault_;
  authn::SessionTokens tokens_;
  std::map<std::string, directory::Revision, std::less<>> revisions_;  // of what is stored
  std::map<std::string, std::string, std::less<>> held_;               // what no snapshot shows
  directory::SnapshotPtr snapshot_;
};

/// Whether a call was refused with this code, status and sentence.
template <class T>
testing::AssertionResult refused(const Result<T>& result, std::string_view code, int status, std::string_view message) {
  if (result) return testing::AssertionFailure() << "it succeeded";
  const Error& error = result.error();
  if (error.code() == code && error.status() == status && error.message() == message) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << error.status() << " " << error.code() << ": " << error.message();
}

/// The value of a context key of an access; empty: absent.
std::string key(const authz::Access& access, policy::Key key);

/// "arn:aws:iam::111111111111:user/alice"
std::string arn(std::string_view type_and_name, std::string_view account = kA);

}  // namespace deputy::tests
