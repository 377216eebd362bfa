/* As guide.cpp, in C. */
#include <deputy/deputy.h>
#include <stdio.h>

int main(void) {
  deputy_policy* user = deputy_policy_new(DEPUTY_IDENTITY, deputy_str("{\"Version\": \"2012-10-17\", \"Statement\": {"
      "\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\","
      "\"Resource\": \"arn:aws:iam::222222222222:role/CrossAccountAccessRole\"}}"), deputy_str("user"));
  deputy_policy* trust = deputy_policy_new(DEPUTY_TRUST, deputy_str("{\"Version\": \"2012-10-17\", \"Statement\": {"
      "\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\","
      "\"Principal\": {\"AWS\": \"arn:aws:iam::111111111111:user/crossAccountUser\"},"
      "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"192.0.2.0/24\"}}}}"), deputy_str("trust"));
  deputy_policy_set* policies = deputy_policy_set_new();
  deputy_policy_set_add(policies, user, 0);
  deputy_policy_set_add(policies, trust, 0);

  deputy_principal caller = {.type = DEPUTY_USER,
                             .arn = deputy_str("arn:aws:iam::111111111111:user/crossAccountUser")};
  deputy_request* request = deputy_request_new(&caller, deputy_str("sts:AssumeRole"),
      deputy_str("arn:aws:iam::222222222222:role/CrossAccountAccessRole"), deputy_str(""));
  const char* addresses[] = {"192.0.2.7", "10.0.0.4"};
  int failed = 0;
  for (int i = 0; i < 2; ++i) {
    deputy_decision decision;
    deputy_request_set(request, deputy_str("aws:SourceIp"), deputy_str(addresses[i]));
    failed |= deputy_decide(policies, request, &decision) != DEPUTY_OK;
    deputy_explanation* why = decision.allowed ? NULL : deputy_explain(policies, request);
    printf("%s: %s", addresses[i], decision.allowed ? "Allow\n" : deputy_explanation_text(why));
    deputy_explanation_free(why);
  }
  deputy_request_free(request);
  deputy_policy_set_free(policies);
  deputy_policy_free(trust), deputy_policy_free(user);
  return failed;
}
