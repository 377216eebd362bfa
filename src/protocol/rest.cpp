#include "protocol/rest.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "protocol/scalars.h"
#include "protocol/validate.h"

namespace deputy::protocol {
namespace {

/// The decoded parameters of an S3 query; a name without '=' has an empty value.
using Query = std::vector<std::pair<std::string, std::string>>;

Result<Query> parse_query(std::string_view text) {
  constexpr std::size_t kMost = 1000;
  Query query;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                  : percent_decode(part.substr(equals + 1), true);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value) || query.size() == kMost) {
      return Error("InvalidURI", 400, "Couldn't parse the specified URI.");
    }
    query.emplace_back(*std::move(name), *std::move(value));
  }
  return query;
}

const std::string* find(const Query& query, std::string_view name) {
  const auto at = std::find_if(query.begin(), query.end(), [&](const auto& p) { return p.first == name; });
  return at == query.end() ? nullptr : &at->second;
}

/// Operations that share a method and path with another and are told apart by something the model's uri does not say.
struct Mark {
  std::string_view operation, query, header;
};
constexpr std::array<Mark, 8> kMarks = {
    {{"AbortMultipartUpload", "uploadId", ""},
     {"CompleteMultipartUpload", "uploadId", ""},
     {"ListParts", "uploadId", ""},
     {"UploadPart", "uploadId", ""},
     {"UploadPartCopy", "uploadId", "x-amz-copy-source"},
     {"CopyObject", "", "x-amz-copy-source"},
     {"RenameObject", "renameObject", "x-amz-rename-source"},
     {"ListDirectoryBuckets", "\n", ""}}};  // never: directory buckets live elsewhere

/// How well an operation fits: nothing if it does not; more for each thing that it names and the request has.
std::optional<int> fit(const Operation& op, const http::Request& request, const Query& query, bool bucket, bool key) {
  if (op.method != request.method) return std::nullopt;
  const std::size_t mark = op.uri.find('?');
  const std::string_view path = op.uri.substr(0, mark);
  const bool wants_key = path.find("{Key+}") != std::string_view::npos;
  const bool wants_bucket = path.starts_with("/{Bucket}");
  if (wants_key != key || wants_bucket != bucket || (!wants_bucket && path != "/")) return std::nullopt;
  int score = 0;
  for (std::string_view rest = mark == std::string_view::npos ? std::string_view{} : op.uri.substr(mark + 1);
       !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    const std::size_t equals = part.find('=');
    const std::string* value = find(query, part.substr(0, equals));
    if (value == nullptr || (equals != std::string_view::npos && *value != part.substr(equals + 1)))
      return std::nullopt;
    score += 2;
  }
  for (const Mark& m : kMarks) {
    if (m.operation != op.name) continue;
    if (!m.query.empty() && find(query, m.query) == nullptr) return std::nullopt;
    if (!m.header.empty() && request.header(m.header) == nullptr) return std::nullopt;
    score += (m.query.empty() ? 0 : 2) + (m.header.empty() ? 0 : 2);
  }
  return score;
}

/// The bucket in a host name, if there is one: what stands before a domain of S3's or before ".localhost".
std::string_view bucket_in_host(std::string_view host) {
  host = host.substr(0, host.find(':'));
  for (const std::string_view domain : {std::string_view(".localhost"), std::string_view(".amazonaws.com")}) {
    if (!host.ends_with(domain)) continue;
    host.remove_suffix(domain.size());
    if (domain == ".localhost") {
      return host.ends_with(".s3") ? host.substr(0, host.size() - 3) : host == "s3" ? std::string_view{} : host;
    }
    const std::size_t s3 = host.rfind(".s3");
    if (s3 != std::string_view::npos && (s3 + 3 == host.size() || host[s3 + 3] == '.' || host[s3 + 3] == '-')) {
      return host.substr(0, s3);
    }
  }
  return {};
}

Error malformed_xml() {
  return {"MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema"};
}

class Decoder {
 public:
  explicit Decoder(const Service& service) : violations_(service) {}

  Result<void> member(const Member& m, std::string_view text, void* input) {
    void* field = m.make(input);
    if (!parse_scalar(*m.shape, text, field)) {
      return Error("InvalidArgument", 400, "Provided argument is not valid")
          .with("ArgumentName", std::string(m.wire))
          .with("ArgumentValue", std::string(text));
    }
    const std::string name = lower_camel(m.name);
    violations_.check(*m.shape, m.wording, field, Path{.parent = nullptr, .name = name});
    return {};
  }

  Result<void> structure(const Structure& type, const pugi::xml_node& node, void* object) {
    for (const Member& m : type.members) {
      if (m.place != Place::kBody || m.attribute) continue;
      const pugi::xml_node child = node.child(std::string(m.wire).c_str());
      if (!child) continue;
      TRY_VOID(value(m, child, m.make(object)));
    }
    return {};
  }

  [[nodiscard]] Result<void> result() const { return violations_.result(); }

 private:
  Result<void> value(const Member& m, const pugi::xml_node& node, void* to) {
    const Shape& shape = *m.shape;
    if (shape.kind == Kind::kStructure) return structure(*shape.structure, node, to);
    if (shape.kind == Kind::kMap) return malformed_xml();
    if (shape.kind == Kind::kList) {
      const std::string name(shape.flattened ? m.wire : shape.element_name);
      const pugi::xml_node parent = shape.flattened ? node.parent() : node;
      for (const pugi::xml_node& item : parent.children(name.c_str())) {
        void* element = shape.list->append(to);
        if (shape.element->kind == Kind::kStructure) {
          TRY_VOID(structure(*shape.element->structure, item, element));
        } else if (!is_scalar(*shape.element) || !parse_scalar(*shape.element, item.child_value(), element)) {
          return malformed_xml();
        }
      }
      return {};
    }
    if (!parse_scalar(shape, node.child_value(), to)) return malformed_xml();
    return {};
  }

  Violations violations_;
};

/// The body of a request, parsed; pugixml reads no DTD and no external entity.
Result<void> decode_payload(Decoder& decoder, const Member& m, std::string_view body, void* input) {
  if (body.empty()) return {};
  if (m.shape->kind != Kind::kStructure) {
    *static_cast<std::string*>(m.make(input)) = body;
    return {};
  }
  pugi::xml_document document;
  const auto parsed = document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!parsed || !root ||
      root.name() != std::string(m.shape->structure->root.empty() ? m.wire : m.shape->structure->root)) {
    return malformed_xml();
  }
  return decoder.structure(*m.shape->structure, root, m.make(input));
}

}  // namespace

Result<S3Path> s3_path(const http::Request& request) {
  S3Path found;
  std::string_view path = request.path();
  const std::string_view* host = request.header("host");
  if (host != nullptr) found.bucket = bucket_in_host(*host);
  if (path.starts_with('/')) path.remove_prefix(1);
  if (found.bucket.empty()) {
    const std::size_t slash = path.find('/');
    const auto bucket = percent_decode(path.substr(0, slash));
    if (!bucket || !is_utf8(*bucket)) return Error("InvalidURI", 400, "Couldn't parse the specified URI.");
    found.bucket = *bucket;
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  const auto key = percent_decode(path);
  if (!key || !is_utf8(*key)) return Error("InvalidURI", 400, "Couldn't parse the specified URI.");
  found.key = *key;
  return found;
}

Result<Call> find_rest_operation(const Service& s3, const http::Request& request) {
  TRY(S3Path path, s3_path(request));
  TRY(const Query query, parse_query(request.query()));
  Call call;
  int best = -1;
  for (const Operation* op : s3.operations) {
    const auto score = fit(*op, request, query, !path.bucket.empty(), !path.key.empty());
    if (score && *score > best) {
      best = *score;
      call.operation = op;
    }
  }
  if (call.operation == nullptr) {
    const char* type = !path.key.empty() ? "OBJECT" : !path.bucket.empty() ? "BUCKET" : "SERVICE";
    return Error("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
        .with("Method", std::string(request.method))
        .with("ResourceType", type);
  }
  call.bucket = std::move(path.bucket);
  call.key = std::move(path.key);
  return call;
}

Result<void> decode_rest(const Call& call, const http::Request& request, void* input) {
  TRY(const Query query, parse_query(request.query()));
  Decoder decoder(service(call.operation->service));
  for (const Member& m : call.operation->input->members) {
    switch (m.place) {
      case Place::kUri:
        TRY_VOID(decoder.member(m, m.name == "Bucket" ? call.bucket : call.key, input));
        break;
      case Place::kQuery:
        if (const std::string* value = find(query, m.wire); value != nullptr && is_scalar(*m.shape)) {
          TRY_VOID(decoder.member(m, *value, input));
        }
        break;
      case Place::kHeader:
        if (const std::string_view* value = request.header(m.wire); value != nullptr && is_scalar(*m.shape)) {
          TRY_VOID(decoder.member(m, *value, input));
        }
        break;
      case Place::kPayload:
        TRY_VOID(decode_payload(decoder, m, request.body, input));
        break;
      default:
        break;
    }
  }
  return decoder.result();
}

}  // namespace deputy::protocol
