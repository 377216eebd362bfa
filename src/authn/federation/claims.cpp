#include "authn/federation/claims.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/visible.h"

namespace deputy::authn {
namespace {

constexpr std::string_view kTags = "https://aws.amazon.com/tags";
constexpr std::string_view kFlatTag = "https://aws.amazon.com/tags/principal_tags/";
constexpr std::string_view kFlatTransitive = "https://aws.amazon.com/tags/transitive_tag_keys";
constexpr std::string_view kSourceIdentity = "https://aws.amazon.com/source_identity";
constexpr std::size_t kMaxTags = 50, kMaxKey = 128, kMaxValue = 256;

/// A tag has one value; providers write it as a list of one.
bool add_tag(std::string_view key, const Json& value, directory::Tags& tags) {
  const auto values = value.texts();
  if (!values || values->size() != 1 || tags.size() == kMaxTags) return false;
  if (key.empty() || utf8_length(key) > kMaxKey || utf8_length(values->front()) > kMaxValue) return false;
  tags.push_back({std::string(key), values->front()});
  return true;
}

bool add_transitive(const Json& keys, std::vector<std::string>& all) {
  auto texts = keys.texts();
  if (!texts || texts->size() > kMaxTags) return false;
  all.insert(all.end(), texts->begin(), texts->end());
  return true;
}

}  // namespace

bool can_be_shown(const directory::NamedKeys& keys) {
  return std::none_of(keys.begin(), keys.end(),
                      [](const auto& key) { return std::any_of(key.values.begin(), key.values.end(), has_hidden); });
}

bool is_source_identity(std::string_view text) {
  constexpr std::string_view kOthers = "_+=,.@-";
  const auto allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  };
  return text.size() >= 2 && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

bool read_session_claims(const Json& claims, directory::FederatedCall& call) {
  for (const auto& [name, value] : *claims.object()) {
    if (name == kTags) {
      if (value.object() == nullptr) return false;
      if (const Json* tags = value.get("principal_tags")) {
        if (tags->object() == nullptr) return false;
        for (const auto& [key, tag] : *tags->object()) {
          if (!add_tag(key, tag, call.tags)) return false;
        }
      }
      if (const Json* keys = value.get("transitive_tag_keys")) {
        if (!add_transitive(*keys, call.transitive_tag_keys)) return false;
      }
    } else if (std::string_view(name).starts_with(kFlatTag)) {
      if (!add_tag(std::string_view(name).substr(kFlatTag.size()), value, call.tags)) return false;
    } else if (name == kFlatTransitive) {
      if (!add_transitive(value, call.transitive_tag_keys)) return false;
    } else if (name == kSourceIdentity) {
      if (value.text() == nullptr || !is_source_identity(*value.text())) return false;
      call.source_identity = *value.text();
    }
  }
  return true;
}

}  // namespace deputy::authn
