#include "policy/hostile.h"

#include <cstdio>
#include <cstdlib>

namespace deputy::policy::test {
namespace {

constexpr std::size_t kManagedPolicy = 6144;
constexpr std::size_t kServiceControlPolicy = 10240;
constexpr std::size_t kBucketPolicy = 20480;
constexpr std::size_t kUserPolicies = 10 + 1;  // managed and inline
constexpr std::size_t kGroups = 10;
constexpr std::size_t kLevels = 7;
constexpr std::size_t kPoliciesOfLevel = 5;
constexpr std::size_t kHeader = 15000;

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

/// Letters of its own for each number, so that no two patterns are one.
std::string letters(std::size_t number) {
  std::string out;
  for (int i = 0; i < 3; ++i, number /= 24) out += static_cast<char>('b' + number % 24);
  return out;
}

std::string numbered(std::string text, std::size_t number) {
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#', at)) {
    text.replace(at, 1, letters(number));
  }
  return text;
}

std::string statement(const HostileCase& c, Kind kind, const std::string& values) {
  const bool principal = kind == Kind::kBucket || kind == Kind::kRcp;
  std::string out = R"({"Effect":"Deny",)";
  if (principal) out += R"("Principal":"*",)";
  out += R"("Action":)" + c.action + R"(,"Resource":)" + c.resource;
  if (!c.condition.empty()) {
    const std::size_t colon = c.condition.find(" ");
    out += R"(,"Condition":{")" + c.condition.substr(0, colon) + R"(":{")" +
           numbered(c.condition.substr(colon + 1), 7) + R"(":[)" + values + "]}}";
  }
  return out + "}";
}

/// A Deny that does not hold, so that everything is asked.
std::string document(const HostileCase& c, Kind kind, std::size_t size) {
  const std::size_t room = size - 60;  // what stands around the statements
  std::string statements, values;
  if (c.value.empty()) {
    const std::string one = statement(c, kind, "");
    for (std::size_t n = 1 + room / (one.size() + 1); n > 0; --n) statements += (statements.empty() ? "" : ",") + one;
  } else {
    for (std::size_t number = 0;; ++number) {
      const std::string value = "\"" + numbered(c.value, number) + "\"";
      const std::string more = c.many_statements ? statement(c, kind, value) : value;
      std::string& to = c.many_statements ? statements : values;
      const std::size_t frame = c.many_statements ? 0 : statement(c, kind, "").size();
      if (!to.empty() && to.size() + more.size() + frame + 1 > room) break;
      to += (to.empty() ? "" : ",") + more;
    }
    if (!c.many_statements) statements = statement(c, kind, values);
  }
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

}  // namespace

std::vector<HostileCase> hostile_cases() {
  const std::string a = times(kHeader, "a");
  const std::string half = times(kHeader / 2, "a");
  const std::string any = R"("*")";
  std::vector<HostileCase> all;
  const auto add = [&](HostileCase c) { all.push_back(std::move(c)); };
  add({"patterns", any, any, "StringLike aws:UserAgent", "*aa#*", false, a});
  add({"patterns_alone", any, any, "StringLike aws:UserAgent", "*aa#*", true, a});
  add({"negated_patterns", any, any, "StringNotLike aws:UserAgent", "*", false, a});
  add({"patterns_of_rare_bytes", any, any, "StringLike aws:UserAgent", "*#*", true, a});
  add({"long_pieces", any, any, "StringLike aws:UserAgent", "*" + times(100, "a") + "#*", false, a});
  add({"very_long_pieces", any, any, "StringLike aws:UserAgent", "*" + times(240, "a") + "#" + times(10, "a") + "*",
       false, a});
  add({"longest_pieces", any, any, "StringLike aws:UserAgent", "*" + times(400, "a") + "#*", false, a});
  add({"marks", any, any, "StringLike aws:UserAgent", "*a?#*", false, a});
  add({"marks_in_middling_pieces", any, any, "StringLike aws:UserAgent", "*aaa?aa#*", false, a});
  add({"marks_in_long_pieces", any, any, "StringLike aws:UserAgent", "*" + times(64, "a?") + "#*", false, a});
  add({"stars", any, any, "StringLike aws:UserAgent", times(40, "a*") + "#", false, a});
  add({"stars_of_pairs", any, any, "StringLike aws:UserAgent", "*" + times(20, "aaaaa?*") + "#*", false, a});
  add({"variable_in_the_middle", any, any, "StringLike aws:UserAgent", "*${aws:Referer}#*", false, half + "a", half});
  add({"variable_and_mark", any, any, "StringLike aws:UserAgent", "*?${aws:Referer}#*", false, half + "a", half});
  add({"repeated_variable", any, any, "StringLike aws:UserAgent", "*" + times(300, "${aws:Referer}") + "#", false, half,
       half});
  add({"repeated_short_variable", any, any, "StringLike aws:UserAgent", "*" + times(30, "${aws:Referer}") + "#*", false,
       a, "aa"});
  add({"variable_in_an_arn", any, any, "ArnLike aws:UserAgent", "arn:*:iam:*:*:" + times(30, "${aws:Referer}") + "#*",
       false, "arn:aws:iam:::" + half, half});
  add({"variable_before_the_sixth_field", any, any, "ArnLike aws:UserAgent",
       "arn:${aws:Referer}*:iam:*:*:" + times(30, "${aws:Referer}") + "*#", false, "arn:" + half + ":iam:::" + half,
       half});
  add({"fallbacks", any, any, "StringEquals aws:UserAgent", times(40, "${a, ''}") + "#", false, a});
  add({"arn_patterns", any, any, "ArnLike aws:UserAgent", "arn:aws:*:*:*:*a#*", false, "arn:aws:iam:::" + a});
  add({"arn_without_colons", any, any, "ArnLike aws:UserAgent", "arn:*:*:*:*:#", false, "arn:" + a});
  add({"arn_of_colons", any, any, "ArnLike aws:UserAgent", "arn:*:*:*:*:*:?#*", false, "arn:" + times(kHeader, ":")});
  add({"numbers", any, any, "NumericEquals aws:UserAgent", "1", true, times(kHeader, "1")});
  add({"long_numbers", any, any, "NumericEquals aws:UserAgent", times(200, "1"), false, times(199, "1") + "2"});
  add({"dates", any, any, "DateEquals aws:UserAgent", "2026-01-01T00:00:00Z", true, times(kHeader, "1")});
  add({"addresses", any, any, "IpAddress aws:UserAgent", "10.0.0.0/8", true, a});
  add({"truths", any, any, "Bool aws:UserAgent", "true", true, a});
  add({"binary", any, any, "BinaryEquals aws:UserAgent", "YWFh", true, a});
  add({"equal_but_for_case", any, any, "StringEqualsIgnoreCase aws:UserAgent", times(120, "A") + "#", false,
       times(123, "a")});
  add({"equal_but_for_the_end", any, any, "StringEquals aws:UserAgent", times(120, "a") + "#", false, times(123, "a")});
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < 100; ++i) keys.push_back(times(125, "k") + letters(i));
  add({"patterns_and_values", any, any, "ForAnyValue:StringLike aws:TagKeys", "*kk#z*", false, "x", {}, keys});
  add({"texts_and_values", any, any, "ForAnyValue:StringEquals aws:TagKeys", "#", false, "x", {}, keys});
  add({"all_values", any, any, "ForAllValues:StringNotLike aws:TagKeys", "*kkbbb*", false, "x", {}, keys});
  add({"tags", any, any, "StringEquals aws:PrincipalTag/" + times(125, "k") + "zzz", "x", true, "x", {}, {}, keys});
  add({"short_tags", any, any, "StringEquals aws:PrincipalTag/k", "x", true, "x", {}, {}, keys});
  add({"tag_variables",
       any,
       any,
       "StringEquals aws:UserAgent",
       times(40, "${aws:PrincipalTag/k, ''}") + "#",
       false,
       a,
       {},
       {},
       keys});
  const std::string path = "arn:aws:iam::111111111111:user/" + times(512, "a") + "/" + times(64, "a");
  HostileCase resources{"resources", any, "[", "", ""};
  for (std::size_t i = 0; i < 120; ++i)
    resources.resource += (i > 0 ? ",\"" : "\"") + numbered("arn:aws:iam::*:*a#*", i) + "\"";
  resources.resource += "]";
  resources.requested = path;
  add(resources);
  resources.name = "resources_and_conditions";
  resources.condition = "StringLike aws:UserAgent";
  resources.value = "*aa#*";
  resources.user_agent = a;
  resources.resource = "[";
  for (std::size_t i = 0; i < 60; ++i)
    resources.resource += (i > 0 ? ",\"" : "\"") + ("arn:aws:iam::111111111111:user/" + times(i % 30, "a")) + "*\"";
  resources.resource += "]";
  add(resources);
  HostileCase actions{"actions", "[", any, "", ""};
  for (std::size_t i = 0; i < 200; ++i) actions.action += (i > 0 ? ",\"" : "\"") + numbered("iam:*i*#*", i) + "\"";
  actions.action += "]";
  add(actions);
  add({"small_statements", any, any, "Null a", "false", true, "x"});
  return all;
}

Hostile::Hostile(const HostileCase& c, bool distinct)
    : case_(c), distinct_(distinct), request_{{}, Action("iam:ListUsers"), case_.requested, "111111111111", &context_} {
  request_.principal = {.type = PrincipalType::kFederatedUser,
                        .arn = "arn:aws:sts::111111111111:federated-user/eve",
                        .account = "111111111111",
                        .unique_id = "111111111111:eve",
                        .user_arn = "arn:aws:iam::111111111111:user/eve",
                        .user_id = "AIDAEVEXXXXXXXXXXXXXX"};
  if (!case_.user_agent.empty()) context_.set(Key::kUserAgent, case_.user_agent);
  if (!case_.referer.empty()) context_.set(Key::kReferer, case_.referer);
  tag_keys_.assign(case_.tag_keys.begin(), case_.tag_keys.end());
  if (!tag_keys_.empty()) context_.set(Key::kTagKeys, tag_keys_);
  for (const std::string& key : case_.tags) context_.set_tag(TagFamily::kPrincipalTag, key, "value");

  make(Kind::kManaged, kManagedPolicy, kUserPolicies * (1 + kGroups), identity_);
  make(Kind::kSession, kManagedPolicy, kUserPolicies, session_);
  make(Kind::kScp, kServiceControlPolicy, kLevels * kPoliciesOfLevel, controls_);
  make(Kind::kManaged, kManagedPolicy, 1, others_);
  make(Kind::kBucket, kBucketPolicy, 1, others_);
  for (std::size_t i = 0; i < kLevels; ++i) {
    levels_.push_back(Policies::Set(controls_).subspan(i * kPoliciesOfLevel, kPoliciesOfLevel));
  }
  policies_.identity = identity_;
  policies_.session = session_;
  policies_.scp = levels_;
  policies_.boundary = others_[0];
  policies_.resource = others_[1];
  policies_.resource_kind = ResourceKind::kBucket;
}

void Hostile::make(Kind kind, std::size_t size, std::size_t count, std::vector<const CompiledPolicy*>& to) {
  const auto parsed = parse(document(case_, kind, size), kind);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && !distinct_) {
      to.push_back(to.back());
      continue;
    }
    auto compiled = parsed ? compile(*parsed, kind) : Result<CompiledPolicyPtr, Problem>(parsed.error());
    if (!compiled) {
      std::fprintf(stderr, "%s: %s\n", case_.name.c_str(), compiled.error().detail.c_str());
      std::abort();
    }
    owned_.push_back(*std::move(compiled));
    to.push_back(owned_.back().get());
  }
}

}  // namespace deputy::policy::test
