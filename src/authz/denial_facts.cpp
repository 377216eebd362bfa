// What sts:DecodeAuthorizationMessage tells of a refused access (docs/wire.md, 6.1): AWS's JSON, in AWS's order.
//
// The reader is somebody of the caller's account. What another account decided, and the tags of its resource, are not
// his to see: of a refusal over there he learns no more than the sentence says. [D-5, D-9]
#include <optional>

#include "authz/ask.h"
#include "base/json_writer.h"
#include "policy/document.h"

namespace deputy::authz {
namespace {

using directory::Caller;

constexpr std::size_t kMostBytes = 6000;  // encrypted and in base64 it must fit EncodedMessage, 10240 characters
constexpr std::size_t kMostOfAValue = 512;

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

/// The document with the statement that denied, as it was written; nothing if none did, or if it is not the caller's
/// account that has it: what an organization's policies say is its management account's to read.
std::optional<policy::Document> matched(const policy::Decision& decision, const Ask& ask) {
  const std::optional<Source> source = ask.source_of(decision);
  if (!source || source->guardrail != nullptr || source->text == nullptr || decision.statement < 0) return std::nullopt;
  auto document = policy::parse(*source->text, policy::Kind::kIdentity);
  if (!document || static_cast<std::size_t>(decision.statement) >= document->statements.size()) return std::nullopt;
  return *std::move(document);
}

}  // namespace

std::string denial_facts(const Caller& caller, const Access& access, const policy::Decision& decision, const Ask& ask) {
  const bool own = access.owner.empty() || access.owner == caller.account_id();
  const bool decided_elsewhere = !own && decision.layer <= policy::Layer::kResource;
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("allowed").value(false);
  json.key("explicitDeny").value(decision.explicit_deny && !decided_elsewhere);
  json.key("matchedStatements").begin_object().key("items").begin_array();
  std::string part;
  if (const auto denied_by = matched(decided_elsewhere ? policy::Decision{} : decision, ask)) {
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
  ask.context().each([&](const std::string& name, policy::Context::Values values) {
    const bool of_resource = name.starts_with(policy::prefix(policy::TagFamily::kResourceTag)) ||
                             name.starts_with(policy::prefix(policy::TagFamily::kIamResourceTag)) ||
                             name.starts_with(policy::prefix(policy::TagFamily::kS3ExistingObjectTag));
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
