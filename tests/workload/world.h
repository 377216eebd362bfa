// A source of credentials that the test moves: its time, its answers, and how often it was asked.
#pragma once

#include <string>
#include <vector>

#include "host/clock.h"
#include "http/message.h"
#include "workload/source.h"

namespace deputy::workload {

inline constexpr const char* kRole = "arn:aws:iam::111111111111:role/app/web";

class FakeSource final : public Source {
 public:
  Result<Time, Refusal> now() override {
    if (down) return Refusal{"", "no server"};
    return time;
  }
  Result<Profile, Refusal> profile() override { return instance_profile; }
  Result<Credentials, Refusal> assume(const std::string& role_arn) override {
    if (refusal) return *refusal;
    ++sessions;
    const std::string number = std::to_string(sessions);
    return Credentials{"ASIA" + number, "secret" + number, "token" + number, role_arn, time, time + life};
  }

  Time time = *parse_iso8601("2026-07-24T10:00:00Z");
  std::chrono::seconds life{21600};
  Profile instance_profile{"arn:aws:iam::111111111111:instance-profile/web", "AIPAEXAMPLE", kRole};
  std::optional<Refusal> refusal;
  bool down = false;
  int sessions = 0;
};

class FakeClock final : public Clock {
 public:
  explicit FakeClock(const FakeSource& source) : source_(source) {}
  [[nodiscard]] Time now() const override { return source_.time; }

 private:
  const FakeSource& source_;
};

inline const std::string* header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (equals_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

}  // namespace deputy::workload
