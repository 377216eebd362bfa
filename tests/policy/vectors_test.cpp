// Every case of cases/vectors.json through decide(). docs/policy-evaluation.md, section 0, says how a case reads.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <deque>
#include <string>
#include <vector>

#include "policy/compiled.h"
#include "policy/evaluate.h"

namespace deputy::policy {
namespace {

using simdjson::dom::element;

std::string_view text(element object, const char* name) {
  std::string_view value;
  return object[name].get(value) == simdjson::SUCCESS ? value : std::string_view{};
}

/// A case's policies and request, with the memory behind them.
class Case {
 public:
  explicit Case(element data) : request_(read_request(data["request"])) {
    const element policies = data["policies"];
    for (const element policy : policies["identity"].get_array())
      identity_.push_back(compiled(policy["document"], Kind::kIdentity));
    policies_.identity = identity_;
    if (!policies["boundary"].is_null()) policies_.boundary = compiled(policies["boundary"], Kind::kManaged);
    for (const element policy : policies["session"].get_array()) session_.push_back(compiled(policy, Kind::kIdentity));
    if (!session_.empty()) policies_.session = session_;
    if (element resource; policies["resource"].get(resource) == simdjson::SUCCESS && !resource.is_null()) {
      const std::string_view kind = text(resource, "kind");
      policies_.resource_kind = kind == "trust"    ? ResourceKind::kTrust
                                : kind == "key"    ? ResourceKind::kKey
                                : kind == "bucket" ? ResourceKind::kBucket
                                                   : ResourceKind::kGeneric;
      policies_.resource = compiled(resource["document"], kind == "trust" ? Kind::kTrust
                                                          : kind == "key" ? Kind::kKey
                                                                          : Kind::kBucket);
    }
    levels(policies["scp"], Kind::kScp, scp_, scp_sets_);
    policies_.scp = scp_sets_;
    levels(policies["rcp"], Kind::kRcp, rcp_, rcp_sets_);
    policies_.rcp = rcp_sets_;
    if (!policies["vpc_endpoint"].is_null()) policies_.endpoint = compiled(policies["vpc_endpoint"], Kind::kEndpoint);
  }

  [[nodiscard]] Decision decide() const { return policy::decide(policies_, request_); }

 private:
  Request read_request(element data) {
    Request request{.principal = read_principal(data["principal"]),
                    .action = Action(text(data, "action")),
                    .resource = text(data, "resource"),
                    .resource_account = text(data, "resource_account")};
    for (const auto [name, values] : data["context"].get_object()) {
      std::vector<std::string_view>& list = lists_.emplace_back();
      for (const element value : values.get_array()) list.push_back(value.get_string().value());
      context_.set(name, std::span<const std::string_view>(list));
    }
    request.context = &context_;
    return request;
  }

  static Principal read_principal(element data) {
    static constexpr std::string_view kTypes[] = {"root",    "user",      "role-session", "federated-user",
                                                  "service", "anonymous", "web-identity", "saml"};
    Principal p;
    for (std::size_t i = 0; i < std::size(kTypes); ++i) {
      if (kTypes[i] == text(data, "type")) p.type = static_cast<PrincipalType>(i);
    }
    p.arn = text(data, "arn");
    p.account = text(data, "account");
    p.unique_id = text(data, "unique_id");
    p.role_arn = text(data, "role_arn");
    p.user_arn = text(data, "user_arn");
    p.service = text(data, "service");
    return p;
  }

  const CompiledPolicy* compiled(element document, Kind kind) {
    const std::string& json = texts_.emplace_back(simdjson::to_string(document));
    auto parsed = parse(json, kind);
    if (!parsed) {
      ADD_FAILURE() << json << "\n" << parsed.error().detail;
      return nullptr;
    }
    auto policy = compile(*parsed, kind);
    if (!policy) {
      ADD_FAILURE() << json << "\n" << policy.error().detail;
      return nullptr;
    }
    return owned_.emplace_back(*policy).get();
  }

  using Levels = std::deque<std::vector<const CompiledPolicy*>>;
  void levels(element data, Kind kind, Levels& into, std::vector<Policies::Set>& sets) {
    for (const element level : data.get_array()) {
      auto& policies = into.emplace_back();
      for (const element policy : level.get_array()) policies.push_back(compiled(policy, kind));
    }
    for (const auto& level : into) sets.emplace_back(level);
  }

  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> lists_;
  Context context_;
  Request request_;
  std::vector<CompiledPolicyPtr> owned_;
  std::vector<const CompiledPolicy*> identity_, session_;
  Levels scp_, rcp_;
  std::vector<Policies::Set> scp_sets_, rcp_sets_;
  Policies policies_;
};

std::string_view layer_name(Layer layer) {
  static constexpr std::string_view kNames[] = {"rcp",      "scp",      "vpc_endpoint", "resource",
                                                "identity", "boundary", "session"};
  return kNames[static_cast<std::size_t>(layer)];
}

TEST(Vectors, EveryCaseIsDecidedAsExpected) {
  simdjson::dom::parser parser;
  const element cases = parser.load(DEPUTY_SOURCE_DIR "/tests/policy/cases/vectors.json");
  std::size_t count = 0;
  for (const element data : cases.get_array()) {
    ++count;
    const std::string name(text(data, "name"));
    const element expect = data["expect"];
    const Decision decision = Case(data).decide();
    EXPECT_EQ(decision.allowed() ? "Allow" : "Deny", text(expect, "decision"))
        << name << " [" << text(data, "rule") << "]";
    EXPECT_EQ(decision.explicit_deny, expect["explicit"].get_bool().value()) << name;
    if (const std::string_view layer = text(expect, "layer"); !layer.empty() && layer != "any" && !decision.allowed()) {
      EXPECT_EQ(layer_name(decision.layer), layer) << name << " [" << text(data, "rule") << "]";
    }
  }
  EXPECT_GE(count, 817U);
}

}  // namespace
}  // namespace deputy::policy
