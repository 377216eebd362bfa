#include "cases/policy_case.h"

#include <algorithm>
#include <array>
#include <functional>

#include "policy/json.h"

namespace deputy::cases {
namespace {

using policy::Kind;
using policy::PrincipalType;
using policy::ResourceKind;

constexpr std::array<std::pair<std::string_view, PrincipalType>, 8> kTypes = {{
    {"root", PrincipalType::kRoot},
    {"user", PrincipalType::kUser},
    {"role-session", PrincipalType::kRoleSession},
    {"federated-user", PrincipalType::kFederatedUser},
    {"service", PrincipalType::kService},
    {"anonymous", PrincipalType::kAnonymous},
    {"web-identity", PrincipalType::kWebIdentity},
    {"saml", PrincipalType::kSaml},
}};

struct ResourceKindName {
  std::string_view name;
  ResourceKind kind;
  Kind document;
};
constexpr std::array<ResourceKindName, 4> kResourceKinds = {{{"trust", ResourceKind::kTrust, Kind::kTrust},
                                                             {"bucket", ResourceKind::kBucket, Kind::kBucket},
                                                             {"key", ResourceKind::kKey, Kind::kKey},
                                                             {"generic", ResourceKind::kGeneric, Kind::kBucket}}};

/// Reads the members of the schema; everything that is not as the schema says ends the reading.
class Reader {
 public:
  explicit Reader(std::string_view json) : json_(json), in_(json) {}

  bool read(PolicyCase::Source& to) {
    const bool good = members("the case", {{"name", [&] { return string(to.name); }},
                                           {"rule", [&] { return string(to.rule); }},
                                           {"request", [&] { return request(to); }},
                                           {"policies", [&] { return policies(to); }},
                                           {"expect", [&] { return expect(to); }}});
    return good && (in_.at_end() || fail("Something follows the case"));
  }
  bool elements(std::vector<std::string_view>& out) {
    return list("the cases", [&] { return raw(out.emplace_back()); }) && in_.at_end();
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  using Member = std::pair<std::string_view, std::function<bool()>>;

  bool fail(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence) + " (at byte " + std::to_string(in_.here().offset) + ").";
    return false;
  }

  bool members(std::string_view what, std::initializer_list<Member> known) {
    std::vector<std::string_view> seen;
    return object(what, [&](const std::string& name) {
      const auto* const member =
          std::find_if(known.begin(), known.end(), [&](const Member& m) { return m.first == name; });
      if (member == known.end()) return fail("\"" + name + "\" is no member of " + std::string(what));
      if (std::find(seen.begin(), seen.end(), member->first) != seen.end())
        return fail("\"" + name + "\" stands there twice");
      seen.push_back(member->first);
      return member->second();
    });
  }
  template <class Each>
  bool object(std::string_view what, Each each) {
    if (!in_.enter('{')) return fail(std::string(what) + " must be an object");
    if (in_.accept('}')) return in_.leave(), true;
    do {
      std::string_view name;
      if (!in_.string(name)) return fail("Here must stand a name in quotes");
      const std::string kept(name);
      if (!in_.accept(':')) return fail("Here must stand a colon");
      if (!each(kept)) return false;
    } while (in_.accept(','));
    in_.leave();
    return in_.accept('}') || fail("Here must stand a comma or }");
  }
  template <class Each>
  bool list(std::string_view what, Each each) {
    if (!in_.enter('[')) return fail(std::string(what) + " must be a list");
    if (in_.accept(']')) return in_.leave(), true;
    do {
      if (!each()) return false;
    } while (in_.accept(','));
    in_.leave();
    return in_.accept(']') || fail("Here must stand a comma or ]");
  }

  bool string(std::string& to) {
    std::string_view text;
    if (!in_.string(text)) return fail("Here must stand a string");
    to = text;
    return true;
  }
  bool string_or_null(std::string& to) {
    if (in_.peek() == 'n') return in_.null() || fail("Here must stand a string or null");
    return string(to);
  }
  bool raw(std::string_view& to) {
    const std::size_t begin = in_.here().offset;
    if (!in_.skip()) return fail("The JSON is broken");
    to = json_.substr(begin, in_.offset() - begin);
    return true;
  }
  bool document(std::string& to) {
    std::string_view text;
    if (!raw(text)) return false;
    to = text;
    return true;
  }
  bool document_or_null(std::optional<std::string>& to) {
    if (in_.peek() == 'n') return in_.null() || fail("Here must stand a document or null");
    return document(to.emplace());
  }
  bool documents(std::vector<std::string>& to) {
    return list("policies", [&] { return document(to.emplace_back()); });
  }

  bool request(PolicyCase::Source& to) {
    return members("the request", {{"principal", [&] { return principal(to); }},
                                   {"action", [&] { return string(to.action); }},
                                   {"resource", [&] { return string(to.resource); }},
                                   {"resource_account", [&] { return string_or_null(to.resource_account); }},
                                   {"context", [&] { return context(to); }}});
  }
  bool principal(PolicyCase::Source& to) {
    return members("the principal", {{"type", [&] { return string(to.principal_type); }},
                                     {"arn", [&] { return string_or_null(to.arn); }},
                                     {"account", [&] { return string_or_null(to.account); }},
                                     {"unique_id", [&] { return string_or_null(to.unique_id); }},
                                     {"role_arn", [&] { return string_or_null(to.role_arn); }},
                                     {"user_arn", [&] { return string_or_null(to.user_arn); }},
                                     {"service", [&] { return string_or_null(to.service); }}});
  }
  bool context(PolicyCase::Source& to) {
    return object("the context", [&](const std::string& key) {
      auto& values = to.context.emplace_back(key, std::vector<std::string>()).second;
      return list("the values of " + key, [&] { return string(values.emplace_back()); });
    });
  }
  bool policies(PolicyCase::Source& to) {
    return members("the policies", {{"identity", [&] { return identity(to); }},
                                    {"boundary", [&] { return document_or_null(to.boundary); }},
                                    {"session", [&] { return documents(to.session); }},
                                    {"resource", [&] { return resource(to); }},
                                    {"scp", [&] { return levels(to.scp); }},
                                    {"rcp", [&] { return levels(to.rcp); }},
                                    {"vpc_endpoint", [&] { return document_or_null(to.endpoint); }}});
  }
  bool identity(PolicyCase::Source& to) {
    return list("identity", [&] {
      std::string name;
      return members("an identity policy", {{"name", [&] { return string(name); }},
                                            {"document", [&] { return document(to.identity.emplace_back()); }}});
    });
  }
  bool resource(PolicyCase::Source& to) {
    if (in_.peek() == 'n') return in_.null() || fail("Here must stand a resource policy or null");
    return members("the resource policy", {{"kind", [&] { return string(to.resource_kind); }},
                                           {"document", [&] { return document(to.resource_policy.emplace()); }}});
  }
  bool levels(std::vector<std::vector<std::string>>& to) {
    return list("levels", [&] { return documents(to.emplace_back()); });
  }
  bool expect(PolicyCase::Source& to) {
    return members("expect", {{"decision", [&] { return string(to.decision); }},
                              {"layer", [&] { return string_or_null(to.layer); }},
                              {"explicit", [&] {
                                 std::string_view text;
                                 if (!in_.scalar(text)) return fail("Here must stand true or false");
                                 to.explicit_deny = text == "true";
                                 return true;
                               }}});
  }

  std::string_view json_;
  policy::JsonReader in_;
  std::string problem_;
};

}  // namespace

Result<std::unique_ptr<PolicyCase>, std::string> read_case(std::string_view json, std::string& name) {
  auto read = std::make_unique<PolicyCase>();
  Reader reader(json);
  const bool good = reader.read(read->source);
  name = read->source.name;
  if (!good) return reader.problem();
  return read;
}

std::optional<std::vector<std::string_view>> array_elements(std::string_view json) {
  std::vector<std::string_view> out;
  if (!Reader(json).elements(out)) return std::nullopt;
  return out;
}

PolicyCase::Set PolicyCase::compile_all(const std::vector<std::string>& documents, Kind kind,
                                        std::string_view element) {
  Set set;
  for (const std::string& json : documents) {
    const auto refuse = [&](const policy::Problem& problem) {
      if (problem_.empty()) {
        problem_ = std::string(element) + ": " + problem.message + (problem.detail.empty() ? "" : " " + problem.detail);
      }
      return Set();
    };
    const auto document = policy::parse(json, kind);
    if (!document) return refuse(document.error());
    auto compiled = policy::compile(*document, kind);
    if (!compiled) return refuse(compiled.error());
    owned_.push_back(*std::move(compiled));
    set.push_back(owned_.back().get());
  }
  return set;
}

const policy::CompiledPolicy* PolicyCase::compile_one(const std::optional<std::string>& document, Kind kind,
                                                      std::string_view element) {
  if (!document) return nullptr;
  const Set set = compile_all({*document}, kind, element);
  return set.empty() ? nullptr : set.front();
}

std::string PolicyCase::build() {
  const Source& s = source;
  const auto* const type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.first == s.principal_type; });
  if (type == kTypes.end()) return "There is no principal type \"" + s.principal_type + "\".";
  if (s.action.find(':') == std::string::npos) return "The action \"" + s.action + "\" has no service prefix.";
  if (s.resource.empty()) return "The resource is missing.";

  identity_ = compile_all(s.identity, Kind::kManaged, "identity");
  policies_.identity = identity_;
  if (!s.session.empty()) {
    session_ = compile_all(s.session, Kind::kSession, "session");
    policies_.session = session_;
  }
  policies_.boundary = compile_one(s.boundary, Kind::kManaged, "boundary");
  policies_.endpoint = compile_one(s.endpoint, Kind::kEndpoint, "vpc_endpoint");
  if (s.resource_policy) {
    const auto* const kind = std::find_if(kResourceKinds.begin(), kResourceKinds.end(),
                                          [&](const auto& k) { return k.name == s.resource_kind; });
    if (kind == kResourceKinds.end()) return "There is no kind of resource policy \"" + s.resource_kind + "\".";
    policies_.resource_kind = kind->kind;
    policies_.resource = compile_one(s.resource_policy, kind->document, "resource");
  }
  const auto bind = [&](const auto& levels, Kind kind, std::string_view element,
                        std::vector<policy::Policies::Set>& to) {
    for (const auto& level : levels) to.emplace_back(levels_.emplace_back(compile_all(level, kind, element)));
  };
  bind(s.scp, Kind::kScp, "scp", scp_);
  bind(s.rcp, Kind::kRcp, "rcp", rcp_);
  policies_.scp = scp_;
  policies_.rcp = rcp_;
  for (const auto& [key, texts] : s.context) context_.set(key, values_.emplace_back(texts.begin(), texts.end()));

  policy::Principal principal;
  principal.type = type->second;
  principal.arn = s.arn;
  principal.account = s.account;
  principal.unique_id = s.unique_id;
  principal.role_arn = s.role_arn;
  principal.user_arn = s.user_arn;
  principal.service = s.service;
  request_.emplace(policy::Request{principal, policy::Action(s.action), s.resource, s.resource_account, &context_});
  return problem_;
}

}  // namespace deputy::cases
