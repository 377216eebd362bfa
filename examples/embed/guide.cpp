// May crossAccountUser of account A assume CrossAccountAccessRole of account B? Both sides must say so.
#include <deputy/deputy.hpp>
#include <iostream>

int main() {
  const deputy::Policy user(deputy::PolicyType::kIdentity, R"({"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Action": "sts:AssumeRole",
    "Resource": "arn:aws:iam::222222222222:role/CrossAccountAccessRole"}})",
                            "user");
  const deputy::Policy trust(deputy::PolicyType::kTrust, R"({"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"AWS": "arn:aws:iam::111111111111:user/crossAccountUser"},
    "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}})",
                             "trust");
  deputy::PolicySet policies;
  policies.add(user).add(trust);

  deputy::Request request(deputy::Principal::user("arn:aws:iam::111111111111:user/crossAccountUser"), "sts:AssumeRole",
                          "arn:aws:iam::222222222222:role/CrossAccountAccessRole");
  for (const char* address : {"192.0.2.7", "10.0.0.4"}) {
    request.set("aws:SourceIp", address);
    const deputy::Decision decision = deputy::decide(policies, request);
    std::cout << address << ": " << (decision ? "Allow\n" : deputy::explain(policies, request).text());
  }
  if (!policies.ok() || !request.ok()) std::cerr << policies.error() << request.error() << '\n';
  return policies.ok() && request.ok() ? 0 : 1;
}
