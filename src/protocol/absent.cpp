#include "protocol/absent.h"

#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "protocol/aws_services.h"
#include "protocol/excerpt.h"
#include "protocol/operation.h"
#include "protocol/query.h"
#include "protocol/xml_writer.h"

namespace deputy::protocol {

namespace {

constexpr std::string_view kCode = "NotImplemented";
constexpr int kStatus = 501;
constexpr std::size_t kLongestName = 64;  // of a service that is repeated

/// Null: AWS has none of that name.
const AwsService* find_aws_service(std::string_view name) {
  const auto all = aws_services();
  const auto found = std::ranges::lower_bound(all, name, {}, &AwsService::signing_name);
  return found != all.end() && found->signing_name == name ? &*found : nullptr;
}

bool can_be_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string_view header_or_empty(const http::Request& request, std::string_view name) {
  const std::string_view* value = request.header(name);
  return value != nullptr ? *value : std::string_view{};
}

/// The service of an X-Amz-Target: "DynamoDB_20120810" of "DynamoDB_20120810.ListTables".
std::optional<std::string_view> target_service(const http::Request& request) {
  const std::string_view target = header_or_empty(request, "x-amz-target");
  const std::size_t dot = target.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  return target.substr(0, dot);
}

bool speaks_cbor(const http::Request& request) { return header_or_empty(request, "smithy-protocol") == "rpc-v2-cbor"; }

/// A form, or a GET with an Action.
bool speaks_query(const http::Request& request) {
  if (is_form(request)) return true;
  const auto action = scan_parameter(request.query(), "Action");
  return action && *action;
}

/// CBOR of texts shorter than 65,536 bytes (RFC 8949, 3.1, major type 3).
void cbor_text(std::string& to, std::string_view text) {
  to.push_back('\x79');
  to.push_back(static_cast<char>(text.size() >> 8));
  to.push_back(static_cast<char>(text.size() & 0xff));
  to.append(text);
}

void cbor_error(http::Response& response, std::string_view sentence) {
  response.headers.emplace_back("Content-Type", "application/cbor");
  response.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
  response.body.push_back('\xa2');  // a map of two
  for (const std::string_view text : {std::string_view("__type"), kCode, std::string_view("message"), sentence}) {
    cbor_text(response.body, text);
  }
}

void json_error(http::Response& response, std::string_view content_type, std::string_view sentence) {
  response.headers.emplace_back("Content-Type", std::string(content_type));
  response.headers.emplace_back("x-amzn-ErrorType", std::string(kCode));
  JsonWriter json(response.body);
  json.begin_object().key("__type").value(kCode).key("message").value(sentence).end_object();
}

/// Around the error's two elements: <ErrorResponse><Error> of query and REST-XML services, <Response><Errors><Error> of
/// EC2, each with its id of the request.
void xml_error(http::Response& response, bool ec2, std::string_view sentence, std::string_view request_id) {
  response.headers.emplace_back("Content-Type", "text/xml");
  XmlWriter xml(response.body, XmlWriter::Layout::kCompact);
  xml.declaration();
  xml.open(ec2 ? "Response" : "ErrorResponse");
  if (ec2) xml.open("Errors");
  xml.open("Error");
  if (!ec2) xml.text("Type", "Receiver");
  xml.text("Code", kCode).text("Message", sentence).close("Error");
  if (ec2) xml.close("Errors");
  xml.text(ec2 ? "RequestID" : "RequestId", request_id);
  xml.close(ec2 ? "Response" : "ErrorResponse");
}

}  // namespace

std::optional<std::string_view> absent_service(const http::Request& request, std::string_view signed_for) {
  const auto by_target = target_service(request);
  const std::string_view name = signed_for.empty() ? by_target.value_or("") : signed_for;
  if (name.empty() || !can_be_name(name)) return std::nullopt;
  const bool is_no_path = by_target || speaks_cbor(request) || speaks_query(request);
  if (!is_no_path && find_aws_service(name) == nullptr) return std::nullopt;
  return name;
}

http::Response refuse_absent(const http::Request& request, std::string_view name, std::string_view request_id) {
  http::Response response;
  response.status = kStatus;
  const std::string shown = excerpt(name, kLongestName);
  const std::string sentence = "Deputy has no " + shown + ": it serves iam, sts, organizations and s3.";
  if (request.method == "HEAD") return response;
  if (speaks_cbor(request)) {
    cbor_error(response, sentence);
  } else if (target_service(request)) {
    const std::string_view type = header_or_empty(request, "content-type");
    json_error(
        response,
        type.starts_with("application/x-amz-json-1.0") ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1",
        sentence);
  } else if (speaks_query(request)) {
    xml_error(response, name == "ec2", sentence, request_id);
  } else if (const AwsService* known = find_aws_service(name); known != nullptr && known->rest_xml) {
    xml_error(response, false, sentence, request_id);
  } else {
    json_error(response, "application/json", sentence);
  }
  return response;
}

}  // namespace deputy::protocol
