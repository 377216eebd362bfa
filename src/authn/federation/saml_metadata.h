// The metadata document of a SAML identity provider: who it is and with which certificates it signs.
// https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "base/time.h"

namespace deputy::authn {

struct SamlMetadata {
  static constexpr std::size_t kMaxCertificates = 10;

  std::string entity_id;
  std::vector<std::string> certificates;  // DER, each one whose key can check a signature; at least one
  std::optional<Time> valid_until;

  /// Errors: InvalidInput (no metadata, nothing to sign with, a certificate that is none), NotImplemented (no libxmlsec1 here).
  static Result<SamlMetadata> parse(std::string_view text);
};

/// xs:dateTime in UTC, as SAML writes it: 2026-07-24T10:11:12Z, with or without a fraction.
std::optional<Time> parse_saml_time(std::string_view text);

}  // namespace deputy::authn
