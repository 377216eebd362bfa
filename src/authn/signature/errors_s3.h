// How S3 words a refused signature, with the extra elements that stand between Message and RequestId.
// docs/wire.md, 3.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authn/signature/sigv4.h"
#include "base/error.h"

namespace deputy::authn::s3_errors {

/// Where a claim stands decides how its credential's faults are introduced.
enum class Place : std::uint8_t { kHeader, kQuery };

Error invalid_uri();
Error both_mechanisms(std::string_view header);
Error not_one_blank(std::string_view header);
Error unsupported_type(std::string_view header);
Error signature_version_2();
Error parts_missing(Place place);
Error unsupported_algorithm();  // presigned
Error bad_credential(Place place);
Error empty_access_key(Place place);
Error bad_scope_date(Place place, std::string_view date);
Error other_scope_date(Place place, std::string_view date, std::string_view request_date);
Error wrong_region(Place place, std::string_view region, std::string_view expected);
Error wrong_service(Place place, std::string_view service);
Error wrong_terminator(Place place, std::string_view terminator);

Error no_date();
Error bad_date_unsigned();  // of a request that is not signed
Error bad_presigned_date();
Error too_skewed(std::string_view sent, Time now);
Error expires_no_number();
Error expires_negative();
Error expires_too_long();
Error not_yet_valid(Time sent, Time end, Time now);
Error has_expired(std::string_view expires, Time end, Time now);

Error missing_content_hash();
Error bad_content_hash(std::string_view value);
Error other_content_hash(std::string_view claimed, std::string_view computed);
// Of bodies in chunks.
Error incomplete_body();
Error missing_length();
Error bad_decoded_length(std::string_view value);
/// `chunk`: the one that shows that the one before it was not the last.
Error chunk_too_small(std::uint64_t chunk, std::uint64_t size_before);
Error malformed_trailer();
Error trailer_not_supported();
Error several_checksums();
Error checksum_and_trailer();
Error anonymous_chunks();
Error no_ecdsa_chunks();

Error headers_not_signed(const std::vector<std::string>& names);

Error unknown_key(std::string_view access_key_id);
/// `tokens`: as sent, each once more if it came twice.
Error bad_token(const std::vector<std::string_view>& tokens);
Error expired_token(const std::vector<std::string_view>& tokens);

Error wrong_signature(std::string_view access_key_id, std::string_view signature, std::string_view to_sign,
                      std::string_view canonical);

}  // namespace deputy::authn::s3_errors
