#include "services/s3/configurations.h"

#include <algorithm>

#include "base/encoding.h"
#include "protocol/xml_document.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::BucketConfiguration;
using protocol::Member;
using protocol::Place;
using protocol::Structure;

namespace {

constexpr std::size_t kPage = 100;

std::string key_of(const ConfigurationKind& kind, std::string_view id) {
  return id.empty() ? std::string(kind.name) : std::string(kind.name) + "/" + std::string(id);
}

const Member* member_at(const Structure& type, Place place) {
  const auto found = std::ranges::find(type.members, place, &Member::place);
  return found == type.members.end() ? nullptr : &*found;
}

/// The root of what was kept: an answer's own may be called otherwise.
std::string_view root_of(std::string_view document) { return document.substr(1, document.find_first_of("/>") - 1); }

/// What was kept was read before, with the same shape: it is read now.
void read_kept(const Structure& type, std::string_view document, void* object) {
  protocol::read_document(type, root_of(document), document, object);
}

auto find(auto& configurations, std::string_view name) {
  return std::ranges::lower_bound(configurations, name, {}, &BucketConfiguration::name);
}

/// The configurations of a kind, by their ids: "metrics/a", "metrics/b".
auto all_of(const Bucket& bucket, std::string_view kind) {
  const std::string first = std::string(kind) + "/", behind = std::string(kind) + "0";  // '0' follows '/'
  return std::ranges::subrange(find(bucket.configurations, first), find(bucket.configurations, behind));
}

}  // namespace

Result<void> show(const services::At& at, const ConfigurationKind& kind, const ConfigurationPlace& place,
                  const protocol::Operation& operation, void* output) {
  TRY(const Bucket* bucket, find_bucket(at, place.bucket, place.expected_owner));
  const directory::SharedText* text = bucket->configuration(key_of(kind, place.id));
  if (text == nullptr && kind.absent != nullptr) return kind.absent(place.bucket);
  const std::string_view document = text != nullptr ? text->view() : kind.otherwise;
  if (document.empty()) return {};
  const Member* payload = member_at(*operation.output, Place::kPayload);
  if (payload != nullptr) {
    read_kept(*payload->shape->structure, document, payload->make(output));
  } else {
    read_kept(*operation.output, document, output);
  }
  return {};
}

Bucket with_text(const Bucket& bucket, const std::string& name, std::string text) {
  Bucket after = bucket;
  const auto place = find(after.configurations, name);
  const bool there = place != after.configurations.end() && place->name == name;
  if (text.empty()) {
    if (there) after.configurations.erase(place);
  } else if (there) {
    place->text = directory::SharedText(std::move(text));
  } else {
    after.configurations.insert(place, {name, directory::SharedText(std::move(text))});
  }
  return after;
}

Result<Bucket> with_configuration(const Bucket& bucket, const ConfigurationKind& kind, std::string_view id,
                                  const protocol::Operation& operation, const void* input) {
  const Member* payload = member_at(*operation.input, Place::kPayload);
  const void* body = payload->get(input);
  if (body == nullptr) return errors::missing_request_body();
  const Structure& type = *payload->shape->structure;
  std::string text = protocol::write_document(type, payload->wire, body);
  const std::string nothing = "<" + std::string(payload->wire) + "></" + std::string(payload->wire) + ">";
  if (text == nothing) text.clear();
  Bucket after = with_text(bucket, key_of(kind, id), std::move(text));
  if (!id.empty() && all_of(after, kind.name).size() > kMostOfAKind) return errors::too_many_configurations();
  std::size_t bytes = 0;
  for (const BucketConfiguration& configuration : after.configurations) bytes += configuration.text.view().size();
  if (bytes > kMostConfigurationBytes) return errors::configurations_too_large();
  return after;
}

Result<std::optional<Bucket>> without_configuration(const services::At& at, const ConfigurationKind& kind,
                                                    const ConfigurationPlace& place) {
  TRY(const Bucket* bucket, find_bucket(at, place.bucket, place.expected_owner));
  const std::string name = key_of(kind, place.id);
  if (bucket->configuration(name) != nullptr) return std::optional(with_text(*bucket, name, {}));
  if (!place.id.empty()) return kind.absent(place.bucket);
  return std::optional<Bucket>();
}

Result<std::optional<std::string>> list(const services::At& at, const ConfigurationKind& kind,
                                        const ConfigurationPlace& place, const std::optional<std::string>& token,
                                        const protocol::Operation& operation, void* output) {
  TRY(const Bucket* bucket, find_bucket(at, place.bucket, place.expected_owner));
  std::string from;  // a token is the name to go on behind, in base64
  if (token && !token->empty()) {
    const auto decoded = unbase64(*token);
    if (!decoded) return errors::invalid_continuation_token();
    from = *decoded;
  }
  const auto& members = operation.output->members;
  const Member& shown =
      *std::ranges::find_if(members, [](const Member& member) { return member.shape->kind == protocol::Kind::kList; });
  std::size_t count = 0;
  std::string_view last;
  for (const BucketConfiguration& configuration : all_of(*bucket, kind.name)) {
    if (configuration.name <= from) continue;
    if (count++ == kPage) return std::optional(base64(last));
    void* list = shown.edit(output);
    if (list == nullptr) list = shown.make(output);
    read_kept(*shown.shape->element->structure, configuration.text.view(), shown.shape->list->append(list));
    last = configuration.name;
  }
  return std::optional<std::string>();
}

}  // namespace deputy::s3
