#include "services/s3/object_errors.h"

#include "base/encoding.h"

namespace deputy::s3::errors {
namespace {

Error bad_digest(std::string message) { return {"BadDigest", 400, std::move(message)}; }

}  // namespace

Error invalid_request(std::string_view message) { return {"InvalidRequest", 400, std::string(message)}; }
Error invalid_argument(std::string_view message, std::string_view argument) {
  return Error("InvalidArgument", 400, std::string(message)).with("ArgumentName", std::string(argument));
}
Error invalid_argument(std::string_view message, std::string_view argument, std::string_view value) {
  return invalid_argument(message, argument).with("ArgumentValue", std::string(value));
}
Error no_such_key(std::string_view key) {
  return Error("NoSuchKey", 404, "The specified key does not exist.").with("Key", std::string(key));
}
Error no_such_key(std::string_view key, const std::string& marker_version) {
  return no_such_key(key).with_header("x-amz-delete-marker", "true").with_header("x-amz-version-id", marker_version);
}
Error no_such_version(std::string_view key, std::string_view version) {
  return Error("NoSuchVersion", 404, "The specified version does not exist.")
      .with("Key", std::string(key))
      .with("VersionId", std::string(version));
}
Error invalid_version_id(std::string_view sent) {
  return invalid_argument("Invalid version id specified", "versionId", sent);
}
Error marker_not_allowed(std::string_view method, const std::string& version) {
  return Error("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
      .with("Method", std::string(method))
      .with("ResourceType", "DeleteMarker")
      .with_header("Allow", "DELETE")
      .with_header("x-amz-delete-marker", "true")
      .with_header("x-amz-version-id", version);
}
Error invalid_uri() { return {"InvalidURI", 400, "Couldn't parse the specified URI."}; }
Error key_too_long(std::size_t size) {
  return Error("KeyTooLongError", 400, "Your key is too long")
      .with("Size", std::to_string(size))
      .with("MaxSizeAllowed", "1024");
}
Error metadata_too_large(std::size_t size) {
  return Error("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size")
      .with("Size", std::to_string(size))
      .with("MaxSizeAllowed", "2048");
}
Error invalid_storage_class(std::string_view sent) {
  return Error("InvalidStorageClass", 400, "The storage class you specified is not valid")
      .with("StorageClassRequested", std::string(sent));
}
Error invalid_object_state(std::string_view storage_class) {
  return Error("InvalidObjectState", 403, "The operation is not valid for the object's storage class")
      .with("StorageClass", std::string(storage_class));
}

Error precondition_failed(std::string_view condition) {
  return Error("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
      .with("Condition", std::string(condition));
}
Error not_implemented(std::string_view header, std::string_view additional) {
  Error error = Error("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
                    .with("Header", std::string(header));
  if (additional.empty()) return error;
  return std::move(error).with("additionalMessage", std::string(additional));
}

Error invalid_digest(std::string_view sent) {
  return Error("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")
      .with("Content-MD5", std::string(sent));
}
Error bad_md5(std::string_view sent_base64, std::string_view computed_base64) {
  return Error("BadDigest", 400, "The Content-MD5 you specified did not match what we received.")
      .with("ExpectedDigest", hex(unbase64(sent_base64).value_or("")))
      .with("CalculatedDigest", std::string(computed_base64));
}
Error bad_checksum(std::string_view algorithm) {
  return bad_digest("The " + std::string(algorithm) + " you specified did not match the calculated checksum.");
}
Error invalid_checksum(std::string_view algorithm) {
  return invalid_request("Value for x-amz-checksum-" + ascii_lower(algorithm) + " header is invalid.");
}
Error two_checksums() {
  return invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
}
Error unsupported_checksum() {
  return invalid_request(
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, "
      "CRC64NVME, SHA1, SHA256]");
}

Error invalid_range(std::string_view range, std::uint64_t size) {
  return Error("InvalidRange", 416, "The requested range is not satisfiable")
      .with("RangeRequested", std::string(range))
      .with("ActualObjectSize", std::to_string(size));
}
Error range_with_part() { return invalid_request("Cannot specify both Range header and partNumber query parameter"); }
Error invalid_part_number(std::int64_t asked, std::size_t count) {
  return Error("InvalidPartNumber", 416, "The requested partnumber is not satisfiable")
      .with("PartNumberRequested", std::to_string(asked))
      .with("ActualPartCount", std::to_string(count));
}

Error invalid_tagging_header(std::string_view sent) {
  return invalid_argument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
      "duplicates.",
      "x-amz-tagging", sent);
}

Error invalid_copy_source() {
  return invalid_argument("Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source");
}
Error copy_of_marker() {
  return invalid_request("The source of a copy request may not specifically refer to a delete marker by version id.");
}
Error copy_onto_itself() {
  return invalid_request(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
      "metadata, storage class, website redirect location or encryption attributes.");
}
Error copy_too_large() {
  return invalid_request(
      "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
}

Error no_such_upload(std::string_view upload) {
  return Error("NoSuchUpload", 404,
               "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted "
               "or completed.")
      .with("UploadId", std::string(upload));
}
Error part_number_out_of_range(std::string_view sent) {
  return invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", sent);
}
Error invalid_part(std::string_view upload, std::int64_t number, std::string_view etag) {
  return Error("InvalidPart", 400,
               "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
               "specified entity tag may not match the part's entity tag.")
      .with("UploadId", std::string(upload))
      .with("PartNumber", std::to_string(number))
      .with("ETag", std::string(etag));
}
Error invalid_part_order(std::string_view upload) {
  return Error("InvalidPartOrder", 400,
               "The list of parts was not in ascending order. Parts must be ordered by part number.")
      .with("UploadId", std::string(upload));
}
Error no_parts() { return invalid_request("You must specify at least one part"); }
Error part_too_small(std::uint64_t size, std::int64_t number, std::string_view etag) {
  return Error("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size")
      .with("ProposedSize", std::to_string(size))
      .with("MinSizeAllowed", "5242880")
      .with("PartNumber", std::to_string(number))
      .with("ETag", std::string(etag));
}
Error other_object_size(std::int64_t said, std::uint64_t computed) {
  return invalid_request("The provided 'x-amz-mp-object-size' header value " + std::to_string(said) +
                         " does not match what was computed: " + std::to_string(computed));
}
Error checksum_type_without_algorithm() {
  return invalid_request("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
}
Error impossible_checksum_type(std::string_view type, std::string_view algorithm) {
  return invalid_request("The " + std::string(type) + " checksum type cannot be used with the " +
                         ascii_lower(algorithm) + " checksum algorithm.");
}
Error other_checksum_algorithm(std::string_view expected, std::string_view actual) {
  return invalid_request("Checksum Type mismatch occurred, expected checksum Type: " + ascii_lower(expected) +
                         ", actual checksum Type: " + ascii_lower(actual));
}
Error other_checksum_mode(std::string_view mode) {
  return invalid_request("The upload was created using the " + std::string(mode) +
                         " checksum mode. The complete request must use the same checksum mode.");
}
Error missing_part_checksum(std::string_view algorithm, std::int64_t number) {
  return invalid_request("The upload was created using a " + ascii_lower(algorithm) +
                         " checksum. The complete request must include the checksum for each part. It was missing for "
                         "part " +
                         std::to_string(number) + " in the request.");
}
Error headers_for_strangers() {
  return invalid_request("Request specific response headers cannot be used for anonymous GET requests.");
}
Error version_marker_alone(std::string_view marker) {
  return invalid_argument("A version-id marker cannot be specified without a key marker.", "version-id-marker", marker);
}
Error too_many_parts() {
  return invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber");
}
Error bad_whole_checksum(std::string_view algorithm) {
  return bad_digest("The " + ascii_lower(algorithm) + " you specified did not match the calculated checksum.");
}
Error conditional_conflict(std::string_view condition, std::string_view key) {
  return Error("ConditionalRequestConflict", 409,
               "The conditional request cannot succeed due to a conflicting operation against this resource.")
      .with("Condition", std::string(condition))
      .with("Key", std::string(key));
}
Error no_object_lock() { return invalid_request("Bucket is missing Object Lock Configuration"); }
Error bypass_without_lock() {
  return invalid_argument("x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
                          "x-amz-bypass-governance-retention");
}

Error copy_range_form(std::string_view sent) {
  return invalid_argument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based "
      "offsets of the first and last bytes to copy",
      "x-amz-copy-source-range", sent);
}
Error copy_range_end(std::string_view sent, std::uint64_t size) {
  return invalid_argument("Range specified is not valid for source object of size: " + std::to_string(size),
                          "x-amz-copy-source-range", sent);
}
Error copy_range_begin() { return invalid_request("The specified copy range is invalid for the source object size"); }

}  // namespace deputy::s3::errors
