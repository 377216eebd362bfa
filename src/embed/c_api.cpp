// include/deputy/deputy.h over include/deputy/deputy.hpp: nothing is decided here. Every function takes anything (NULL,
// numbers without meaning) and lets no exception out.
#include <deputy/deputy.h>

#include <deputy/deputy.hpp>
#include <new>
#include <string>
#include <utility>
#include <vector>

struct deputy_policy {
  deputy::Policy policy;
  std::string error;
};
// `lost`: memory ran out while something was added, so the handle does not hold all that it was told and may only deny.
struct deputy_policy_set {
  deputy::PolicySet set;
  bool lost = false;
  [[nodiscard]] bool ok() const { return !lost && set.ok(); }
};
struct deputy_request {
  deputy::Request request;
  std::string error;  // of the arguments; the request's own is in it
  bool lost = false;
  [[nodiscard]] bool ok() const { return !lost && error.empty() && request.ok(); }
};
struct deputy_explanation {
  std::string text, json;
};

namespace {

/// A text of which nobody can be sure: a size with no data.
bool is_broken(const deputy_text& text) { return text.data == nullptr && text.size != 0; }

std::string_view view(const deputy_text& text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/// What `make` returns; NULL when memory is out.
template <class Make>
auto guarded(Make make) noexcept -> decltype(make()) {
  try {
    return make();
  } catch (...) {
    return nullptr;
  }
}

constexpr const char* kBrokenText = "A text is NULL but has a size.";
constexpr const char* kLost = "Memory ran out.";

/// `change`s the handle; whether it may be used then.
template <class Handle, class Change>
deputy_status changed(Handle* handle, Change change) noexcept {
  if (handle == nullptr) return DEPUTY_INVALID;
  try {
    change();
    return handle->ok() ? DEPUTY_OK : DEPUTY_INVALID;
  } catch (...) {
    handle->lost = true;
    return DEPUTY_NO_MEMORY;
  }
}

const char* error_or_null(const std::string& error) { return error.empty() ? nullptr : error.c_str(); }

/// The C++ type of a number; every other number becomes 255, which no type has and every constructor refuses.
template <class Type>
Type type_of(std::int32_t number, Type last) {
  return number >= 0 && number <= static_cast<std::int32_t>(last) ? static_cast<Type>(number) : static_cast<Type>(255);
}

bool is_broken(const deputy_principal& p) {
  return is_broken(p.arn) || is_broken(p.unique_id) || is_broken(p.role_arn) || is_broken(p.user_arn) ||
         is_broken(p.service);
}

deputy::Principal principal_of(const deputy_principal& from) {
  deputy::Principal to;
  to.type = type_of(from.type, deputy::PrincipalType::kSaml);
  to.arn = view(from.arn);
  to.unique_id = view(from.unique_id);
  to.role_arn = view(from.role_arn);
  to.user_arn = view(from.user_arn);
  to.service = view(from.service);
  return to;
}

/// Why the arguments of a request cannot be read, or null.
const char* fault_of(const deputy_principal* principal, const deputy_text& action, const deputy_text& resource,
                     const deputy_text& resource_account) {
  if (principal == nullptr) return "The principal is NULL.";
  if (is_broken(*principal) || is_broken(action) || is_broken(resource) || is_broken(resource_account)) {
    return kBrokenText;
  }
  return nullptr;
}

}  // namespace

extern "C" {

uint32_t deputy_abi_version(void) { return DEPUTY_ABI_VERSION; }
const char* deputy_version(void) { return deputy::version().data(); }

deputy_policy* deputy_policy_new(deputy_policy_type type, deputy_text json, deputy_text name) {
  return guarded([&] {
    if (is_broken(json) || is_broken(name)) {
      // A number that is no type: a policy that denies, whatever it may have said.
      return new deputy_policy{deputy::Policy(static_cast<deputy::PolicyType>(255), {}), kBrokenText};
    }
    deputy::Policy policy(type_of(type, deputy::PolicyType::kRcp), view(json), view(name));
    std::string error = policy.ok() ? std::string() : policy.problem().text();
    return new deputy_policy{std::move(policy), std::move(error)};
  });
}
const char* deputy_policy_error(const deputy_policy* policy) {
  return policy == nullptr ? "The policy is NULL." : error_or_null(policy->error);
}
uint32_t deputy_policy_error_line(const deputy_policy* policy) {
  return policy == nullptr ? 0 : policy->policy.problem().line;
}
uint32_t deputy_policy_error_column(const deputy_policy* policy) {
  return policy == nullptr ? 0 : policy->policy.problem().column;
}
void deputy_policy_free(deputy_policy* policy) { delete policy; }

deputy_policy_set* deputy_policy_set_new(void) {
  return guarded([] { return new deputy_policy_set(); });
}
deputy_status deputy_policy_set_add(deputy_policy_set* set, const deputy_policy* policy, uint32_t level) {
  return changed(set, [&] {
    // A policy that is not there must not be passed over: it may have denied.
    set->set.add(policy == nullptr ? deputy::Policy(static_cast<deputy::PolicyType>(255), {}) : policy->policy, level);
  });
}
deputy_status deputy_policy_set_limit_to_session(deputy_policy_set* set) {
  return changed(set, [&] { set->set.limit_to_session(); });
}
deputy_status deputy_policy_set_require_levels(deputy_policy_set* set, deputy_policy_type type, uint32_t levels) {
  return changed(set, [&] { set->set.require_levels(type_of(type, deputy::PolicyType::kRcp), levels); });
}
const char* deputy_policy_set_error(const deputy_policy_set* set) {
  if (set == nullptr) return "The set is NULL.";
  return set->lost ? kLost : error_or_null(set->set.error());
}
void deputy_policy_set_free(deputy_policy_set* set) { delete set; }

deputy_request* deputy_request_new(const deputy_principal* principal, deputy_text action, deputy_text resource,
                                   deputy_text resource_account) {
  return guarded([&] {
    if (const char* fault = fault_of(principal, action, resource, resource_account)) {
      return new deputy_request{deputy::Request({}, {}, {}), fault};
    }
    return new deputy_request{
        deputy::Request(principal_of(*principal), view(action), view(resource), view(resource_account)), {}};
  });
}
deputy_status deputy_request_reset(deputy_request* request, const deputy_principal* principal, deputy_text action,
                                   deputy_text resource, deputy_text resource_account) {
  return changed(request, [&] {
    request->error.clear();
    if (const char* fault = fault_of(principal, action, resource, resource_account)) {
      request->error = fault;
      return;
    }
    request->request.reset(principal_of(*principal), view(action), view(resource), view(resource_account));
    request->lost = false;
  });
}
deputy_status deputy_request_set(deputy_request* request, deputy_text key, deputy_text value) {
  return deputy_request_set_list(request, key, &value, 1);
}
deputy_status deputy_request_set_list(deputy_request* request, deputy_text key, const deputy_text* values,
                                      size_t count) {
  return changed(request, [&] {
    constexpr size_t kMany = 1000;  // what Request takes: more are refused there, and not looked at here
    bool broken = is_broken(key) || (values == nullptr && count != 0);
    std::vector<std::string_view> views;
    for (size_t i = 0; !broken && i < count && i <= kMany; ++i) {
      broken = is_broken(values[i]);
      views.push_back(view(values[i]));
    }
    if (!broken) {
      request->request.set(view(key), views.data(), views.size());
    } else if (request->error.empty()) {
      request->error = kBrokenText;
    }
  });
}
const char* deputy_request_error(const deputy_request* request) {
  if (request == nullptr) return "The request is NULL.";
  if (request->lost) return kLost;
  return request->error.empty() ? error_or_null(request->request.error()) : request->error.c_str();
}
void deputy_request_free(deputy_request* request) { delete request; }

const char* deputy_layer_name(deputy_layer layer) {
  // Every name is a literal, so that it ends with a NUL.
  const std::string_view name = deputy::name(type_of(layer, deputy::Layer::kSession));
  return name.empty() ? "" : name.data();
}

deputy_status deputy_decide(const deputy_policy_set* policies, const deputy_request* request,
                            deputy_decision* decision) {
  deputy::Decision answer;
  const bool usable = policies != nullptr && request != nullptr && policies->ok() && request->ok();
  if (usable) answer = deputy::decide(policies->set, request->request);
  if (decision != nullptr) {
    *decision = {answer.allowed ? 1 : 0,
                 answer.explicit_deny ? 1 : 0,
                 static_cast<deputy_layer>(answer.layer),
                 answer.statement,
                 {answer.policy.data(), answer.policy.size()}};
  }
  return usable && decision != nullptr ? DEPUTY_OK : DEPUTY_INVALID;
}

deputy_explanation* deputy_explain(const deputy_policy_set* policies, const deputy_request* request) {
  return guarded([&] {
    deputy::Explanation why;
    if (policies == nullptr || request == nullptr) {
      why.note = policies == nullptr ? "The set is NULL." : "The request is NULL.";
    } else if (policies->lost || request->lost) {
      why.note = kLost;
    } else if (!request->error.empty()) {
      why.note = "The request cannot be decided: " + request->error;
    } else {
      why = deputy::explain(policies->set, request->request);
    }
    return new deputy_explanation{why.text(), why.json()};
  });
}
const char* deputy_explanation_text(const deputy_explanation* explanation) {
  return explanation == nullptr ? "" : explanation->text.c_str();
}
const char* deputy_explanation_json(const deputy_explanation* explanation) {
  return explanation == nullptr ? "" : explanation->json.c_str();
}
void deputy_explanation_free(deputy_explanation* explanation) { delete explanation; }

}  // extern "C"
