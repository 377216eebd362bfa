// How the query services (IAM, STS) and the JSON services (Organizations) word a refused signature.
// docs/wire.md, 3.1 and 3.2. JSON services answer 400 throughout, with exception names of their own.
#pragma once

#include <string>
#include <string_view>

#include "authn/signature/identify.h"
#include "authn/signature/sigv4.h"
#include "base/error.h"

namespace deputy::authn::query_errors {

Error malformed_query(Dialect dialect, std::string fault);                 // row 4
Error both_mechanisms(Dialect dialect);                                    // row 5a
Error missing_token(Dialect dialect);                                      // rows 5b and 7a
Error unsupported_algorithm(Dialect dialect, std::string_view algorithm);  // row 6a
Error part_without_equals(Dialect dialect, std::string_view header);       // row 6b
/// Rows 6d and 7d: one sentence for each thing that is missing.
Error header_incomplete(Dialect dialect, const AuthorizationParts& parts, bool has_date, std::string_view header);
Error query_incomplete(Dialect dialect, bool credential, bool signature, bool signed_headers, bool date);
Error host_not_signed(Dialect dialect);  // row 8
/// Our own rule (docs/security.md), in the words of row 8: `name` as it was sent.
Error header_not_signed(Dialect dialect, std::string_view name);
Error bad_date(Dialect dialect, std::string_view sent);           // row 9
Error expired(Dialect dialect, std::string_view sent, Time now);  // row 10
Error not_yet(Dialect dialect, std::string_view sent, Time now);  // row 11
Error bad_credential(Dialect dialect, std::string_view sent);     // row 12
/// Row 13: one sentence for each part of the scope that is wrong; nothing is wrong: do not call.
Error wrong_scope(Dialect dialect, std::string sentences);
/// Rows 14, 15a, 15c and 17. AWS ends the sentence with a full stop in some of them and not in others.
Error invalid_token(Dialect dialect, bool full_stop);
Error expired_token(Dialect dialect);    // row 15b
Error wrong_signature(Dialect dialect);  // row 16

/// How far a request's time may be from ours.
std::chrono::minutes skew(Dialect dialect);

}  // namespace deputy::authn::query_errors
