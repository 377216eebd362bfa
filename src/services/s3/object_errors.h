// The errors of S3 about objects, their versions and uploads: docs/wire.md, 7. Buckets have theirs in errors.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "services/s3/errors.h"

namespace deputy::s3::errors {

Error no_such_key(std::string_view key);
/// Of a key whose newest version is a delete marker.
Error no_such_key(std::string_view key, const std::string& marker_version);
Error no_such_version(std::string_view key, std::string_view version);
/// It is no id that a version could have.
Error invalid_version_id(std::string_view sent);
/// What was asked of a delete marker, which has only a DELETE. `method`: of the request.
Error marker_not_allowed(std::string_view method, const std::string& version);
Error invalid_uri();
Error key_too_long(std::size_t size);
Error metadata_too_large(std::size_t size);
Error invalid_storage_class(std::string_view sent);
Error invalid_object_state(std::string_view storage_class);

/// A condition of the request, as it stands in its header: "If-Match".
Error precondition_failed(std::string_view condition);
/// Words of an answer of 501 about a header.
Error not_implemented(std::string_view header, std::string_view additional = {});

Error invalid_digest(std::string_view sent);
Error bad_md5(std::string_view sent_base64, std::string_view computed_base64);
Error bad_checksum(std::string_view algorithm);
Error invalid_checksum(std::string_view algorithm);
Error two_checksums();
Error unsupported_checksum();

Error invalid_range(std::string_view range, std::uint64_t size);
Error range_with_part();
Error invalid_part_number(std::int64_t asked, std::size_t count);

Error invalid_tagging_header(std::string_view sent);

Error invalid_copy_source();
Error copy_of_marker();
Error copy_onto_itself();
Error copy_too_large();

Error no_such_upload(std::string_view upload);
Error part_number_out_of_range(std::string_view sent);
Error invalid_part(std::string_view upload, std::int64_t number, std::string_view etag);
Error invalid_part_order(std::string_view upload);
Error no_parts();
Error part_too_small(std::uint64_t size, std::int64_t number, std::string_view etag);
Error other_object_size(std::int64_t said, std::uint64_t computed);
Error checksum_type_without_algorithm();
Error impossible_checksum_type(std::string_view type, std::string_view algorithm);
Error other_checksum_algorithm(std::string_view expected, std::string_view actual);
Error other_checksum_mode(std::string_view mode);
Error missing_part_checksum(std::string_view algorithm, std::int64_t number);
Error copy_range_form(std::string_view sent);
Error copy_range_end(std::string_view sent, std::uint64_t size);
Error copy_range_begin();

/// Of what goes to nobody who did not sign: response-content-type and its like.
Error headers_for_strangers();
Error version_marker_alone(std::string_view marker);
Error too_many_parts();
/// Of the whole of an upload, whose algorithm is told in lower case.
Error bad_whole_checksum(std::string_view algorithm);
/// Somebody else wrote the key since the upload began.
Error conditional_conflict(std::string_view condition, std::string_view key);
Error no_object_lock();
Error bypass_without_lock();

Error invalid_request(std::string_view message);
Error invalid_argument(std::string_view message, std::string_view argument);
Error invalid_argument(std::string_view message, std::string_view argument, std::string_view value);

}  // namespace deputy::s3::errors
