#include "protocol/encode.h"

#include "base/encoding.h"
#include "protocol/encode_body.h"
#include "protocol/excerpt.h"
#include "protocol/limits.h"

namespace deputy::protocol {
namespace {

constexpr std::string_view kFaultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// Every text of an error passes here on its way out: much of it is what a stranger sent.
Allowance allowance() { return {kLongestErrorText, kLongestError}; }

void add_ids(http::Response& response, RequestIds ids, const ReplyContext& context) {
  if (ids == RequestIds::kS3) {
    response.headers.emplace_back("x-amz-request-id", std::string(context.request_id));
    if (!context.extended_id.empty()) response.headers.emplace_back("x-amz-id-2", std::string(context.extended_id));
    response.headers.emplace_back("Server", "AmazonS3");
    return;
  }
  response.headers.emplace_back("x-amzn-RequestId", std::string(context.request_id));
  if (ids == RequestIds::kSts && !context.extended_id.empty()) {
    response.headers.emplace_back("x-amz-sts-extended-request-id", std::string(context.extended_id));
  }
}

// --- query -----------------------------------------------------------------------------------------------------

void query_reply(http::Response& response, const Operation& op, const void* output, const ReplyContext& context) {
  const std::string response_name = std::string(op.name) + "Response", result_name = std::string(op.name) + "Result";
  response.headers.emplace_back("Content-Type", context.json ? "application/json" : "text/xml");
  response.body.reserve(2048);
  if (context.json) {
    JsonWriter json(response.body);
    json.begin_object().key(response_name).begin_object();
    if (op.has_result) {
      json.key(result_name);
      write_json(json, *op.output, output, {.lower_camel = false, .percent = true});
    }
    json.key("ResponseMetadata").begin_object().key("RequestId").value(context.request_id).end_object();
    json.end_object().end_object();
    return;
  }
  XmlWriter xml(response.body, XmlWriter::Layout::kIndented);
  xml.open(response_name, "xmlns", service(op.service).xml_namespace);
  if (op.has_result) {
    const std::size_t before = response.body.size();
    xml.open(result_name);
    const std::size_t opened = response.body.size();
    write_xml(xml, response.body, *op.output, output, TimeStyle::kSeconds);
    const bool nothing = response.body.size() == opened;
    xml.close(result_name);
    if (nothing) {
      response.body.resize(before);
      xml.empty(result_name);
    }
  }
  xml.open("ResponseMetadata").text("RequestId", context.request_id).close("ResponseMetadata").close(response_name);
}

void query_error(http::Response& response, const Service& called, const Error& error, const ReplyContext& context) {
  const std::string_view type = error.status() < 500 ? "Sender" : "Receiver";
  const std::string_view message = allowance().take(error.message());
  response.headers.emplace_back("Content-Type", context.json ? "application/json" : "text/xml");
  if (context.json) {
    JsonWriter json(response.body);
    json.begin_object().key("Error").begin_object().key("Code").value(error.code());
    if (!message.empty()) json.key("Message").value(message);
    json.key("Type").value(type).end_object().key("RequestId").value(context.request_id).end_object();
    return;
  }
  XmlWriter xml(response.body, XmlWriter::Layout::kIndented);
  xml.open("ErrorResponse", "xmlns", error.is("InvalidAction") ? kFaultNamespace : called.xml_namespace);
  xml.open("Error").text("Type", type).text("Code", error.code());
  if (!message.empty()) xml.text("Message", message);
  xml.close("Error").text("RequestId", context.request_id).close("ErrorResponse");
}

// --- S3 --------------------------------------------------------------------------------------------------------

/// x-amz-meta-*: a map whose keys are the rest of the names.
void header_map(http::Response& response, const Member& member, const void* output) {
  const void* map = member.get(output);
  if (map == nullptr) return;
  const auto& type = *member.shape->map;
  for (std::size_t i = 0; i < type.size(map); ++i) {
    response.named.emplace_back(std::string(member.wire).append(type.key(map, i)),
                                *static_cast<const std::string*>(type.value(map, i)));
  }
}

void rest_reply(http::Response& response, const Operation& op, const void* output) {
  bool has_body = false;
  const Member* payload = nullptr;
  for (const Member& m : op.output->members) {
    if (m.place == Place::kPayload) payload = &m;
    if (m.place == Place::kBody) has_body = true;
    if (m.place == Place::kHeaders) header_map(response, m, output);
    if (m.place != Place::kHeader) continue;
    if (const void* value = m.get(output)) {
      std::string text;
      print_scalar(text, *m.shape, value, TimeStyle::kHttpDate);
      response.headers.emplace_back(m.wire, std::move(text));
    }
  }
  if (op.name == "HeadBucket") response.headers.emplace_back("Content-Type", "application/xml");
  if (payload != nullptr) {
    if (const void* value = payload->get(output); value != nullptr && payload->shape->kind != Kind::kStructure) {
      response.body = *static_cast<const std::string*>(value);
      if (!op.content_type.empty()) response.headers.emplace_back("Content-Type", op.content_type);
      return;
    }
  }
  const bool bytes = payload != nullptr && payload->shape->kind != Kind::kStructure;
  if (!has_body && (payload == nullptr || bytes)) return;
  response.headers.emplace_back("Content-Type", "application/xml");
  XmlWriter xml(response.body, XmlWriter::Layout::kCompact);
  xml.declaration();
  const std::string_view ns = service(op.service).xml_namespace;
  if (op.output->root.empty()) {  // GetBucketLocation: its one member is the document
    const Member& m = op.output->members.front();
    const void* value = m.get(output);
    if (value == nullptr || static_cast<const std::string*>(value)->empty()) {
      response.body.append("<").append(m.wire).append(" xmlns=\"").append(ns).append("\"/>");
      return;
    }
    xml.open(m.wire, "xmlns", ns);
    escape_xml(response.body, *static_cast<const std::string*>(value));
    xml.close(m.wire);
    return;
  }
  const Structure* type = payload != nullptr ? payload->shape->structure : op.output;
  const void* object = payload != nullptr ? payload->get(output) : output;
  const std::string_view root =
      payload != nullptr && payload->shape->structure->root.empty() ? payload->wire : type->root;
  xml.open(root, "xmlns", ns);
  if (object != nullptr) write_xml(xml, response.body, *type, object, TimeStyle::kMillis);
  xml.close(root);
}

void rest_error(http::Response& response, const Service& called, const Error& error, const ReplyContext& context) {
  for (const auto& [name, value] : error.headers()) response.headers.emplace_back(name, value);
  for (const auto& [name, value] : error.details()) {
    if (name == "Region") response.headers.emplace_back("x-amz-bucket-region", value);
  }
  if (context.head) return;
  response.headers.emplace_back("Content-Type", "application/xml");
  XmlWriter xml(response.body, XmlWriter::Layout::kCompact);
  xml.declaration();
  if (called.enveloped_errors) xml.open("ErrorResponse", "xmlns", called.xml_namespace);
  xml.open("Error").text("Code", error.code());
  Allowance allowed = allowance();
  if (!error.message().empty()) xml.text("Message", allowed.take(error.message()));
  for (const auto& [name, value] : error.details()) xml.text(name, allowed.take(value));
  if (called.enveloped_errors) xml.close("Error");
  xml.text("RequestId", context.request_id).text("HostId", context.extended_id);
  xml.close(called.enveloped_errors ? "ErrorResponse" : "Error");
}

// --- JSON ------------------------------------------------------------------------------------------------------

/// What JSON services call the errors that stand above any service: names, and 400 for all that a caller can mend.
std::string_view json_code(const Error& error) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"AccessDenied", "AccessDeniedException"},
      {"InvalidAction", "UnknownOperationException"},
      {"Throttling", "TooManyRequestsException"},
      {"ConcurrentModification", "ConcurrentModificationException"}};
  for (const auto& [query, json] : kNames) {
    if (error.is(query)) return json;
  }
  return error.code();
}

void json_error(http::Response& response, const Service& called, const Error& error) {
  if (error.status() < 500) response.status = 400;
  response.headers.emplace_back("Content-Type", "application/x-amz-json-1.1");
  JsonWriter json(response.body);
  json.begin_object().key("__type").value(exception_name(called, error));
  const bool modelled = called.find_error(json_code(error)) != nullptr;
  Allowance allowed = allowance();
  if (!error.message().empty()) json.key(modelled ? "Message" : "message").value(allowed.take(error.message()));
  for (const auto& [name, value] : error.details()) json.key(name).value(allowed.take(value));
  json.end_object();
}

}  // namespace

http::Response encode_reply(const Operation& op, const void* output, const ReplyContext& context) {
  http::Response response;
  response.status = op.status;
  const Service& called = service(op.service);
  add_ids(response, called.request_ids, context);
  switch (called.dialect) {
    case Dialect::kQuery:
      query_reply(response, op, output, context);
      break;
    case Dialect::kRestXml:
      rest_reply(response, op, output);
      break;
    case Dialect::kJson: {
      response.headers.emplace_back("Content-Type", "application/x-amz-json-1.1");
      JsonWriter json(response.body);
      write_json(json, *op.output, output, {});
    }
  }
  return response;
}

http::Response encode_nothing(const Service& called, const ReplyContext& context) {
  http::Response response;
  add_ids(response, called.request_ids, context);
  return response;
}

http::Response encode_error(const Service& called, const Error& error, const ReplyContext& context) {
  http::Response response;
  response.status = error.status();
  add_ids(response, called.request_ids, context);
  if (error.code().empty()) {  // an answer without a body: docs/wire.md, 4, "Action missing"
    for (const auto& [name, value] : error.details()) {
      if (name == "Location") response.headers.emplace_back("Location", value);
    }
    return response;
  }
  switch (called.dialect) {
    case Dialect::kQuery:
      query_error(response, called, error, context);
      break;
    case Dialect::kRestXml:
      rest_error(response, called, error, context);
      break;
    case Dialect::kJson:
      json_error(response, called, error);
      break;
  }
  return response;
}

Error not_implemented(const Operation& op) {
  const Service& called = service(op.service);
  return {"NotImplemented", 501,
          "Deputy does not implement " + std::string(called.name) + ":" + std::string(op.name) +
              " yet. deputy coverage lists what it does."};
}

std::string exception_name(const Service& called, const Error& error) {
  const ModelError* model = called.find_error(error.code());
  if (model != nullptr) return std::string(model->exception);
  if (error.is("ValidationError")) return "ValidationException";
  return std::string(called.dialect == Dialect::kJson ? json_code(error) : error.code());
}

bool accepts_json(const http::Request& request) {
  const std::string_view* accept = request.header("accept");
  return accept != nullptr && accept->find("application/json") != std::string_view::npos;
}

std::string sts_extended_id(std::string_view region, Time now, std::string_view unique) {
  return base64("1:" + std::string(region.substr(0, kLongestEcho)) +
                ":S:" + std::to_string(now.time_since_epoch().count()) + ":R:" + std::string(unique));
}

}  // namespace deputy::protocol
