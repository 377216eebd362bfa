#include "server/troubles.h"

#include "host/log.h"

namespace deputy::server {

using protocol::ErrorWords;
using protocol::Service;

namespace {

/// What an unknown outcome or a defect looks like from outside.
Error internal_failure(const Service& service) {
  if (service.error_words == ErrorWords::kS3)
    return {"InternalError", 500, "We encountered an internal error. Please try again."};
  return {"InternalFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

Error concurrent_modification(const Service& service) {
  if (service.error_words == ErrorWords::kS3) {
    return {"OperationAborted", 409,
            "A conflicting conditional operation is currently in progress against this resource. Please try again."};
  }
  return {
      "ConcurrentModification", 409,
      "The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a "
      "few minutes and submit your request again."};
}

}  // namespace

Error unavailable(const Service& service) {
  if (service.error_words == ErrorWords::kS3)
    return {"ServiceUnavailable", 503, "Service is unable to handle request."};
  return {"ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."};
}

Error not_written(const store::Error& why, const Service& service) {
  switch (why.code) {
    case store::Error::Code::kConflict:
      return concurrent_modification(service);
    case store::Error::Code::kFull:  // the store has said so
      return unavailable(service);
    default:
      log::error("a commit failed: {}", why.message);
      return internal_failure(service);
  }
}

Error slow_down() { return {"SlowDown", 503, "Please reduce your request rate."}; }

}  // namespace deputy::server
