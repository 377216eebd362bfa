// The canonical form of a request, which client and server must both arrive at for a signature to fit, and the string
// that is signed. docs/wire.md, 3.4.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
//
// INVARIANT: no byte that a client chose can end a line of the canonical request early: paths and queries are
// percent-encoded, header names are those of headers that the request has, and a header value with a line break is
// refused (CanonicalTest.NoValueEndsALine).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authn/signature/query_string.h"
#include "authn/signature/sigv4.h"
#include "http/message.h"

namespace deputy::authn {

/// S3 keys may hold "//" and "/../", so S3 takes paths as they are and encodes them once; everybody else normalizes
/// the path and encodes what was sent once more.
enum class PathRule : std::uint8_t { kNormalized, kAsSent };

void append_canonical_path(std::string& out, std::string_view path, PathRule rule);
/// Sorted by encoded name, then value. With `presigned`, X-Amz-Signature is left out.
void append_canonical_query(std::string& out, std::span<const QueryString::Parameter> parameters, bool presigned);
/// "name:value\n" for each name. False if the request lacks one of them, or a value cannot be canonicalized.
bool append_canonical_headers(std::string& out, std::span<const http::Header> headers,
                              std::span<const std::string_view> names);

/// Replaces `out`. False as above: such a request has no canonical form, and no signature fits it.
bool canonical_request(std::string& out, const http::Request& request, const QueryString& query,
                       const SignedHeaders& signed_headers, PathRule rule, bool presigned,
                       std::string_view payload_hash);

/// Replaces `out`: algorithm, time, scope, and the hash of the canonical request, a line each.
void string_to_sign(std::string& out, std::string_view basic_time, std::string_view scope, std::string_view canonical);

}  // namespace deputy::authn
