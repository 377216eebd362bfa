// Arbitrary bytes as requests to the metadata service and to the container endpoint: a line each, "METHOD target", then
// headers "name:value", up to an empty line.
//
// What must hold: nothing but a token that this endpoint gave opens anything; no answer that was not asked for with one
// holds a secret; every answer has a status of the table in imds.h.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "workload/container.h"
#include "workload/imds.h"

namespace {

using namespace deputy;            // NOLINT(google-build-using-namespace)
using namespace deputy::workload;  // NOLINT(google-build-using-namespace)

constexpr const char* kSecret = "the-secret-of-the-session";

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

class FixedSource final : public Source {
 public:
  Result<Time, Refusal> now() override { return Time{std::chrono::hours(500000)}; }
  Result<Profile, Refusal> profile() override {
    return Profile{"arn:aws:iam::111111111111:instance-profile/web", "AIPAX", "arn:aws:iam::111111111111:role/web"};
  }
  Result<Credentials, Refusal> assume(const std::string& role_arn) override {
    const Time now{std::chrono::hours(500000)};
    return Credentials{"ASIAX", kSecret, "token", role_arn, now, now + std::chrono::hours(6)};
  }
};

class StoppedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return Time{std::chrono::hours(500000)}; }
};

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

/// All tokens of this process: its runs have one key and one clock, and libFuzzer remembers what was compared in others.
std::set<std::string, std::less<>>& given() {
  static std::set<std::string, std::less<>> tokens;
  return tokens;
}

void ask(Imds& imds, ContainerEndpoint& container, std::string& token, std::string_view& text) {
  http::Request request;
  const std::string_view first = take_line(text);
  request.method = first.substr(0, first.find(' '));
  request.target = first.substr(std::min(first.size(), request.method.size() + 1));
  if (!request.target.starts_with('/')) request.target = "/";  // as the listener promises
  bool with_token = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    http::Header header{line.substr(0, colon), colon == std::string_view::npos ? "" : line.substr(colon + 1)};
    if (header.value == "$token") header.value = token;
    with_token = with_token || given().contains(header.value);
    request.headers.push_back(header);
  }
  const http::Response answer = imds.answer(request);
  const int status = answer.status;
  require(status == 200 || status == 400 || status == 401 || status == 403 || status == 404 || status == 405,
          "a status");
  const bool is_token_call = request.method == "PUT";
  require(status != 200 || is_token_call || with_token, "without a token nothing opens");
  require(answer.body.find(kSecret) == std::string::npos || with_token, "without a token no secret");
  if (is_token_call && status == 200) {
    require(answer.body.size() == 56 && request.path() == "/latest/api/token", "a token");
    token = answer.body;
    given().insert(token);
  }
  require(container.answer(request).body.find(kSecret) == std::string::npos, "nobody guesses the authorization");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  FixedSource source;
  const StoppedClock clock;
  static const auto kSeed = std::random_device{}();  // a corpus must hold no token that opens in the next process
  const auto entropy = crypto::seeded_entropy(kSeed);
  Imds imds({.id = "i-1", .account = "111111111111", .launched = clock.now()}, source, clock, *entropy);
  ContainerEndpoint container("/v1/credentials", crypto::Secret(entropy->bytes(32)), source);
  std::string token;
  for (int requests = 0; !text.empty() && requests < 16; ++requests) ask(imds, container, token, text);
  return 0;
}
