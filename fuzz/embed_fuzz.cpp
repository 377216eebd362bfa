// Arbitrary bytes through the C ABI: two policies, a principal, an action, a resource and context keys, all of them
// whatever the input says.
//
// What must hold: a handle that has an error denies; explaining gives the same decision; beside a Deny of everything
// nothing is allowed, and a NULL policy counts as one.
#include <deputy/deputy.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// The input as fields that end with the byte 0x1E; empty when nothing is left.
class Fields {
 public:
  explicit Fields(std::string_view rest) : rest_(rest) {}
  deputy_text next() {
    const std::string_view field = rest_.substr(0, rest_.find('\x1e'));
    rest_.remove_prefix(field.size() < rest_.size() ? field.size() + 1 : field.size());
    return {field.data(), field.size()};
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool allows(const deputy_policy_set* set, const deputy_request* request) {
  deputy_decision decision{1, 1, 0, 0, {nullptr, 0}};
  const bool decided = deputy_decide(set, request, &decision) == DEPUTY_OK;
  if (!decided && decision.allowed != 0) fail("an error that allows");
  if (decided == (deputy_policy_set_error(set) != nullptr || deputy_request_error(request) != nullptr))
    fail("an error that is none, or the reverse");
  deputy_explanation* why = deputy_explain(set, request);
  const bool explained = std::strncmp(deputy_explanation_text(why), "Allow", 5) == 0;
  if (explained != (decision.allowed != 0)) fail("the explanation says otherwise");
  if (deputy_explanation_json(why)[0] != '{') fail("an explanation without JSON");
  deputy_explanation_free(why);
  return decision.allowed != 0;
}

void add(deputy_policy_set* set, deputy_policy_type type, deputy_text json, uint32_t level) {
  deputy_policy* policy = deputy_policy_new(type, json, deputy_str("fuzzed"));
  const bool good = deputy_policy_error(policy) == nullptr;
  // A set whose policies are all broken would tell nothing about deciding.
  if (good && deputy_policy_set_add(set, policy, level) == DEPUTY_OK && deputy_policy_set_error(set) != nullptr)
    fail("a set that is good and has an error");
  if (!good && *deputy_policy_error(policy) == 0) fail("a refusal without a sentence");
  deputy_policy_free(policy);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  Fields fields({reinterpret_cast<const char*>(data) + 4, size - 4});
  deputy_policy_set* set = deputy_policy_set_new();
  add(set, data[0] % 12, fields.next(), data[1] >> 4U);
  add(set, data[1] % 12, fields.next(), data[0] >> 4U);
  if ((data[3] & 0x80U) != 0) deputy_policy_set_limit_to_session(set);
  if ((data[3] & 0x40U) != 0) deputy_policy_set_require_levels(set, data[2] % 12, data[3] >> 1U & 0x1fU);

  deputy_principal principal{};
  principal.type = data[2] % 9;
  principal.arn = fields.next();
  principal.unique_id = fields.next();
  principal.role_arn = principal.user_arn = principal.service = fields.next();
  const deputy_text action = fields.next(), resource = fields.next(), account = fields.next();
  deputy_request* request = deputy_request_new(&principal, action, resource, account);
  while (!fields.done()) {
    const deputy_text key = fields.next();
    const deputy_text values[2] = {fields.next(), deputy_str("second")};
    deputy_request_set_list(request, key, values, 1 + data[3] % 2);
  }
  if (allows(set, request) != allows(set, request)) fail("two decisions of one question differ");

  deputy_request_set(request, deputy_str("aws:SourceIp"), deputy_str("10.0.0.4"));
  (void)allows(set, request);
  deputy_policy_set_add(set, nullptr, 0);
  if (allows(set, request)) fail("a NULL policy was passed over");
  deputy_request_free(request);
  deputy_policy_set_free(set);
  return 0;
}
