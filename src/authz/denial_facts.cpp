// What sts:DecodeAuthorizationMessage tells of a refused access (docs/wire.md, 6.1): AWS's JSON, in AWS's order.
//
// The reader is somebody of the caller's account. What another account decided, and the tags of its resource, are not
// his to see: of a refusal over there he learns no more than the sentence says. [D-5, D-9]
#include <optional>

#include "authz/authorize.h"
#include "base/json_writer.h"
#include "policy/document.h"

namespace deputy::authz {
namespace {

using directory::Caller;
using policy::CompiledPolicy;

constexpr std::size_t kMostBytes = 6000;  // encrypted and in base64 it must fit EncodedMessage, 10240 characters
constexpr std::size_t kMostOfAValue = 512;

template <class Entity>
const std::string* text_in(const Entity& entity, const CompiledPolicy* wanted, const directory::Snapshot& snapshot) {
  for (const auto& policy : entity.inline_policies) {
    if (policy.document.compiled() == wanted) return &policy.document.text();
  }
  for (const std::string& arn : entity.attached_policies) {
    const auto* policy = snapshot.policy_by_arn(arn);
    if (policy != nullptr && policy->current().document.compiled() == wanted) return &policy->current().document.text();
  }
  return nullptr;
}

const std::string* text_of_managed(std::string_view arn, const CompiledPolicy* wanted,
                                   const directory::Snapshot& snapshot) {
  const auto* policy = arn.empty() ? nullptr : snapshot.policy_by_arn(arn);
  if (policy == nullptr || policy->current().document.compiled() != wanted) return nullptr;
  return &policy->current().document.text();
}

/// The document that was compiled into `wanted`, where the caller's side has it: the places of CallerPolicies::gather.
const std::string* text_of(const CompiledPolicy* wanted, const Caller& caller, const directory::Snapshot& snapshot) {
  if (caller.role != nullptr) {
    if (const auto* text = text_in(*caller.role, wanted, snapshot)) return text;
    if (const auto* text = text_of_managed(caller.role->boundary, wanted, snapshot)) return text;
  } else if (caller.user != nullptr) {
    if (const auto* text = text_in(*caller.user, wanted, snapshot)) return text;
    for (const UniqueId& id : caller.user->groups) {
      const auto* group = caller.account->groups_by_id.get(id.str());
      if (group == nullptr) continue;
      if (const auto* text = text_in(*group, wanted, snapshot)) return text;
    }
    if (const auto* text = text_of_managed(caller.user->boundary, wanted, snapshot)) return text;
  }
  if (!caller.session) return nullptr;
  if (caller.session->policy && caller.session->compiled.get() == wanted) return &*caller.session->policy;
  for (const std::string& arn : caller.session->policy_arns) {
    if (const auto* text = text_of_managed(arn, wanted, snapshot)) return text;
  }
  return nullptr;
}

/// {"items":[{"value":…},…]}
template <class Values, class Text>
void items(JsonWriter& json, std::string_view name, const Values& values, const Text& text) {
  json.key(name).begin_object().key("items").begin_array();
  for (const auto& value : values) json.begin_object().key("value").value(text(value)).end_object();
  json.end_array().end_object();
}

void statement(JsonWriter& json, const policy::Statement& s) {
  const auto value = [](const auto& element) -> std::string_view { return element.value; };
  json.begin_object().key("statementId").value(s.sid).key("effect").value(s.allow ? "ALLOW" : "DENY");
  items(json, "principals", s.principals,
        [](const policy::PrincipalElement& p) -> std::string_view { return p.text.value; });
  json.key("principalGroups").begin_object().key("items").begin_array().end_array().end_object();
  items(json, "actions", s.actions, value);
  items(json, "resources", s.resources, value);
  json.key("conditions").begin_object().key("items").begin_array();
  for (const policy::ConditionEntry& condition : s.conditions) {
    json.begin_object().key("key").value(condition.key);
    items(json, "values", condition.values, [](std::string_view v) { return v; });
    json.end_object();
  }
  json.end_array().end_object().end_object();
}

/// The document with the statement that denied, as it was written; nothing if none did, or if the caller's side does
/// not have it.
std::optional<policy::Document> matched(const Caller& caller, const policy::Decision& decision,
                                        const directory::Snapshot& snapshot) {
  if (decision.policy == nullptr || decision.statement < 0) return std::nullopt;
  const std::string* text = text_of(decision.policy, caller, snapshot);
  if (text == nullptr) return std::nullopt;
  auto document = policy::parse(*text, policy::Kind::kIdentity);
  if (!document || static_cast<std::size_t>(decision.statement) >= document->statements.size()) return std::nullopt;
  return *std::move(document);
}

}  // namespace

std::string denial_facts(const Caller& caller, const Access& access, const policy::Decision& decision,
                         const policy::Context& context, const directory::Snapshot& snapshot) {
  const bool own = access.owner.empty() || access.owner == caller.account_id();
  const bool decided_elsewhere = !own && decision.layer <= policy::Layer::kResource;
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("allowed").value(false);
  json.key("explicitDeny").value(decision.explicit_deny && !decided_elsewhere);
  json.key("matchedStatements").begin_object().key("items").begin_array();
  std::string part;
  if (const auto denied_by = matched(caller, decided_elsewhere ? policy::Decision{} : decision, snapshot)) {
    JsonWriter writer(part);
    statement(writer, denied_by->statements[static_cast<std::size_t>(decision.statement)]);
    if (part.size() < kMostBytes / 2) json.raw(part);
  }
  json.end_array().end_object();
  json.key("failures").begin_object().key("items").begin_array().end_array().end_object();
  json.key("context").begin_object();
  json.key("principal").begin_object().key("id").value(caller.user_id).key("arn").value(caller.arn).end_object();
  json.key("action").value(access.action.name).key("resource").value(access.resource);
  json.key("conditions").begin_object().key("items").begin_array();
  context.each([&](const std::string& name, policy::Context::Values values) {
    const bool of_resource = name.starts_with(policy::prefix(policy::TagFamily::kResourceTag)) ||
                             name.starts_with(policy::prefix(policy::TagFamily::kIamResourceTag));
    if (of_resource && !own) return;
    part.clear();
    JsonWriter one(part);
    one.begin_object().key("key").value(name);
    items(one, "values", values, [](std::string_view v) { return v.substr(0, kMostOfAValue); });
    one.end_object();
    if (out.size() + part.size() < kMostBytes) json.raw(part);
  });
  json.end_array().end_object().end_object().end_object();
  return out;
}

}  // namespace deputy::authz
