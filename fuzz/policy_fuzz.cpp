// Arbitrary bytes as a policy document of every type: parse, validate, compile, decide.
//
// What must hold: a refusal has a sentence; what compiles decides without a crash, the same each time; and a policy
// beside a plain Deny of everything never allows.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "policy/compiled.h"
#include "policy/evaluate.h"

namespace {

using namespace deputy::policy;  // NOLINT(google-build-using-namespace)

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void decide_with(const CompiledPolicy* policy, Kind kind) {
  static const CompiledPolicyPtr kDenyAll = *compile(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})", Kind::kIdentity);
  Context context;
  context.set(Key::kSourceIp, "10.0.0.4");
  context.set(Key::kUsername, "a*b");
  context.set(Key::kCurrentTime, "2026-06-15T12:00:00Z");
  context.set_tag(TagFamily::kPrincipalTag, "team", "*");
  const std::string_view keys[] = {"a", "", "team"};
  context.set(Key::kTagKeys, keys);
  Request request{.principal = {.type = PrincipalType::kUser,
                                .arn = "arn:aws:iam::111111111111:user/u",
                                .account = "111111111111",
                                .unique_id = "AIDAAAAAAAAAAAAAAAAAA"},
                  .action = Action("s3:GetObject"),
                  .resource = "arn:aws:s3:::bucket/a/b:c",
                  .resource_account = "111111111111",
                  .context = &context};
  const CompiledPolicy* both[] = {policy, kDenyAll.get()};
  Policies policies;
  const bool on_resource = kind == Kind::kTrust || kind == Kind::kBucket || kind == Kind::kKey;
  if (on_resource) {
    policies.resource = policy;
    policies.resource_kind = kind == Kind::kTrust ? ResourceKind::kTrust : ResourceKind::kBucket;
  } else {
    policies.identity = {both, 1};
  }
  const Decision first = decide(policies, request), second = decide(policies, request);
  if (first.effect != second.effect || first.statement != second.statement)
    fail("two decisions of one question differ");
  policies.identity = on_resource ? Policies::Set(both + 1, 1) : Policies::Set(both, 2);
  if (decide(policies, request).allowed()) fail("a Deny of everything was passed over");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Kind kind : {Kind::kIdentity, Kind::kManaged, Kind::kSession, Kind::kTrust, Kind::kBucket, Kind::kKey,
                          Kind::kEndpoint, Kind::kScp, Kind::kRcp}) {
    const auto document = parse(text, kind);
    if (!document) {
      if (document.error().message.empty()) fail("a refusal without a sentence");
      continue;
    }
    // A document that would be refused on write may still compile; deciding with it must be safe all the same.
    const auto valid = validate(*document, kind);
    if (!valid && valid.error().message.empty()) fail("a refusal without a sentence");
    if (const auto compiled = compile(*document, kind)) decide_with(compiled->get(), kind);
  }
  (void)size_without_white_space(text);
  return 0;
}
