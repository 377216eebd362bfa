// A structure as an XML document and back: the bodies of S3's requests, and configurations of a bucket as they are kept.
//
//   std::string kept = write_document(*payload.shape->structure, "CORSConfiguration", &in);
//   if (!read_document(*Get::model.output, "CORSConfiguration", kept, &out)) ...
#pragma once

#include <string>
#include <string_view>

#include "protocol/shape.h"

namespace deputy::protocol {

/// The members of `object` that travel in a body, within an element `root`; without a declaration or a namespace.
std::string write_document(const Structure& type, std::string_view root, const void* object);

/// Fills `object` from a document whose root is `root`. The schema is strict: what it does not know, what it has once and
/// comes twice, and what it requires and is not there, is malformed. False: so it is, and `object` is filled in part.
bool read_document(const Structure& type, std::string_view root, std::string_view document, void* object);

}  // namespace deputy::protocol
