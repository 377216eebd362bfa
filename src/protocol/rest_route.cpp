// Which of the operations of S3, or of S3 Control, a method, path and query mean.
#include <algorithm>

#include "base/encoding.h"
#include "protocol/excerpt.h"
#include "protocol/rest.h"

namespace deputy::protocol {
namespace {

enum class Level : std::uint8_t { kService, kBucket, kObject };

constexpr std::string_view path_of(Level level) {
  return level == Level::kService ? "/" : level == Level::kBucket ? "/{Bucket}" : "/{Bucket}/{Key+}";
}

constexpr std::string_view resource_type(Level level) {
  return level == Level::kService ? "SERVICE" : level == Level::kBucket ? "BUCKET" : "OBJECT";
}

Error bad_uri() { return {"InvalidURI", 400, "Couldn't parse the specified URI."}; }

bool has_mark(std::string_view mark, const http::Request& request, const Parameters& query) {
  if (mark.starts_with('@')) return request.header(mark.substr(1)) != nullptr;
  const std::size_t equals = mark.find('=');
  const std::string_view* value = query.find(mark.substr(0, equals));
  return value != nullptr && (equals == std::string_view::npos || *value == mark.substr(equals + 1));
}

/// How many marks of `operation` the request has; negative if it lacks one.
int count_marks(const Operation& operation, const http::Request& request, const Parameters& query) {
  int count = 0;
  for (std::string_view rest = operation.marks; !rest.empty(); ++count) {
    const std::string_view mark = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), mark.size() + 1));
    if (!has_mark(mark, request, query)) return -1;
  }
  return count;
}

bool is_of(const Operation& operation, Level level) {
  return operation.uri.substr(0, operation.uri.find('?')) == path_of(level);
}

/// Whether the query names a sub-resource (?acl, ?policy) of that level, whatever may be done with it.
bool names_subresource(const Service& s3, Level level, const Parameters& query) {
  return std::ranges::any_of(s3.operations, [&](const Operation* operation) {
    const std::size_t at = operation->uri.find('?');
    if (at == std::string_view::npos || !is_of(*operation, level)) return false;
    const std::string_view mark = operation->uri.substr(at + 1, operation->uri.find('&', at) - at - 1);
    return mark.find('=') == std::string_view::npos && query.find(mark) != nullptr;
  });
}

const Operation* find(const Service& s3, const http::Request& request, Level level, const Parameters& query) {
  const Operation* found = nullptr;
  int most = 0;
  for (const Operation* operation : s3.operations) {
    if (operation->method != request.method || !is_of(*operation, level)) continue;
    const int count = count_marks(*operation, request, query);
    // Of two that ask for the same, the later is the newer (…Lifecycle, …LifecycleConfiguration).
    if (count < most) continue;
    most = count;
    found = operation;
  }
  // DELETE /bucket?inventory must never delete the bucket.
  if (found != nullptr && found->marks.empty() && names_subresource(s3, level, query)) return nullptr;
  return found;
}

/// Whether the query is one of listing objects. At a host name that is not known to be S3's, where a client may have put
/// the bucket's name, the list of buckets would be the answer to another question.
bool means_a_bucket(const Parameters& query) {
  constexpr std::string_view kOfListing[] = {"list-type", "delimiter",   "max-keys",
                                             "marker",    "start-after", "fetch-owner"};
  return std::ranges::any_of(kOfListing, [&](std::string_view name) { return query.find(name) != nullptr; });
}

/// Our own: S3 knows its names.
Error no_bucket(const http::Request& request) {
  constexpr std::size_t kLongestHost = 253;
  const std::string_view* host = request.header("host");
  return Error(
             "InvalidRequest", 400,
             "The request names no bucket. Its host name is not known as one of S3: address buckets by path, or start "
             "the server with --domain.")
      .with("HostName", host != nullptr ? excerpt(*host, kLongestHost) : "");
}

}  // namespace

Result<S3Path> s3_path(const http::Request& request, std::string_view host_bucket) {
  // No dot segments and no merging of slashes: a key may hold either.
  std::string_view path = request.path();
  if (!path.starts_with('/')) return bad_uri();
  path.remove_prefix(1);
  S3Path found;
  found.bucket = ascii_lower(host_bucket);
  if (found.bucket.empty()) {
    const std::string_view bucket = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), bucket.size() + 1));
    auto decoded = percent_decode(bucket);
    if (!decoded || !is_utf8(*decoded)) return bad_uri();
    found.bucket = *std::move(decoded);
  }
  auto key = percent_decode(path);
  if (!key || !is_utf8(*key) || (found.bucket.empty() && !key->empty())) return bad_uri();
  found.key = *std::move(key);
  return found;
}

Result<Parameters> s3_query(const http::Request& request) {
  auto query = Parameters::parse(request.query(), {});
  if (!query) return bad_uri();
  return query;
}

namespace {

/// Cuts the first segment off a path without its leading slash.
std::string_view cut_segment(std::string_view& path) {
  const std::size_t end = path.find('/');
  const std::string_view segment = path.substr(0, end);
  path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  return segment;
}

/// Walks a template and a path side by side; `see(label, text)` for each label. False: the path is not of the template.
template <class See>
bool walk_template(std::string_view uri, std::string_view path, See&& see) {
  uri = uri.substr(0, uri.find('?'));
  if (!uri.starts_with('/') || !path.starts_with('/')) return false;
  uri.remove_prefix(1);
  path.remove_prefix(1);
  while (!uri.empty()) {
    const std::string_view expected = cut_segment(uri);
    if (expected.ends_with("+}")) {
      see(expected.substr(1, expected.size() - 3), path);
      return !path.empty();
    }
    const std::string_view segment = cut_segment(path);
    if (expected.starts_with('{')) {
      if (segment.empty()) return false;
      see(expected.substr(1, expected.size() - 2), segment);
    } else if (segment != expected) {
      return false;
    }
  }
  return path.empty();
}

Error method_not_allowed(const http::Request& request, std::string_view type) {
  return Error("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
      .with("Method", std::string(request.method))
      .with("ResourceType", std::string(type));
}

/// The operation of a service whose paths are those of its model.
Result<Call> find_by_template(const Service& called, const http::Request& request) {
  TRY(const Parameters query, s3_query(request));
  Call call;
  int most = -1;
  for (const Operation* operation : called.operations) {
    if (operation->method != request.method) continue;
    if (!walk_template(operation->uri, request.path(), [](std::string_view, std::string_view) {})) continue;
    const int count = count_marks(*operation, request, query);
    if (count <= most) continue;
    most = count;
    call.operation = operation;
  }
  if (call.operation == nullptr) return method_not_allowed(request, resource_type(Level::kService));
  return call;
}

}  // namespace

std::optional<std::string_view> path_label(std::string_view uri, std::string_view path, std::string_view name) {
  std::optional<std::string_view> found;
  const bool fits = walk_template(uri, path, [&](std::string_view label, std::string_view text) {
    if (label == name) found = text;
  });
  return fits ? found : std::nullopt;
}

Result<Call> find_rest_operation(const Destination& to, const http::Request& request) {
  const Service& s3 = service(to.service);
  if (!s3.path_prefix.empty()) return find_by_template(s3, request);
  TRY(S3Path path, s3_path(request, to.bucket));
  TRY(const Parameters query, s3_query(request));
  const Level level = path.bucket.empty() ? Level::kService : path.key.empty() ? Level::kBucket : Level::kObject;
  if (level == Level::kService && means_a_bucket(query)) return no_bucket(request);
  Call call;
  call.operation = find(s3, request, level, query);
  if (call.operation == nullptr) return method_not_allowed(request, resource_type(level));
  call.bucket = std::move(path.bucket);
  call.key = std::move(path.key);
  return call;
}

}  // namespace deputy::protocol
