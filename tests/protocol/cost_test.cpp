// What the worst texts of strangers cost: CPU time of this thread, of texts that are made to be slow. Twice the text
// may cost twice the time, with a margin for a busy machine; and the largest may not cost a neighbour's patience.
#include <gtest/gtest.h>
#include <time.h>

#include <functional>
#include <iostream>

#include "protocol/iam/create_user.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/organizations/tag_resource.h"
#include "protocol/pattern.h"
#include "protocol/query.h"
#include "protocol/requests.h"
#include "protocol/rest.h"
#include "protocol/route.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/sts/assume_role.h"

namespace deputy::protocol {
namespace {

#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::size_t kLargest = 10'000'000;  // http::Limits::body
constexpr double kMostMilliseconds = 100;     // measured below 50, on a machine of its own
#else
constexpr std::size_t kLargest = 1'000'000;  // what costs the square shows as well
constexpr double kMostMilliseconds = 1000;
#endif

double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The least of a few runs: what it costs when nobody interferes.
double cost(const std::function<void()>& run) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double before = cpu_ms();
    run();
    least = std::min(least, cpu_ms() - before);
  }
  return least;
}

std::string repeated(std::string_view piece, std::size_t size) {
  std::string out;
  out.reserve(size + piece.size());
  while (out.size() < size) out += piece;
  return out;
}

/// All that is done with a request that nobody signed, up to the operation's input.
void receive(const http::Request& sent, ServiceId id, void* input) {
  const Destination to = destination(sent);
  if (refuse_early({.service = id, .region = to.region}, sent)) return;
  const auto call = find_operation({.service = id, .region = to.region}, sent);
  if (call) (void)decode(*call, sent, input);
}

void receive_form(std::string_view body) {
  sts::shapes::AssumeRole::Input input;
  receive(request("POST /", {{"Content-Type", "application/x-www-form-urlencoded"}}, body), ServiceId::kSts, &input);
}

struct Worst {
  std::string name;
  std::size_t largest;
  std::function<std::string(std::size_t)> text;
  std::function<void(std::string_view)> run;
};

std::string form_with(std::string_view piece, std::size_t size) {
  return "Action=AssumeRole&Version=2011-06-15&" + repeated(piece, size);
}

void decode_form(std::string_view form) {
  const auto parameters = Parameters::parse("", form);
  if (!parameters) return;
  sts::shapes::AssumeRole::Input input;
  (void)decode_query(sts::shapes::AssumeRole::model, *parameters, &input);
}

void decode_json_body(std::string_view body) {
  (void)check_json(body);
  organizations::shapes::TagResource::Input input;
  (void)decode_json(organizations::shapes::TagResource::model, body, &input);
}

void decode_xml_body(std::string_view body) {
  const http::Request sent = request("PUT /b", {}, body);
  const auto call = find_operation({}, sent);
  s3::shapes::CreateBucket::Input input;
  (void)decode(*call, sent, &input);
}

std::string numbered_form(std::size_t size) {  // as many parameters as are taken, with names as long as fit
  std::string out = "Action=AssumeRole&Version=2011-06-15";
  const std::size_t each = size / kMostParameters;
  for (std::size_t i = 0; i < kMostParameters - 4; ++i) {
    out += "&Tags.member." + std::to_string(i % 4000 + 1) + "." + std::string(each > 40 ? each - 40 : 1, 'x') +
           std::to_string(i * 7919 % 10'007);
  }
  return out;
}

const std::vector<Worst>& worst() {
  static const std::vector<Worst> all = {
      {"form: one value", kLargest, [](auto n) { return form_with("x", n); }, receive_form},
      {"form: separators", kLargest, [](auto n) { return form_with("&", n); }, receive_form},
      {"form: escapes", kLargest, [](auto n) { return form_with("%41", n); }, receive_form},
      {"form: escaped names", kLargest, [](auto n) { return form_with("%61ctio%6e&", n); }, receive_form},
      {"form: blanks", kLargest, [](auto n) { return form_with("+", n); }, receive_form},
      {"form: not ASCII", kLargest, [](auto n) { return form_with("\u00e9", n); }, receive_form},
      {"form: an Action", kLargest, [](auto n) { return "Version=2011-06-15&Action=" + repeated("\x01", n); },
       receive_form},
      {"form: dots in a name", kLargest, [](auto n) { return form_with("Tags.member.1.", n); }, decode_form},
      {"form: many names", kLargest, [](auto n) { return numbered_form(n); }, decode_form},
      {"form: a bad value", kLargest,
       [](auto n) { return form_with("RoleArn=x&RoleSessionName=", 1) + repeated("\u00e9:", n); }, decode_form},
      {"form: bad tags", kLargest,
       [](auto n) {
         std::string out = form_with("RoleArn=x", 1);
         for (int i = 1; i <= 100; ++i) out += "&Tags.member." + std::to_string(i) + ".Key=" + repeated(":!", n / 100);
         return out;
       },
       decode_form},
      {"json: brackets", kLargestJson, [](auto n) { return repeated("[", n); }, decode_json_body},
      {"json: elements", kLargestJson, [](auto n) { return "{\"Tags\":[" + repeated("{},", n - 20) + "{}]}"; },
       decode_json_body},
      {"json: keys", kLargestJson, [](auto n) { return "{" + repeated("\"a\":1,", n - 20) + "\"a\":1}"; },
       decode_json_body},
      {"json: escapes", kLargestJson, [](auto n) { return "{\"a\":\"" + repeated("\\u0041", n - 20) + "\"}"; },
       decode_json_body},
      {"json: numbers", kLargestJson, [](auto n) { return "{\"a\":[" + repeated("1e-301,", n - 20) + "1]}"; },
       decode_json_body},
      {"xml: depth", kLargestXml, [](auto n) { return repeated("<a>", n - 3); }, decode_xml_body},
      {"xml: attributes", kLargestXml,
       [](auto n) {
         std::string out = "<CreateBucketConfiguration";
         for (std::size_t i = 0; out.size() + 20 < n; ++i) out += " a" + std::to_string(i) + "=''";
         return out + "/>";
       },
       decode_xml_body},
      {"xml: siblings", kLargestXml,
       [](auto n) {
         return "<CreateBucketConfiguration><Tags>" + repeated("<Tag/>", n - 80) +
                "</Tags></CreateBucketConfiguration>";
       },
       decode_xml_body},
      {"xml: references", kLargestXml,
       [](auto n) {
         return "<CreateBucketConfiguration><LocationConstraint>" + repeated("&#65;&amp;", n - 120) +
                "</LocationConstraint></CreateBucketConfiguration>";
       },
       decode_xml_body},
      {"path: climbing", 16'000, [](auto n) { return "/" + repeated("a/../", n); },
       [](std::string_view path) {
         iam::shapes::CreateUser::Input input;
         receive(request("POST " + std::string(path), {{"Content-Type", "application/x-www-form-urlencoded"}}),
                 ServiceId::kIam, &input);
       }},
      {"s3: query", 16'000, [](auto n) { return "/b?" + repeated("&a%41=", n); },
       [](std::string_view target) {
         s3::shapes::CreateBucket::Input input;
         receive(request("PUT " + std::string(target)), ServiceId::kS3, &input);
       }},
  };
  return all;
}

TEST(CostTest, TwiceTheTextCostsTwiceTheTimeAndNoTextCostsMuch) {
  for (const Worst& one : worst()) {
    const std::string half = one.text(one.largest / 2), whole = one.text(one.largest - 200);
    const double first = cost([&] { one.run(half); }), second = cost([&] { one.run(whole); });
    std::cout << one.name << ": " << first << " ms, " << second << " ms\n";
    EXPECT_LE(second, 3 * first + 10) << one.name;
    EXPECT_LE(second, kMostMilliseconds) << one.name;
  }
}

}  // namespace
}  // namespace deputy::protocol
