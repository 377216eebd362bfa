// What a decision costs, what compiling a policy costs, and what a compiled statement weighs. docs/performance.md has
// the figures; bench/peers asks other engines the same guide case.
//
// Every request is made once, outside of the loop, as a server makes its requests from a snapshot: interned actions,
// borrowed text. Each case says with which decision it must end, so that none measures a mistake.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "policy/compiled.h"
#include "policy/evaluate.h"
#include "policy/hostile.h"
#include "policy/program.h"
#include "policy/work.h"

namespace {

using namespace deputy::policy;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kRoleArn = "arn:aws:iam::222222222222:role/CrossAccountAccessRole";

CompiledPolicyPtr policy(const std::string& json, Kind kind = Kind::kIdentity, std::size_t most = kMostDocumentBytes) {
  auto document = parse(json, kind, most);
  if (document) {
    if (auto compiled = compile(*document, kind)) return *std::move(compiled);
  }
  std::abort();
}

std::string document(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

/// The context of an ordinary request of a user or role. [K-2, K-5, K-6]
Context ordinary_context(std::string_view principal_arn) {
  Context context;
  context.set(Key::kPrincipalArn, principal_arn);
  context.set(Key::kPrincipalAccount, "111111111111");
  context.set(Key::kPrincipalOrgId, "o-a1b2c3d4e5");
  context.set(Key::kUsername, "crossAccountUser");
  context.set(Key::kUserId, "AIDACROSSACCOUNTUSER1");
  context.set(Key::kCurrentTime, "2026-06-15T12:00:00Z");
  context.set(Key::kEpochTime, "1781524800");
  context.set(Key::kSecureTransport, "true");
  context.set(Key::kSourceIp, "10.20.30.40");
  context.set(Key::kRequestedRegion, "us-east-1");
  context.set(Key::kViaAwsService, "false");
  context.set_tag(TagFamily::kPrincipalTag, "team", "blue");
  return context;
}

const Principal kUser{.type = PrincipalType::kUser,
                      .arn = "arn:aws:iam::111111111111:user/crossAccountUser",
                      .account = "111111111111",
                      .unique_id = "AIDACROSSACCOUNTUSER1"};
const Principal kRole{.type = PrincipalType::kRoleSession,
                      .arn = "arn:aws:sts::222222222222:assumed-role/CrossAccountAccessRole/dev",
                      .account = "222222222222",
                      .unique_id = "AROACROSSACCOUNTROLE1:dev",
                      .role_arn = kRoleArn};

void run(benchmark::State& state, const Policies& policies, const Request& request, bool allowed) {
  if (decide(policies, request).allowed() != allowed) return state.SkipWithError("not the decision that is meant");
  for (auto _ : state) {
    benchmark::DoNotOptimize(&request);
    Decision decision = decide(policies, request);
    benchmark::DoNotOptimize(decision);
  }
  state.SetItemsProcessed(state.iterations());
}

/// The guide: a user of account A becomes a role of account B. One decision, both accounts' sides.
void guide(benchmark::State& state) {
  const auto user =
      policy(document(R"({"Effect":"Allow","Action":"sts:AssumeRole","Resource":")" + std::string(kRoleArn) + R"("})"));
  const auto trust = policy(document(R"({"Effect":"Allow","Principal":{"AWS":")" + std::string(kUser.arn) +
                                     R"("},"Action":"sts:AssumeRole"})"),
                            Kind::kTrust);
  const CompiledPolicy* identity[] = {user.get()};
  const Context context = ordinary_context(kUser.arn);
  const Request request{kUser, Action("sts:AssumeRole"), kRoleArn, "222222222222", &context};
  run(state, {.identity = identity, .resource = trust.get(), .resource_kind = ResourceKind::kTrust}, request, true);
}
BENCHMARK(guide);
BENCHMARK(guide)->Threads(2)->UseRealTime();

/// The same with what a careful trust policy asks: account principal, external id, MFA, source address.
void guide_with_conditions(benchmark::State& state) {
  const auto user =
      policy(document(R"({"Effect":"Allow","Action":"sts:AssumeRole","Resource":")" + std::string(kRoleArn) + R"("})"));
  const auto trust = policy(document(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},
      "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"customer-42"},
      "Bool":{"aws:MultiFactorAuthPresent":"true"},"IpAddress":{"aws:SourceIp":["192.0.2.0/24","10.20.0.0/16"]},
      "ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/cross*"}}})"),
                            Kind::kTrust);
  const CompiledPolicy* identity[] = {user.get()};
  Context context = ordinary_context(kUser.arn);
  context.set(Key::kExternalId, "customer-42");
  context.set(Key::kMultiFactorAuthPresent, "true");
  const Request request{kUser, Action("sts:AssumeRole"), kRoleArn, "222222222222", &context};
  run(state, {.identity = identity, .resource = trust.get(), .resource_kind = ResourceKind::kTrust}, request, true);
}
BENCHMARK(guide_with_conditions);

/// GetObject of a role session: its policy, and a bucket policy that demands TLS.
void s3_call_of_a_role(benchmark::State& state) {
  const auto role = policy(document(R"({"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"},
      {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::reports"},
      {"Effect":"Allow","Action":["s3:GetObject*","s3:PutObject"],"Resource":"arn:aws:s3:::reports/${aws:PrincipalTag/team}/*"})"));
  const auto bucket = policy(document(R"({"Effect":"Deny","Principal":"*","Action":"s3:*",
      "Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},
      {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"s3:GetObject",
      "Resource":"arn:aws:s3:::reports/*"})"),
                             Kind::kBucket);
  const CompiledPolicy* identity[] = {role.get()};
  const Context context = ordinary_context(kRoleArn);
  const Request request{kRole, Action("s3:GetObject"), "arn:aws:s3:::reports/blue/2026/06/15.csv", "222222222222",
                        &context};
  run(state, {.identity = identity, .resource = bucket.get(), .resource_kind = ResourceKind::kBucket}, request, true);
}
BENCHMARK(s3_call_of_a_role);
BENCHMARK(s3_call_of_a_role)->Threads(2)->UseRealTime();

/// One statement of a large account: a service, some actions, two resources, a condition.
std::string statement(std::size_t number, std::string_view service) {
  const std::string n = std::to_string(number);
  const std::string s(service);
  const std::string condition[] = {R"("StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"})",
                                   R"("IpAddress":{"aws:SourceIp":["192.0.2.0/24","10.0.0.0/8"]})",
                                   R"("Bool":{"aws:SecureTransport":"true"})",
                                   R"("StringLike":{"aws:PrincipalTag/team":["red-*","blue*"]})"};
  const std::string name = number % 3 == 0 ? "Get*" : number % 3 == 1 ? "GetObject" : "PutObject";
  return R"({"Sid":"S)" + n + R"(","Effect":")" + (number % 7 == 6 ? "Deny" : "Allow") + R"(","Action":[")" + s + ":" +
         name + R"(",")" + s + ":List*" + R"(",")" + s + R"(:DescribeThing"],"Resource":["arn:aws:)" + s + ":::data-" +
         n + R"(","arn:aws:)" + s + ":::data-" + n + R"(/*"],"Condition":{)" + condition[number % 4] + "}}";
}

constexpr std::string_view kServices[] = {"s3", "ec2", "sqs", "sns", "dynamodb", "kms", "lambda", "logs", "rds", "ecs"};

struct Many {
  std::vector<CompiledPolicyPtr> owned;
  std::vector<const CompiledPolicy*> set;
  std::size_t statements = 0;
};

/// `count` policies of `each` statements, all of one service or spread over ten.
Many many(std::size_t count, std::size_t each, bool one_service) {
  Many out;
  for (std::size_t p = 0; p < count; ++p) {
    std::string statements;
    for (std::size_t i = 0; i < each; ++i) {
      const std::size_t number = out.statements++;
      if (i > 0) statements += ",";
      statements += statement(number, one_service ? "s3" : kServices[number % std::size(kServices)]);
    }
    out.owned.push_back(policy(document(statements), Kind::kIdentity, std::size_t{64} << 20U));
    out.set.push_back(out.owned.back().get());
  }
  return out;
}

void run_many(benchmark::State& state, const Many& policies, const std::string& resource, bool allowed) {
  const Context context = ordinary_context(kUser.arn);
  const Request request{kUser, Action("s3:GetObject"), resource, "111111111111", &context};
  run(state, {.identity = policies.set}, request, allowed);
}

/// Arguments: policies, statements in each, whether all are of the request's service.
void statements_hit(benchmark::State& state) {
  const Many policies =
      many(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), state.range(2) != 0);
  // The last statement that allows s3:GetObject.
  std::size_t last = policies.statements - 1;
  while (last % 10 != 0 || last % 3 == 2 || last % 7 == 6) --last;
  run_many(state, policies, "arn:aws:s3:::data-" + std::to_string(last) + "/2026/06/15.csv", true);
}
void statements_miss(benchmark::State& state) {
  const Many policies =
      many(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), state.range(2) != 0);
  run_many(state, policies, "arn:aws:s3:::other/2026/06/15.csv", false);
}
void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"policies", "each", "one_service"});
  benchmark->Args({10, 20, 0})->Args({10, 20, 1})->Args({1, 200, 1})->Args({1, 1000, 1})->Args({1, 10000, 1});
  benchmark->Args({50, 200, 1});
}
BENCHMARK(statements_hit)->Apply(sizes);
BENCHMARK(statements_miss)->Apply(sizes);
BENCHMARK(statements_hit)->Args({10, 20, 0})->Threads(2)->UseRealTime();

/// Patterns that cost others exponential or quadratic time; the text is `range` bytes long.
void worst_glob(benchmark::State& state, const std::string& piece) {
  std::string pattern = "arn:aws:s3:::b/*";
  for (int i = 0; i < 60; ++i) pattern += piece;
  pattern += "b*";
  const auto compiled =
      policy(document(R"({"Effect":"Allow","Action":"s3:GetObject","Resource":")" + pattern + R"("})"));
  const CompiledPolicy* set[] = {compiled.get()};
  const std::string resource = "arn:aws:s3:::b/" + std::string(static_cast<std::size_t>(state.range(0)), 'a');
  const Context context = ordinary_context(kUser.arn);
  const Request request{kUser, Action("s3:GetObject"), resource, "111111111111", &context};
  run(state, {.identity = set}, request, false);
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(worst_glob, stars, std::string("a*"))->Arg(250)->Arg(1000);
BENCHMARK_CAPTURE(worst_glob, stars_and_marks, std::string("a?*"))->Arg(250)->Arg(1000);
BENCHMARK_CAPTURE(worst_glob, long_pieces, std::string("aaaaaaaaaaaab*"))->Arg(250)->Arg(1000);

/// The slowest decisions that quotas and the limits on a request let a tenant make: each ends in a denial, most of them
/// because their steps are used up.
void hostile(benchmark::State& state, const test::HostileCase& c) {
  const test::Hostile made(c, true);
  run(state, made.policies(), made.request(), false);
  Work work;
  (void)decide(made.policies(), made.request(), work);
  state.counters["steps"] = static_cast<double>(work.steps());
}
const int kHostile = [] {
  for (const test::HostileCase& c : test::hostile_cases()) {
    benchmark::RegisterBenchmark(("hostile/" + c.name).c_str(), [c](benchmark::State& state) {
      hostile(state, c);
    })->Unit(benchmark::kMillisecond);
  }
  return 0;
}();

/// Policy text to compiled policy, and what a compiled statement weighs.
void compile_text(benchmark::State& state, const std::string& json) {
  std::size_t bytes = 0;
  std::size_t statements = 0;
  for (auto _ : state) {
    auto compiled = compile(json, Kind::kIdentity);
    if (!compiled) return state.SkipWithError("does not compile");
    bytes = (*compiled)->arena.bytes() + sizeof(CompiledPolicy);
    statements = (*compiled)->statements.size();
    benchmark::DoNotOptimize(compiled);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
  state.counters["bytes/statement"] = static_cast<double>(bytes) / static_cast<double>(statements);
  state.counters["text/statement"] = static_cast<double>(json.size()) / static_cast<double>(statements);
}
void parse_text(benchmark::State& state, const std::string& json) {
  for (auto _ : state) {
    auto parsed = parse(json, Kind::kIdentity);
    if (!parsed) return state.SkipWithError("does not parse");
    benchmark::DoNotOptimize(parsed);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
}
std::string twenty_statements() {
  std::string statements;
  for (std::size_t i = 0; i < 20; ++i) statements += (i > 0 ? "," : "") + statement(i, kServices[i % 10]);
  return document(statements);
}
/// As people write and tools print them.
const std::string kGuideText = R"({
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "arn:aws:iam::222222222222:role/CrossAccountAccessRole"
        }
    ]
})";
BENCHMARK_CAPTURE(compile_text, twenty_statements, twenty_statements());
BENCHMARK_CAPTURE(compile_text, guide, kGuideText);
BENCHMARK_CAPTURE(parse_text, twenty_statements, twenty_statements());

}  // namespace
