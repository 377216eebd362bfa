// What a service tells browsers whose page is of another origin: whether the page may ask, in a preflight, and whether it
// may read the answer. A service that has such rules has one function for both (server/bindings.cpp).
// https://fetch.spec.whatwg.org/#http-cors-protocol
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "directory/snapshot.h"

namespace deputy::services {

/// A request as far as the rules look at it. What was not sent is empty.
struct CrossOriginRequest {
  std::string_view bucket;
  std::string_view origin;
  std::string_view method;        // of the request itself; of a preflight, the one that it asks about
  std::string_view headers = {};  // that a preflight asks about
};

/// The headers that allow it.
using CrossOriginHeaders = std::vector<std::pair<std::string_view, std::string>>;

/// The error is the answer to a preflight; an answer to a request itself only lacks the headers.
using CrossOrigin = Result<CrossOriginHeaders> (*)(const directory::Snapshot&, const CrossOriginRequest&);

}  // namespace deputy::services
