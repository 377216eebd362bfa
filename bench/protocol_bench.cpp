// What one AssumeRole costs in protocol/: route, parse, decode and check, encode.
#include <benchmark/benchmark.h>

#include "protocol/encode.h"
#include "protocol/route.h"
#include "protocol/sts/assume_role.h"
#include "protocol/to_json.h"

namespace {

using namespace deputy;  // NOLINT(google-build-using-namespace)
using sts::shapes::AssumeRole;

constexpr std::string_view kBody =
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FCrossAccountAccessRole"
    "&RoleSessionName=dev-session&DurationSeconds=3600&ExternalId=customer-42";

http::Request request() {
  http::Request out;
  out.method = "POST";
  out.target = "/";
  out.body = kBody;
  out.headers = {{"Host", "127.0.0.1:4566"},
                 {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                 {"X-Amz-Date", "20260724T101112Z"},
                 {"Authorization",
                  "AWS4-HMAC-SHA256 Credential=AKIAAAAAAAAAAAAAAAAA/20260724/us-east-1/sts/aws4_request, "
                  "SignedHeaders=content-type;host;x-amz-date, Signature=00"}};
  return out;
}

const AssumeRole::Output kOutput{
    .assumed_role_user =
        sts::shapes::AssumedRoleUser{
            .assumed_role_id = "AROAAAAAAAAAAAAAAAAAA:dev-session",
            .arn = "arn:aws:sts::222222222222:assumed-role/CrossAccountAccessRole/dev-session"},
    .credentials = sts::shapes::Credentials{.access_key_id = "ASIAAAAAAAAAAAAAAAAA",
                                            .secret_access_key = std::string(40, 'x'),
                                            .session_token = std::string(600, 'y'),
                                            .expiration = Time()}};

void RouteAndDecode(benchmark::State& state) {
  const http::Request sent = request();
  for (auto _ : state) {
    const protocol::Destination to = protocol::destination(sent);
    benchmark::DoNotOptimize(protocol::refuse_early(to, sent));
    const auto call = protocol::find_operation(to, sent);
    AssumeRole::Input input;
    benchmark::DoNotOptimize(protocol::decode(*call, sent, &input));
    benchmark::DoNotOptimize(input);
  }
}
BENCHMARK(RouteAndDecode);

void Encode(benchmark::State& state) {
  const protocol::ReplyContext context{.request_id = "c6104cbe-af31-11e0-8154-cbc7ccf896c7", .extended_id = "x"};
  for (auto _ : state) benchmark::DoNotOptimize(protocol::encode_reply<AssumeRole>(kOutput, context));
}
BENCHMARK(Encode);

void Audit(benchmark::State& state) {
  std::string line;
  for (auto _ : state) {
    line.clear();
    JsonWriter json(line);
    protocol::to_json(json, *AssumeRole::model.output, &kOutput);
    benchmark::DoNotOptimize(line);
  }
}
BENCHMARK(Audit);

}  // namespace
