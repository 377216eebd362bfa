// The certificate of the provider's listener, for the hosts of its issuers, by an authority of its own: `ca.pem` is what
// `deputy serve --issuer-ca` takes.
//
//   ca.pem     the authority's certificate
//   tls.pem    the listener's private key, its certificate and the authority's
//   tls.hosts  for whom that is, and until when: it is used again as long as that suits
//
// INVARIANT: the authority's private key is in memory alone, and only until it signed that one certificate. Whoever trusts
// `ca.pem` therefore trusts this one listener: no other certificate can ever come from there.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "host/files.h"

namespace deputy::identity_provider {

inline constexpr const char *kAuthorityFile = "ca.pem", *kListenerFile = "tls.pem";

/// Makes the files where they are not there, do not suit these hosts, or end within a month. Whether it made them.
host::Outcome<bool> certify_listener(const std::string& folder, std::vector<std::string> hosts, Time now);

}  // namespace deputy::identity_provider
