// The instance metadata service: what a program asks at 169.254.169.254 on EC2, to learn where it runs and to get the
// credentials of the role that its instance carries. docs/wire.md, 9.1.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#pragma once

#include <map>
#include <string>

#include "host/clock.h"
#include "http/message.h"
#include "workload/imds_tokens.h"
#include "workload/rotation.h"

namespace deputy::workload {

/// Facts about the instance that do not change.
struct Instance {
  std::string id;       // "i-0123456789abcdef0"
  std::string account;  // twelve digits
  std::string region = "us-east-1";
  std::string type = "t3.micro";
  Time launched;
  bool allows_v1 = false;  // requests without a token
  /// Listens on loopback, where only this machine's programs are meant to ask: then a Host that is a name, other than
  /// localhost, is refused. A page in a browser could otherwise point a name of its own here (DNS rebinding).
  bool on_loopback = false;

  [[nodiscard]] std::string zone() const { return region + "a"; }
};

/// Not thread-safe: it serves one event loop.
class Imds {
 public:
  /// All outlive it. `clock` measures the life of tokens.
  Imds(Instance instance, Source& source, const Clock& clock, crypto::Entropy& entropy);

  http::Response answer(const http::Request& request);

 private:
  http::Response token(const http::Request& request) const;
  /// The text at a path under /latest/, or the names of what lies under it; nothing if there is nothing.
  std::optional<std::string> look_up(std::string_view path);
  void add_role(std::map<std::string, std::string, std::less<>>& tree);
  std::string credentials_document(const std::string& role_arn);
  [[nodiscard]] std::string identity_document() const;

  const Instance instance_;
  Source& source_;
  Rotation rotation_;
  const Clock& clock_;
  ImdsTokens tokens_;
};

}  // namespace deputy::workload
