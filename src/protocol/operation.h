// The services and their operations, as the models describe them.
//
//   const Operation* op = service(ServiceId::kIam).find("CreateRole");
//   if (op == nullptr) ...            // AWS knows no such operation
//   if (!op->is_modelled()) ...       // AWS does; Deputy has generated no shapes for it: NotImplemented
//
// A generated operation is a struct with Input, Output and `model` (its Operation): see README.md of this room.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "protocol/services.h"  // generated: ServiceId, kServices
#include "protocol/shape.h"

namespace deputy::protocol {

/// How a service speaks: AWS query (form in, XML out), REST-XML, or JSON 1.1.
enum class Dialect : std::uint8_t { kQuery, kRestXml, kJson };

/// How a list operation is paged: the names of the members. Empty: it is not paged.
struct Paging {
  std::string_view from = {};   // of the request: where to go on ("Marker")
  std::string_view next = {};   // of the answer: what to send as `from`
  std::string_view limit = {};  // of the request: at most so many ("MaxItems")
  std::string_view more = {};   // of the answer: whether there is more ("IsTruncated")
};

struct Operation {
  ServiceId service;
  std::uint16_t number;              // its index in Service::operations
  std::string_view name;             // "CreateRole"
  const Structure* input = nullptr;  // both null: listed, but no shapes are generated
  const Structure* output = nullptr;
  bool has_result = false;      // the model has an output: query answers carry a <Op>Result element
  bool takes_unsigned = false;  // called without a signature (AssumeRoleWithWebIdentity)
  bool regional = false;        // not to be had at the global endpoint of STS (GetWebIdentityToken)
  std::uint16_t status = 200;   // of success
  std::string_view method = "POST";
  std::string_view uri = "/";          // S3: "/{Bucket}?location"
  std::string_view marks = {};         // S3: what a request must have to mean it, and not another of its path:
                                       // "uploadId&partNumber&@x-amz-copy-source" (@: a header)
  std::string_view content_type = {};  // of an answer that is not the dialect's (GetBucketPolicy: JSON)
  Paging paging = {};

  [[nodiscard]] bool is_modelled() const { return input != nullptr; }
};

/// An error that the model of a service names.
struct ModelError {
  std::string_view exception;  // "NoSuchEntityException": as SDKs and CloudTrail call it
  std::string_view code;       // "NoSuchEntity": on the wire
  std::uint16_t status;
};

/// The ids of a request that an answer carries in its headers, and their form.
enum class RequestIds : std::uint8_t {
  kUuid,  // x-amzn-RequestId
  kSts,   // the same, and x-amz-sts-extended-request-id
  kS3,    // x-amz-request-id, 16 characters, and x-amz-id-2
};

/// Whose words denials and failures of the server itself take. [D-8, D-9]
enum class ErrorWords : std::uint8_t { kStandard, kS3 };

/// How a service says what is wrong with an input (protocol/validate.h).
enum class InputFaults : std::uint8_t {
  kClauses,  // all of it, with the values
  kTerse,    // all of it, without values and without the values that there are: IAM
  kReasons,  // the first, as an InvalidInputException with a Reason: Organizations
};

/// A service, and all that its requests are treated differently for: facts of models/, so that nobody asks which service
/// it is.
struct Service {  // NOLINT(clang-analyzer-optin.performance.Padding): there are six, in a reader's order
  ServiceId id;
  std::string_view name;           // "iam"
  std::string_view signing_name;   // in the credential scope
  std::string_view version;        // "2010-05-08"
  std::string_view xml_namespace;  // empty: none
  std::string_view target_prefix;  // JSON: of X-Amz-Target
  Dialect dialect;
  std::span<const Operation* const> operations;  // by name
  std::span<const ModelError> errors;

  // "service" in models/annotations.json:
  std::string_view target_family = {};  // JSON: what target_prefix begins with in every version
  bool operator_only = false;           // spoken at the operator's socket alone
  std::string_view region = {};         // where all of it is, wherever it was called; empty: where it was called [K-5]
  RequestIds request_ids = RequestIds::kUuid;
  ErrorWords error_words = ErrorWords::kStandard;
  InputFaults input_faults = InputFaults::kClauses;
  std::size_t most_header_bytes = 0;     // of one request; 0: as many as the listener takes
  bool takes_anonymous = false;          // policies decide on callers who did not sign
  bool tells_signing = false;            // its actions have context keys of how the request was signed
  bool takes_chunks = false;             // clients may sign a body chunk by chunk
  bool names_in_host = false;            // what is called may stand before the service in a host name
  std::string_view audit_resource = {};  // the type of what a call is about, in the trail; empty: it names none
  std::string_view path_prefix = {};  // REST: of every path of a service whose hosts begin with an account id; empty:
                                      // the path names a bucket and a key
  bool enveloped_errors = false;      // REST: an error stands in an ErrorResponse

  /// Null if AWS has no operation of that name.
  [[nodiscard]] const Operation* find(std::string_view operation) const;
  /// The modelled error with this wire code; null if the model names none.
  [[nodiscard]] const ModelError* find_error(std::string_view code) const;
};

const Service& service(ServiceId id);
std::span<const Service* const> services();

}  // namespace deputy::protocol
