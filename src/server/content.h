// The bytes of stored objects: as the body of an answer, and as what a copy takes in.
#pragma once

#include <memory>

#include "blobs/blobs.h"
#include "http/message.h"
#include "server/crew.h"
#include "server/receiver.h"
#include "services/bytes.h"

namespace deputy::server {

/// Makes `bytes` the body of the response: in memory if they lie in the entry, else as a source. Error: InternalError if
/// they are not there.
Result<void> put_body(http::Response& response, const services::BodySent& bytes, const blobs::Blobs& blobs);

/// Takes in bytes of a version as those of a request, a piece at a time on the crew's threads; without reading them where
/// the same bytes may have a second name. `done` is called once, from one of these threads.
void copy(const services::BodyCopied& bytes, const services::BodyWanted& wanted, blobs::Blobs& blobs, Crew& crew,
          std::function<void(Result<Taken>)> done);

}  // namespace deputy::server
