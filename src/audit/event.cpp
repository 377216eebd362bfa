#include "audit/event.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/visible.h"
#include "protocol/to_json.h"

namespace deputy::audit {
namespace {

using directory::Caller;
using directory::Session;

using Limits = EventLimits;

// One byte becomes six when it is escaped; a thousand bytes are for names of members.
constexpr std::size_t kTexts = Limits::user_agent + Limits::error_message + Limits::error_code + Limits::host +
                               Limits::region + 8 * Limits::name + 2 * Limits::arn;
static_assert(Limits::request + Limits::response + 6 * kTexts + 4096 < Limits::line);

/// Whole, or cut and marked.
void text(JsonWriter& json, std::string_view value, std::size_t most) {
  constexpr std::string_view kCut = "…";
  if (value.size() <= most) {
    json.value(value);
  } else {
    json.value(std::string(cut(value, most - kCut.size())).append(kCut));
  }
}

/// A structure, or that it is too large.
void shape(JsonWriter& json, std::string& out, const protocol::Structure& type, const void* object, std::size_t most,
           std::string_view too_large) {
  json.raw({});  // the separator; what follows is the value
  const std::size_t begin = out.size();
  JsonWriter bounded(out, begin + most);
  protocol::to_json(bounded, type, object);
  if (!bounded.full()) return;
  out.resize(begin);
  JsonWriter(out).begin_object().key("omitted").value(true).key("reason").value(too_large).end_object();
}

/// CloudTrail's readOnly: operations that change nothing, AssumeRole and its kin among them.
bool is_read_only(std::string_view operation) {
  constexpr std::array<std::string_view, 7> prefixes = {"Get",    "List",     "Head",  "Describe",
                                                        "Assume", "Simulate", "Decode"};
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return operation.starts_with(p); });
}

void session_context(JsonWriter& json, const Caller& caller) {
  const Session& session = *caller.session;
  json.key("sessionContext").begin_object();
  if (caller.kind != Caller::Kind::kUser && caller.kind != Caller::Kind::kRoot) {
    json.key("sessionIssuer").begin_object();
    if (caller.role != nullptr) {
      json.key("type").value("Role").key("principalId").value(caller.role->id.str());
      json.key("arn").value(caller.role->arn()).key("accountId").value(caller.account_id().view());
      json.key("userName").value(caller.role->name);
    } else if (caller.user != nullptr) {
      json.key("type").value("IAMUser").key("principalId").value(caller.user->id.str());
      json.key("arn").value(caller.user->arn()).key("accountId").value(caller.account_id().view());
      json.key("userName").value(caller.user->name);
    } else {
      json.key("type").value("Root").key("principalId").value(caller.account_id().view());
      json.key("accountId").value(caller.account_id().view());
    }
    json.end_object();
  }
  json.key("attributes").begin_object();
  json.key("creationDate").value(iso8601(session.issued));
  json.key("mfaAuthenticated").value(session.mfa.value_or(false) ? "true" : "false");
  json.end_object();
  if (!session.source_identity.empty()) {
    text(json.key("sourceIdentity"), session.source_identity, Limits::name);
  }
  if (session.kind == Session::Kind::kAssumedRoot) json.key("assumedRoot").value("true");
  json.end_object();
}

void user_identity(JsonWriter& json, const Record& r) {
  const Caller* caller = r.caller;
  static constexpr std::string_view kTypes[] = {"AWSAccount",    "Root",       "IAMUser",         "AssumedRole",
                                                "FederatedUser", "AWSService", "WebIdentityUser", "SAMLUser"};
  json.key("userIdentity").begin_object();
  if (r.by_operator) {  // CloudTrail has none of these
    json.key("type").value("Operator").end_object();
    return;
  }
  if (caller == nullptr) {
    json.key("type").value("Unknown").end_object();
    return;
  }
  json.key("type").value(kTypes[static_cast<std::size_t>(caller->kind)]);
  if (caller->kind == Caller::Kind::kAnonymous) {
    json.key("principalId").value("").key("accountId").value("anonymous").end_object();
    return;
  }
  if (caller->service) {
    text(json.key("invokedBy"), caller->service->name, Limits::name);
    json.end_object();
    return;
  }
  if (caller->federated) {
    text(json.key("principalId"), caller->user_id, Limits::name);
    text(json.key("userName"), caller->federated->subject, Limits::name);
    text(json.key("identityProvider"), caller->federated->provider, Limits::name);
    json.end_object();
    return;
  }
  text(json.key("principalId"), caller->user_id, Limits::name);
  text(json.key("arn"), caller->arn, Limits::arn);
  json.key("accountId").value(caller->account_id().view()).key("accessKeyId").value(caller->access_key_id);
  if (caller->kind == Caller::Kind::kUser) json.key("userName").value(caller->user->name);
  if (caller->session) session_context(json, *caller);
  json.end_object();
}

void user_identity_elsewhere(JsonWriter& json, const Caller& caller) {
  json.key("userIdentity").begin_object().key("type").value("AWSAccount");
  text(json.key("principalId"), caller.user_id, Limits::name);
  json.key("accountId").value(caller.account_id().view()).end_object();
}

void what(JsonWriter& json, const Record& r) {
  const protocol::Service& service = protocol::service(r.service);
  json.key("eventTime").value(iso8601(r.when));
  json.key("eventSource").value(r.by_operator ? "deputy" : std::string(service.signing_name) + ".amazonaws.com");
  json.key("eventName").value(r.operation != nullptr ? r.operation->name : "Unknown");  // readers take it for text
  text(json.key("awsRegion"), r.region, Limits::region);
  text(json.key("sourceIPAddress"), r.source_ip, Limits::name);
  if (!r.user_agent.empty()) text(json.key("userAgent"), r.user_agent, Limits::user_agent);
}

/// Errors go by the names of exception classes here, not by their wire codes.
void error(JsonWriter& json, const Record& r) {
  if (r.error == nullptr) return;
  const protocol::ModelError* model = protocol::service(r.service).find_error(r.error->code());
  std::string name = model != nullptr ? std::string(model->exception) : r.error->code();
  if (name == "ValidationError") name = "ValidationException";
  text(json.key("errorCode"), name, Limits::error_code);
  if (!r.error->message().empty()) text(json.key("errorMessage"), r.error->message(), Limits::error_message);
}

void parameters(JsonWriter& json, std::string& out, const Record& r) {
  const bool denied = r.error != nullptr && r.error->is("AccessDenied");
  const bool identity = r.operation != nullptr && r.operation->name == "GetCallerIdentity";
  json.key("requestParameters");
  if (r.input == nullptr || denied || identity) {
    json.null();
  } else {
    shape(json, out, *r.operation->input, r.input, Limits::request, "requestParameters too large");
  }
  json.key("responseElements");
  const bool shows_answer =
      r.operation != nullptr && (!is_read_only(r.operation->name) || r.operation->name.starts_with("Assume") ||
                                 r.operation->name == "GetSessionToken" || r.operation->name == "GetFederationToken");
  if (r.error != nullptr || r.output == nullptr || !shows_answer || r.operation->output->members.empty()) {
    json.null();
  } else {
    shape(json, out, *r.operation->output, r.output, Limits::response, "responseElements too large");
  }
}

/// As CloudTrail says here how it knew a provider: what the caller is told says less than its account may know.
void additional(JsonWriter& json, const Record& r) {
  if (r.no_keys.empty()) return;
  json.key("additionalEventData").begin_object();
  json.key("identityProviderConnectionFailure").value(r.no_keys).end_object();
}

void resources(JsonWriter& json, const Record& r) {
  if (r.resources.empty() || (r.error != nullptr && r.error->is("AccessDenied"))) return;
  json.key("resources").begin_array();
  for (const Resource& resource : r.resources) {
    json.begin_object().key("accountId").value(resource.account.view());
    json.key("type").value(resource.type);
    text(json.key("ARN"), resource.arn, Limits::arn);
    json.end_object();
  }
  json.end_array();
}

void tail(JsonWriter& json, const Record& r, std::string_view event_id, std::string_view shared_event_id,
          std::string_view recipient) {
  json.key("requestID").value(r.request_id).key("eventID").value(event_id);
  json.key("readOnly").value(r.operation == nullptr || is_read_only(r.operation->name));
  resources(json, r);
  json.key("eventType").value("AwsApiCall").key("managementEvent").value(true);
  if (!recipient.empty()) json.key("recipientAccountId").value(recipient);
  if (!shared_event_id.empty()) json.key("sharedEventID").value(shared_event_id);
  json.key("eventCategory").value("Management");
  if (!r.secure) return;
  json.key("tlsDetails").begin_object();
  if (!r.tls_version.empty()) json.key("tlsVersion").value(r.tls_version).key("cipherSuite").value(r.tls_cipher);
  text(json.key("clientProvidedHostHeader"), r.host, Limits::host);
  json.end_object();
}

/// What stands between the braces of an object that is not closed yet.
std::string_view members(std::string_view open_object) { return open_object.substr(1); }

}  // namespace

bool has_identity(const Record& r) {
  if (r.by_operator) return true;
  return r.caller != nullptr && (r.caller->account != nullptr || r.caller->federated || r.caller->service);
}

bool has_other_side(const Record& r) {
  return r.error == nullptr && r.caller != nullptr && r.caller->account != nullptr && r.resources.size() == 1 &&
         r.operation != nullptr && r.operation->name == "AssumeRole" &&
         r.resources.front().account != r.caller->account_id();
}

void write_event(std::string& out, std::string& common, const Record& r, std::string_view event_id,
                 std::string_view shared_event_id) {
  common.clear();
  JsonWriter shared(common);
  shared.begin_object();
  what(shared, r);
  error(shared, r);
  parameters(shared, common, r);
  additional(shared, r);
  std::string_view recipient;
  if (r.caller != nullptr && r.caller->account != nullptr) {
    recipient = r.caller->account_id().view();
  } else if ((r.by_operator || (r.caller != nullptr && (r.caller->federated || r.caller->service))) &&
             !r.resources.empty()) {
    recipient = r.resources.front().account.view();  // who has no account is told of by the role's
  }
  JsonWriter json(out);
  json.begin_object().key("eventVersion").value("1.11");
  user_identity(json, r);
  out.append(",").append(members(common));
  tail(json, r, event_id, shared_event_id, recipient);
  json.end_object();
}

void write_other_side(std::string& out, std::string_view common, const Record& r, const Resource& resource,
                      std::string_view event_id, std::string_view shared_event_id) {
  JsonWriter json(out);
  json.begin_object().key("eventVersion").value("1.11");
  user_identity_elsewhere(json, *r.caller);
  out.append(",").append(members(common));
  tail(json, r, event_id, shared_event_id, resource.account.view());
  json.end_object();
}

}  // namespace deputy::audit
