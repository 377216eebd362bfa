// Browsers whose page is of another origin than the server: what they ask before a request (a preflight), and the headers
// by which they let the page read the answer. Who has rules for them is said by the bindings (services/cross_origin.h).
#pragma once

#include <optional>

#include "directory/snapshot.h"
#include "http/message.h"
#include "protocol/encode.h"
#include "protocol/route.h"
#include "server/bindings.h"

namespace deputy::server {

/// The answer to a preflight, which nobody signs; nothing if the request is none, or the service has no rules.
std::optional<http::Response> answer_preflight(const Bindings& bindings, const directory::Snapshot& snapshot,
                                               const protocol::Destination& to, const http::Request& request,
                                               const protocol::ReplyContext& context);

/// Lets a page of another origin read the answer, if the rules of the service allow that.
void let_page_read(const Bindings& bindings, const directory::Snapshot& snapshot, const protocol::Destination& to,
                   const http::Request& request, http::Response& response);

}  // namespace deputy::server
