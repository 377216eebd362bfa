// SSH public keys and PEM: what is taken must come back the same from every form, and a certificate be whole.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/pem.h"
#include "crypto/signature.h"
#include "crypto/ssh_key.h"

using namespace deputy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto der = crypto::from_pem(text, "CERTIFICATE")) {
    const std::string again = crypto::to_pem(*der, "CERTIFICATE");  // in lines: it may be longer than what is taken
    if (again.size() <= crypto::kMostPemBytes && crypto::from_pem(again, "CERTIFICATE") != der) std::abort();
    (void)crypto::PublicKey::of_certificate(*der);
  }
  const auto key = crypto::SshKey::parse(text);
  if (!key) return 0;
  for (const std::string& form : {key->line(), key->pem()}) {
    const auto again = crypto::SshKey::parse(form);
    if (!again || again->modulus != key->modulus || again->exponent != key->exponent) std::abort();
  }
  if (key->fingerprint().size() != 47) std::abort();
  return 0;
}
