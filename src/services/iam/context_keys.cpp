// Which context keys policies refer to: in their conditions, and as variables in resources and condition values.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
#include <unordered_set>

#include "base/arn.h"
#include "base/encoding.h"
#include "directory/policies.h"
#include "policy/document.h"
#include "protocol/iam/get_context_keys_for_custom_policy.h"
#include "protocol/iam/get_context_keys_for_principal_policy.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

constexpr std::string_view kVariablesSince = "2012-10-17";

/// Each once, as it is first written, in the order of the documents.
class Keys {
 public:
  Result<void> read(std::string_view json) {
    auto document = policy::parse(json, policy::Kind::kIdentity);
    if (!document) return errors::invalid_policy_input(document.error().message);
    const bool has_variables = document->version == kVariablesSince;
    for (const policy::Statement& statement : document->statements) {
      if (has_variables) {
        for (const policy::Text& resource : statement.resources) variables_of(resource.value);
      }
      for (const policy::ConditionEntry& condition : statement.conditions) {
        add(condition.key);
        if (!has_variables) continue;
        for (const std::string_view value : condition.values) variables_of(value);
      }
    }
    return {};
  }

  std::vector<std::string> take() { return std::move(keys_); }

 private:
  /// "${aws:PrincipalTag/team, 'none'}" refers to aws:PrincipalTag/team; "${*}" to nothing.
  void variables_of(std::string_view text) {
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
      text.remove_prefix(at + 2);
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) return;
      std::string_view name = text.substr(0, end);
      name = name.substr(0, name.find(','));
      while (name.ends_with(' ')) name.remove_suffix(1);
      if (name.find(':') != std::string_view::npos) add(name);
      text.remove_prefix(end + 1);
    }
  }
  void add(std::string_view key) {
    if (seen_.insert(ascii_lower(key)).second) keys_.emplace_back(key);
  }

  std::vector<std::string> keys_;
  std::unordered_set<std::string> seen_;  // keys are compared without case
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
struct GetContextKeysForCustomPolicy : shapes::GetContextKeysForCustomPolicy {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetContextKeysForCustomPolicy">())};
  }

  static Result<Outcome<Output>> execute(const At&, const Input& in) {
    Keys keys;
    for (const std::string& json : in.policy_input_list) TRY_VOID(keys.read(json));
    return Outcome<Output>{{.context_key_names = keys.take()}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html
struct GetContextKeysForPrincipalPolicy : shapes::GetContextKeysForPrincipalPolicy {
  /// The user, group or role that an ARN of the caller's account names, by type and name.
  struct Source {
    std::string_view type, name;
  };
  static Result<Source> source_of(const At& at, const Input& in) {
    const auto arn = Arn::split(in.policy_source_arn);
    if (!arn || arn->service != "iam" || arn->account != at.caller.account_id().view()) {
      return errors::unclear_entity_arn(in.policy_source_arn);
    }
    const std::size_t first = arn->resource.find('/'), last = arn->resource.rfind('/');
    const std::string_view type = arn->resource.substr(0, first);
    if (first == std::string_view::npos || (type != "user" && type != "group" && type != "role")) {
      return errors::unclear_entity_arn(in.policy_source_arn);
    }
    return Source{type, arn->resource.substr(last + 1)};
  }

  static Result<Accesses> access(const At& at, const Input& in) {
    const policy::Action& get = action<"iam:GetContextKeysForPrincipalPolicy">();
    TRY(const Source source, source_of(at, in));
    if (source.type == "user") return Accesses{on_user(get, at, source.name)};
    if (source.type == "group") return Accesses{on_group(get, at, source.name)};
    return Accesses{on_role(get, at, source.name)};
  }

  /// Inline policies, then attached ones; a user's are those of its groups, too.
  template <class Walk>
  static Result<void> read(const At& at, Keys& keys, Walk walk) {
    Result<void> all;
    walk([&](const directory::PolicyOrigin& policy) {
      if (const std::string* text = policy.text(at.snapshot)) all = keys.read(*text);
      return bool(all);
    });
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Source source, source_of(at, in));
    Keys keys;
    if (source.type == "user") {
      TRY(const User* user, find_user(at, source.name));
      TRY_VOID(read(at, keys, [&](auto see) { directory::each_policy(*user, account_of(at), see); }));
    } else if (source.type == "group") {
      TRY(const Group* group, find_group(at, source.name));
      TRY_VOID(read(at, keys, [&](auto see) { directory::each_own_policy(*group, see); }));
    } else {
      TRY(const Role* role, find_role(at, source.name));
      TRY_VOID(read(at, keys, [&](auto see) { directory::each_own_policy(*role, see); }));
    }
    for (const std::string& json : in.policy_input_list) TRY_VOID(keys.read(json));
    return Outcome<Output>{{.context_key_names = keys.take()}};
  }
};

}  // namespace

std::span<const Binding> context_key_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<GetContextKeysForCustomPolicy>(),
      bind<GetContextKeysForPrincipalPolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
