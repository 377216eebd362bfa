#include "policy/request.h"

#include "policy/text.h"

namespace deputy::policy {

Action::Action(std::string_view spelled)
    : name(spelled),
      service_hash(hash_ignoring_case(spelled.substr(0, spelled.find(':')))),
      hash(hash_ignoring_case(spelled)) {
  if (spelled.size() > lowered_.size()) return;
  lowered_size_ = spelled.size();
  for (std::size_t i = 0; i < spelled.size(); ++i) lowered_[i] = lower(spelled[i]);
}

void Context::clear() {
  present_.reset();
  many_.reset();
  tags_.clear();
  named_.clear();
}

void Context::set(Key key, std::string_view value) {
  const auto slot = static_cast<std::size_t>(key);
  present_.set(slot);
  many_.reset(slot);
  slots_[slot].one = value;
}

void Context::set(Key key, std::span<const std::string_view> values) {
  const auto slot = static_cast<std::size_t>(key);
  present_.set(slot, !values.empty());
  many_.set(slot);
  slots_[slot].many = values;
}

bool Context::Tag::is(TagFamily wanted, std::string_view tag_key, std::uint32_t key_hash) const {
  return hash == key_hash && family == wanted && same_ignoring_case(key, tag_key);
}

void Context::set_tag(TagFamily family, std::string_view tag_key, std::string_view value) {
  const std::uint32_t hash = hash_folded(tag_key);
  for (Tag& tag : tags_) {
    if (tag.is(family, tag_key, hash)) {
      tag.value = value;
      return;
    }
  }
  tags_.push_back({family, hash, tag_key, value});
}

void Context::set(std::string_view name, std::span<const std::string_view> values) {
  if (const auto key = find_key(name)) return set(*key, values);
  // A tag has one value; a tag key that a caller gives several stays a named key, so that none is lost.
  const auto tag = find_tag(name);
  if (tag && values.size() == 1) return set_tag(tag->family, tag->tag_key, values.front());
  if (!values.empty()) named_.push_back({hash_folded(tag ? tag->tag_key : name), name, tag, values});
}

Context::Values Context::get(Key key) const {
  const auto slot = static_cast<std::size_t>(key);
  if (!present_.test(slot)) return {};
  return many_.test(slot) ? slots_[slot].many : Values(&slots_[slot].one, 1);
}

Context::Values Context::tag(TagFamily family, std::string_view tag_key, std::uint32_t hash, Work& work) const {
  work.add(tags_.size() + named_.size());
  for (const Tag& tag : tags_) {
    if (tag.hash == hash) work.add(tag_key.size());
    if (tag.is(family, tag_key, hash)) return {&tag.value, 1};
  }
  for (const Named& named : named_) {
    if (named.hash == hash) work.add(tag_key.size());
    if (named.hash == hash && named.tag && named.tag->family == family &&
        same_ignoring_case(named.tag->tag_key, tag_key)) {
      return named.values;
    }
  }
  return {};
}

Context::Values Context::named(std::string_view name) const {
  if (const auto key = find_key(name)) return get(*key);
  Work uncounted;
  if (const auto found = find_tag(name)) {
    return tag(found->family, found->tag_key, hash_folded(found->tag_key), uncounted);
  }
  return other(name, hash_folded(name), uncounted);
}

Context::Values Context::other(std::string_view name, std::uint32_t hash, Work& work) const {
  work.add(named_.size());
  for (const Named& named : named_) {
    if (named.hash != hash) continue;
    work.add(name.size());
    if (!named.tag && same_ignoring_case(named.name, name)) return named.values;
  }
  return {};
}

void Context::each(const std::function<void(const std::string& name, Values values)>& see) const {
  for (std::size_t slot = 0; slot < present_.size(); ++slot) {
    const auto key = static_cast<Key>(slot);
    if (present_.test(slot)) see(std::string(policy::name(key)), get(key));
  }
  for (const Tag& tag : tags_) see(std::string(prefix(tag.family)).append(tag.key), Values(&tag.value, 1));
  for (const Named& named : named_) see(std::string(named.name), named.values);
}

}  // namespace deputy::policy
