// Arbitrary bytes as the body of a request to Organizations: decoded as the inputs of several operations, and as what
// the routing makes of it.
//
// What must hold: each body is decoded or refused with a code and status 400; who is refused early is refused by the
// decoder too; an Input that was taken can be shown by the audit's encoder.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "protocol/json.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "protocol/organizations/list_create_account_status.h"
#include "protocol/organizations/list_handshakes_for_account.h"
#include "protocol/organizations/update_responsibility_transfer.h"
#include "protocol/route.h"
#include "protocol/to_json.h"

namespace {

using namespace deputy;                         // NOLINT(google-build-using-namespace)
using namespace deputy::protocol;               // NOLINT(google-build-using-namespace)
using namespace deputy::organizations::shapes;  // NOLINT(google-build-using-namespace)

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

template <class Op>
void decode_as(std::string_view body, bool is_json) {
  typename Op::Input input;
  const auto decoded = decode_json(Op::model, body, &input);
  if (!decoded) {
    if (decoded.error().code().empty() || decoded.error().status() != 400)
      fail("a refusal without a code or status 400");
    return;
  }
  if (!is_json) fail("what is no JSON was decoded");
  std::string shown;
  JsonWriter json(shown);
  to_json(json, *Op::model.input, &input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const bool is_json = check_json(body).ok();
  decode_as<CreateAccount>(body, is_json);
  decode_as<CreatePolicy>(body, is_json);
  decode_as<InviteAccountToOrganization>(body, is_json);
  decode_as<ListCreateAccountStatus>(body, is_json);
  decode_as<ListHandshakesForAccount>(body, is_json);
  decode_as<UpdateResponsibilityTransfer>(body, is_json);

  // The first line is a target, the rest a body.
  const std::size_t line = std::min(body.find('\n'), body.size());
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.body = body.substr(std::min(line + 1, body.size()));
  request.headers = {{"Host", "organizations.us-east-1.amazonaws.com"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", body.substr(0, line)}};
  const Destination to = destination(request);
  if (to.service != ServiceId::kOrganizations) fail("the host says the service");
  const bool refused = refuse_early(to, request).has_value();
  if (!refused && !find_operation(to, request)) fail("an operation is unknown that was known");
  return 0;
}
