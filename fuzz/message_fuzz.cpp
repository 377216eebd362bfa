// Arbitrary bytes as an encoded authorization message. What must hold: nobody but the server can make one.
#include <cstdio>
#include <cstdlib>

#include "authn/authorization_message.h"
#include "base/encoding.h"
#include "crypto/random.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace deputy;  // NOLINT(google-build-using-namespace)
  static const auto entropy = crypto::seeded_entropy(1);
  static const auto vault = crypto::Vault::ephemeral(*entropy);
  static const directory::Account account = [] {
    directory::Account made;
    made.id = *AccountId::parse("111111111111");
    made.generation = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
    return made;
  }();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string forged = base64(std::string("\1", 1).append(bytes));  // past the version
  for (const std::string_view message : {bytes, std::string_view(forged)}) {
    if (authn::open_authorization_message(*vault, account, Time{}, message)) {
      std::fputs("bytes opened as a message\n", stderr);
      std::abort();
    }
  }
  return 0;
}
