// Arbitrary bytes as the body of a query request to several operations, as an S3 request line, and as an admin body.
//
// What must hold: each is decoded or refused with a code and a 4xx status; an Input that was taken can be shown by the
// audit's encoder.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "protocol/admin/create_account.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/tag_user.h"
#include "protocol/json.h"
#include "protocol/route.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/sts/assume_role.h"
#include "protocol/to_json.h"

namespace {

using namespace deputy;            // NOLINT(google-build-using-namespace)
using namespace deputy::protocol;  // NOLINT(google-build-using-namespace)

void check(const Result<void>& decoded, const Operation& operation, const void* input) {
  if (!decoded) {
    if (!decoded.error().code().empty() && decoded.error().status() >= 400 && decoded.error().status() < 500) return;
    std::fputs("a refusal without a code or with another status\n", stderr);
    std::abort();
  }
  std::string shown;
  JsonWriter json(shown);
  to_json(json, *operation.input, input);
}

template <class Op>
void decode_as(std::string_view body) {
  const auto parameters = Parameters::parse("", body);
  if (!parameters) return;
  typename Op::Input input;
  check(decode_query(Op::model, *parameters, &input), Op::model, &input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  decode_as<iam::shapes::CreateRole>(body);
  decode_as<iam::shapes::TagUser>(body);
  decode_as<sts::shapes::AssumeRole>(body);

  admin::shapes::CreateAccount::Input account;
  check(decode_json(admin::shapes::CreateAccount::model, body, &account), admin::shapes::CreateAccount::model,
        &account);

  // The first line is a target, the rest a body: as a PUT to S3, and as whatever the routing makes of it.
  const std::size_t line = std::min(body.find('\n'), body.size());
  http::Request request;
  request.method = "PUT";
  request.target = body.substr(0, line);
  request.body = body.substr(std::min(line + 1, body.size()));
  request.headers = {{"Host", "bucket.s3.eu-west-1.amazonaws.com"}};
  const Destination to = destination(request);
  if (refuse_early(to, request)) return 0;
  const auto call = find_operation(to, request);
  if (call && call->operation == &s3::shapes::CreateBucket::model) {
    s3::shapes::CreateBucket::Input input;
    check(decode(*call, request, &input), *call->operation, &input);
  }
  return 0;
}
