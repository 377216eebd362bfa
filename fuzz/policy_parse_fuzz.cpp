// Arbitrary bytes as a policy document of every type: parse, validate, compile.
//
// What must hold: a refusal has a sentence and a place in the document; what is taken on write compiles; the texts of a
// document lie where it says; and a policy beside a plain Deny of everything never allows.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "policy/compiled.h"
#include "policy/evaluate.h"
#include "policy/principals.h"

namespace {

using namespace deputy::policy;  // NOLINT(google-build-using-namespace)

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_refusal(const Problem& problem, std::string_view text) {
  require(!problem.message.empty(), "a refusal without a sentence");
  require(problem.position.offset <= text.size(), "a refusal beyond the document");
  require(problem.position.line >= 1 && problem.position.column >= 1, "a refusal at no place");
}

void check_texts(const Document& document) {
  for (const PrincipalAt& p : principals_of(document)) {
    const Text& at = p.element->text;
    require(at.position.offset < at.end && at.end <= document.source.size(), "a text that is nowhere");
    require(document.source[at.position.offset] == '"' && document.source[at.end - 1] == '"', "a text without quotes");
  }
}

/// Only S3 knows whose id a canonical user is: it stores the account. [P-10]
bool names_canonical_user(const Document& document) {
  const auto principals = principals_of(document);
  return std::any_of(principals.begin(), principals.end(),
                     [](const PrincipalAt& p) { return p.element->kind == PrincipalKind::kCanonicalUser; });
}

void check_deny(const CompiledPolicy* policy, Kind kind) {
  static const CompiledPolicyPtr kDenyAll = *compile(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})", Kind::kIdentity);
  const Request request{.principal = {.type = PrincipalType::kUser,
                                      .arn = "arn:aws:iam::111111111111:user/u",
                                      .account = "111111111111",
                                      .unique_id = "AIDAAAAAAAAAAAAAAAAAA"},
                        .action = Action("s3:GetObject"),
                        .resource = "arn:aws:s3:::bucket/a/b:c",
                        .resource_account = "111111111111"};
  const CompiledPolicy* both[] = {policy, kDenyAll.get()};
  Policies policies;
  const bool on_resource = kind == Kind::kTrust || kind == Kind::kBucket || kind == Kind::kKey;
  if (on_resource) policies.resource = policy;
  policies.identity = on_resource ? Policies::Set(both + 1, 1) : Policies::Set(both, 2);
  require(!decide(policies, request).allowed(), "a Deny of everything was passed over");
}

void check(std::string_view text, Kind kind) {
  const auto document = parse(text, kind);
  if (!document) return check_refusal(document.error(), text);
  require(document->source == text, "another source");
  check_texts(*document);
  const auto valid = validate(*document, kind);
  if (!valid) check_refusal(valid.error(), text);
  const auto compiled = compile(*document, kind);
  if (!compiled) {
    check_refusal(compiled.error(), text);
    require(!valid || names_canonical_user(*document), "taken on write, and does not compile");
    return;
  }
  // A document that would be refused on write may still compile; deciding with it must be safe all the same.
  check_deny(compiled->get(), kind);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Kind kind : {Kind::kIdentity, Kind::kManaged, Kind::kSession, Kind::kTrust, Kind::kBucket, Kind::kKey,
                          Kind::kEndpoint, Kind::kScp, Kind::kRcp}) {
    check(text, kind);
  }
  require(size_without_white_space(text) <= text.size(), "a size beyond the text");
  return 0;
}
