// Requests of S3 and S3 Control: members from the path, the query, headers, and one from the body, which is XML or bytes.
#include <algorithm>

#include "base/encoding.h"
#include "protocol/limits.h"
#include "protocol/rest.h"
#include "protocol/scalars.h"
#include "protocol/xml_document.h"

namespace deputy::protocol {
namespace {

/// S3 calls a document that is no access control list by another code.
Error malformed_xml(std::string_view code = "MalformedXML") {
  return {std::string(code), 400,
          "The XML you provided was not well-formed or did not validate against our published schema"};
}

Error invalid_argument(std::string message, std::string_view name, std::string_view value) {
  return Error("InvalidArgument", 400, std::move(message))
      .with("ArgumentName", std::string(name))
      .with("ArgumentValue", std::string(value));
}

/// What S3 says of a query parameter or header that its shape refuses.
Error refuse(const Member& member, std::string_view value) {
  const bool number = member.shape->kind == Kind::kInteger || member.shape->kind == Kind::kLong;
  if (member.wire == "x-amz-acl") return invalid_argument({}, member.wire, value);  // an error without words
  if (member.wire == "x-amz-object-ownership") {
    return Error("InvalidArgument", 400, "Invalid x-amz-object-ownership header: " + std::string(value))
        .with("ArgumentName", std::string(member.wire));
  }
  if (member.wire == "encoding-type") {
    return invalid_argument("Invalid Encoding Method specified in Request", member.wire, value);
  }
  if (number) {
    return invalid_argument("Provided " + std::string(member.wire) + " not an integer or within integer range",
                            member.wire, value);
  }
  return invalid_argument("Invalid Argument", member.wire, value);
}

Error out_of_range(const Member& member, std::string_view value, std::int64_t least, std::int64_t most) {
  // The one parameter that S3 calls by the name of its member here.
  const std::string name = member.wire == "max-keys" ? "maxKeys" : std::string(member.wire);
  return invalid_argument(
      "Argument " + name + " must be an integer between " + std::to_string(least) + " and " + std::to_string(most),
      name, value);
}

bool is_one_of(const Shape& shape, std::string_view text) {
  return shape.values.empty() || std::ranges::find(shape.values, text) != shape.values.end();
}

Result<void> check_range(const Member& member, std::string_view text, const void* value) {
  if (member.shape->kind != Kind::kInteger) return {};
  const std::int64_t least = member.shape->has_min ? member.shape->min : 0;
  const std::int64_t most = member.shape->has_max ? member.shape->max : INT32_MAX;
  const std::int64_t number = *static_cast<const std::int32_t*>(value);
  if (number < least || number > most) return out_of_range(member, text, least, most);
  return {};
}

/// A list in a header: values separated by commas.
Result<void> decode_list(const Member& member, std::string_view text, void* list) {
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == kMostElements) return refuse(member, text);
    const std::size_t end = text.find(',');
    std::string_view item = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!is_one_of(*member.shape->element, item)) return refuse(member, item);
    if (!parse_scalar(*member.shape->element, item, member.shape->list->append(list))) return refuse(member, item);
  }
  return {};
}

Result<void> decode_text(const Member& member, std::string_view text, void* input) {
  if (!is_utf8(text)) return refuse(member, {});
  if (member.wire == "x-amz-expected-bucket-owner" &&
      (text.size() != 12 || text.find_first_not_of("0123456789") != std::string_view::npos)) {
    return Error(
        "InvalidBucketOwnerAWSAccountID", 400,
        "The value of the expected bucket owner parameter must be an AWS Account ID... [" + std::string(text) + "]");
  }
  void* value = member.make(input);
  if (member.shape->kind == Kind::kList) return decode_list(member, text, value);
  if (!is_scalar(*member.shape) || !parse_scalar(*member.shape, text, value) || !is_one_of(*member.shape, text)) {
    return refuse(member, text);
  }
  return check_range(member, text, value);
}

void decode_header_map(const Member& member, const http::Request& request, void* input) {
  void* map = nullptr;
  for (const http::Header& header : request.headers) {
    const std::string name = ascii_lower(header.name);
    if (!name.starts_with(member.wire) || !is_utf8(header.value)) continue;
    if (map == nullptr) map = member.make(input);
    void* value = member.shape->map->append(map, name.substr(member.wire.size()));
    static_cast<std::string*>(value)->assign(header.value);
  }
}

Error missing_body() { return {"MissingRequestBodyError", 400, "Request Body is empty"}; }
Error too_big() { return {"MaxMessageLengthExceeded", 400, "Your request was too big."}; }

Result<void> decode_payload(const Member& member, std::string_view body, void* input) {
  if (body.empty()) {
    if (member.required) return missing_body();
    return {};
  }
  if (member.shape->kind == Kind::kBlob) return {};  // bytes are taken in by who runs the operation
  if (member.shape->kind != Kind::kStructure) {
    if (member.shape->kind == Kind::kString && !is_utf8(body)) return refuse(member, {});
    static_cast<std::string*>(member.make(input))->assign(body);
    return {};
  }
  if (body.size() > kLargestXml) return too_big();
  if (read_document(*member.shape->structure, member.wire, body, member.make(input))) return {};
  return malformed_xml(member.wire == "AccessControlPolicy" ? "MalformedACLError" : "MalformedXML");
}

/// Members that stand in the body without one that is the body: the document is the input.
Result<void> decode_body(const Structure& type, std::string_view body, void* input) {
  const auto of_body = [](const Member& m) { return m.place == Place::kBody; };
  if (std::ranges::none_of(type.members, of_body)) return {};
  if (!body.empty()) {
    if (body.size() > kLargestXml) return too_big();
    if (read_document(type, type.root, body, input)) return {};
    return malformed_xml();
  }
  if (std::ranges::any_of(type.members, [&](const Member& m) { return of_body(m) && m.required; })) {
    return missing_body();
  }
  return {};
}

/// A label of the path that is neither bucket nor key.
Result<std::string> decode_label(const Call& call, const http::Request& request, std::string_view name) {
  const auto text = path_label(call.operation->uri, request.path(), name);
  auto decoded = text ? percent_decode(*text) : std::nullopt;
  if (!decoded) return Error("InvalidURI", 400, "Couldn't parse the specified URI.");
  return *std::move(decoded);
}

}  // namespace

Result<void> decode_rest(const Call& call, const http::Request& request, void* input) {
  TRY(const Parameters query, s3_query(request));
  const bool labelled = !service(call.operation->service).path_prefix.empty();
  const std::string_view bucket = call.bucket, key = call.key;
  std::string label;
  std::string_view label_text;
  for (const Member& member : call.operation->input->members) {
    const std::string_view* text = nullptr;
    switch (member.place) {
      case Place::kUri:
        if (labelled) {
          TRY(label, decode_label(call, request, member.wire));
          label_text = label;
        }
        text = labelled ? &label_text : member.wire == "Bucket" ? &bucket : &key;
        break;
      case Place::kQuery:
        text = query.find(member.wire);
        break;
      case Place::kHeader:
        text = request.header(member.wire);
        break;
      case Place::kHeaders:
        decode_header_map(member, request, input);
        break;
      case Place::kPayload:
        TRY_VOID(decode_payload(member, request.body, input));
        break;
      case Place::kBody:
      case Place::kStatus:
        break;
    }
    if (text != nullptr) {
      TRY_VOID(decode_text(member, *text, input));
    } else if (member.required && (member.place == Place::kQuery || member.place == Place::kHeader)) {
      return refuse(member, {});
    }
  }
  return decode_body(*call.operation->input, request.body, input);
}

}  // namespace deputy::protocol
