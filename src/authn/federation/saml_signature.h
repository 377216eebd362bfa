// Internal to authn/: which part of a SAML response is signed, as the very bytes that were.
//
// INVARIANT: what comes out is what the digest was computed over, and nothing else is read afterwards. A second
// assertion beside, around or inside the signed one, however it is named, can therefore say nothing: signature wrapping
// has nothing to wrap (tests/wire/forged_assertions.json).
//
// The value of the signature is checked first, over the canonical form of its SignedInfo alone. Only what a certificate
// signed is handed to libxmlsec1, once, which checks all of it again and gives the bytes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "authn/federation/saml_xml.h"

namespace deputy::authn {

/// The signed element of `response`, a samlp:Response: itself, or its assertion; canonical XML. Nothing if no signature
/// of one of the certificates (DER) covers it in the one way that is taken: enveloped, exclusive canonicalization, RSA
/// or ECDSA with SHA-256 or better.
std::optional<std::string> signed_part(const SamlLibrary& library, const XmlDocument& response,
                                       std::span<const std::string> certificates);

}  // namespace deputy::authn
