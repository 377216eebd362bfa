#include "protocol/named.h"

#include "protocol/query.h"

namespace deputy::protocol {

const Operation* named_operation(const Destination& to, const http::Request& request) {
  const Service& called = service(to.service);
  if (called.dialect != Dialect::kQuery) {  // a header or the path says it
    const auto call = find_operation(to, request);
    return call ? call->operation : nullptr;
  }
  for (const std::string_view form : {request.query(), std::string_view(request.body)}) {
    const auto name = scan_parameter(form.substr(0, kNameWithin), "Action");
    if (name && *name) return called.find(**name);
  }
  return nullptr;
}

}  // namespace deputy::protocol
