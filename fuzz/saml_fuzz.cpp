// SAML from anybody: responses (base64 first, as they come) and metadata documents. Whatever comes is refused with a
// reason, or believed only if a certificate of ours signed it, which no input of a fuzzer did.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "authn/federation/saml_assertion.h"
#include "authn/federation/saml_metadata.h"
#include "base/encoding.h"

using namespace deputy;

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

directory::SamlProvider provider() {
  directory::SamlProvider made;
  made.account = *AccountId::parse("111111111111");
  made.name = "Corp";
  made.entity_id = "https://idp.example/saml";
  made.certificates = {"no certificate: no signature can be right"};
  made.valid_until = *parse_iso8601("2100-01-01T00:00:00Z");
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const directory::SamlProvider kProvider = provider();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto metadata = authn::SamlMetadata::parse(text)) {
    if (metadata->certificates.empty() || metadata->entity_id.empty()) fail("metadata of nobody");
  } else if (metadata.error().message().empty()) {
    fail("a refusal without a reason");
  }
  const authn::SamlClaim claim{"arn:aws:iam::111111111111:role/Reader", "arn:aws:iam::111111111111:saml-provider/Corp"};
  const Time now = *parse_iso8601("2026-07-24T10:11:12Z");
  if (authn::believe_saml(base64(text), &kProvider, claim, now)) fail("believed what nobody signed");
  return 0;
}
