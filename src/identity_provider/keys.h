// What the provider signs with: made at the first use, and kept in a folder of its owner alone.
//
//   TRY(Keys keys, Keys::open("/data/identity-provider", clock.now()));
//   keys.rsa.sign(…)
//
//   rsa.key, ec.key     of tokens: PKCS #8 in PEM
//   saml.key, saml.pem  of assertions, and the certificate that stands in metadata
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/key_pair.h"
#include "host/files.h"

namespace deputy::identity_provider {

struct Keys {
  crypto::KeyPair rsa, ec;       // RSA of 2,048 bits, P-256
  crypto::KeyPair saml;          // RSA of 2,048 bits
  std::string saml_certificate;  // DER

  /// Makes what is not there yet, the folder too. Errors are sentences: a file that others may read, that is no key, …
  static host::Outcome<Keys> open(const std::string& folder, Time now);
};

/// The key's id: its thumbprint (RFC 7638), so that it is the same wherever it is asked for.
std::string key_id(const crypto::KeyPair& key);

/// The public halves of the keys of tokens, as a JSON Web Key Set (RFC 7517).
std::string key_set(const Keys& keys);

}  // namespace deputy::identity_provider
