// The guide's case by Deputy's public C++ API: one call decides both sides. bench/peers/run explains the whole.
//
//   deputy_peer CASE_FOLDER      one line of JSON a measurement
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deputy/deputy.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr std::string_view kUser = "arn:aws:iam::111111111111:user/crossAccountUser";
constexpr std::string_view kStranger = "arn:aws:iam::111111111111:user/stranger";
constexpr std::string_view kRole = "arn:aws:iam::222222222222:role/CrossAccountAccessRole";

std::string read(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void fill(deputy::Request& request, std::string_view user) {
  request.reset(deputy::Principal::user(user), "sts:AssumeRole", kRole);
  request.set("aws:SourceIp", "10.0.0.4").set("aws:CurrentTime", "2026-06-15T12:00:00Z");
  request.set("sts:RoleSessionName", "dev-session");
}

/// Seconds that this process spent on a processor: what runs beside it does not count.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <class Act>
void measure(const char* what, Act act) {
  constexpr int kBatch = 10000;
  long calls = 0;
  bool all = true;
  const double begin = cpu_seconds();
  double now = begin;
  for (; now - begin < 0.2; now = cpu_seconds()) {
    for (int i = 0; i < kBatch; ++i) all = act() && all;
    calls += kBatch;
  }
  if (!all) std::fprintf(stderr, "a decision fell wrong\n"), std::exit(1);
  std::printf("{\"peer\":\"Deputy, C++ API\",\"what\":\"%s\",\"ns\":%.1f}\n", what,
              (now - begin) * 1e9 / static_cast<double>(calls));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "bench/peers/case";
  deputy::PolicySet policies;
  policies.add(deputy::Policy(deputy::PolicyType::kIdentity, read(folder + "/identity.json")));
  policies.add(deputy::Policy(deputy::PolicyType::kTrust, read(folder + "/trust.json")));
  deputy::Request request(deputy::Principal::user(kStranger), "sts:AssumeRole", kRole);
  fill(request, kStranger);
  if (!policies.ok() || deputy::decide(policies, request).allowed) return 1;
  fill(request, kUser);

  measure("decide", [&] { return deputy::decide(policies, request).allowed; });
  measure("request and decide", [&] {
    fill(request, kUser);
    return deputy::decide(policies, request).allowed;
  });
}
