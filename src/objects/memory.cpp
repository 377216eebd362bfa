#include "objects/memory.h"

#include <algorithm>

namespace deputy::objects {
namespace {

using directory::ObjectVersion;

constexpr std::size_t kMostOthers = 8;  // versions of one key
constexpr std::size_t kOfKey = 256;     // what a key costs beside its texts, about

std::size_t bytes_of(const VersionPtr& version) {
  if (version == nullptr) return 0;
  const ObjectVersion& v = *version;
  std::size_t sum = sizeof v + 64 + v.bucket.size() + v.key.size() + v.content.size() + v.etag.size();
  for (const directory::Piece& piece : v.pieces) sum += sizeof piece + piece.blob.size() + piece.checksum.size();
  for (const directory::Tags* tags : {&v.tags, &v.headers.metadata}) {
    for (const directory::Tag& tag : *tags) sum += sizeof tag + tag.key.size() + tag.value.size();
  }
  const directory::ObjectHeaders& h = v.headers;
  for (const std::string* text : {&h.content_type, &h.cache_control, &h.content_disposition, &h.content_encoding,
                                  &h.content_language, &h.expires, &h.website_redirect, &h.encryption_key}) {
    sum += text->size();
  }
  return sum;
}

}  // namespace

/// One change of a commit: the newest of a key, or another version of it.
struct Memory::Write {
  Name name;
  std::string_view version;  // empty: the newest
  VersionPtr value;          // null: it is gone
  Revision revision = 0;

  static std::optional<Write> of(const directory::Reading& reading, Revision revision) {
    const std::string_view key = reading.key;
    const bool newest = key.starts_with(directory::kObjects);
    if (!newest && !key.starts_with(directory::kVersions)) return std::nullopt;
    const std::string_view rest = key.substr(newest ? directory::kObjects.size() : directory::kVersions.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    Write write{
        .name = {rest.substr(0, slash), rest.substr(slash + 1)}, .version = {}, .value = {}, .revision = revision};
    if (!newest) {
      const std::size_t end = write.name.key.rfind('\0');
      if (end == std::string_view::npos) return std::nullopt;
      write.version = write.name.key.substr(end + 1);
      write.name.key = write.name.key.substr(0, end);
    }
    if (!reading.deletes) write.value = std::get<std::shared_ptr<ObjectVersion>>(reading.entity);
    return write;
  }
};

std::size_t Memory::Hash::operator()(const Name& name) const {
  const std::hash<std::string_view> hash;
  return hash(name.bucket) * 31 + hash(name.key);
}

Memory::Memory(std::size_t most) : most_(most / kParts) {}

Memory::Part& Memory::part_of(const Name& name) {
  // Not the bits by which the part's own table goes.
  return parts_[(Hash()(name) * 0x9e3779b97f4a7c15U) >> 60U];
}

std::optional<Versions> Memory::find(const OfKey& of) {
  const Name name{of.bucket, of.key};
  Part& part = part_of(name);
  const std::lock_guard lock(part.mutex);
  const auto found = part.by_name.find(name);
  if (found == part.by_name.end()) return std::nullopt;
  const Known& known = *found->second;
  if (!of.without.empty() && known.next != nullptr) return std::nullopt;  // it may be one of those
  VersionsAt at{.newest = known.newest, .next = known.next, .id = {}, .of_id = {}, .revision = known.at};
  if (!of.version.empty()) {
    const bool null = of.version == "null";
    const std::string_view id = !null                     ? std::string_view(of.version)
                                : known.newest == nullptr ? std::string_view()
                                                          : std::string_view(known.newest->null_version);
    const auto is_it = [&](const VersionPtr& version) { return version != nullptr && version->version == id; };
    if (!id.empty() && !is_it(known.newest) && !is_it(known.next)) {
      const auto other =
          std::find_if(known.others.begin(), known.others.end(), [&](const auto& o) { return o.first == id; });
      if (other == known.others.end()) return std::nullopt;
      at.of_id = other->second;
    }
  }
  if (found->second != part.keys.begin()) part.keys.splice(part.keys.begin(), part.keys, found->second);
  return answer(at, of.version);
}

void Memory::learn(const OfKey& of, const VersionsAt& read, std::uint64_t epoch) {
  const Name name{of.bucket, of.key};
  Part& part = part_of(name);
  const std::lock_guard lock(part.mutex);
  if (epoch != this->epoch() || read.revision < part.newest_commit) return;
  auto found = part.by_name.find(name);
  if (found == part.by_name.end()) {
    part.keys.push_front({.bucket = of.bucket, .key = of.key, .newest = {}, .next = {}, .others = {}});
    const auto made = part.keys.begin();
    found = part.by_name.emplace(Name{made->bucket, made->key}, made).first;
  }
  Known& known = *found->second;
  if (read.revision < known.at) return;
  // What is known already holds at this revision too only if every commit up to it has been told.
  const bool still_true = read.revision == known.at || read.revision <= applied_.load(std::memory_order_acquire);
  if (!still_true) known.others.clear();
  known.newest = read.newest;
  known.next = read.next;
  known.at = read.revision;
  if (!read.id.empty()) {
    std::erase_if(known.others, [&](const auto& other) { return other.first == read.id; });
    if (known.others.size() == kMostOthers) known.others.erase(known.others.begin());
    known.others.emplace_back(read.id, read.of_id);
  }
  measure(part, known);
  make_room(part);
}

void Memory::committed(Revision revision, std::span<const directory::Reading> readings) {
  std::vector<std::pair<Part*, Write>> writes;
  for (const directory::Reading& reading : readings) {
    if (auto write = Write::of(reading, reading.revision != 0 ? reading.revision : revision)) {
      Part& part = part_of(write->name);
      writes.emplace_back(&part, *std::move(write));
    }
  }
  // What a commit wrote of one key shows at once.
  std::stable_sort(writes.begin(), writes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < writes.size();) {
    Part& part = *writes[i].first;
    const std::lock_guard lock(part.mutex);
    for (; i < writes.size() && writes[i].first == &part; ++i) apply(part, writes[i].second);
    make_room(part);
  }
  applied_.store(revision, std::memory_order_release);
}

void Memory::apply(Part& part, const Write& write) {
  part.newest_commit = std::max(part.newest_commit, write.revision);
  const auto found = part.by_name.find(write.name);
  if (found == part.by_name.end()) return;
  Known& known = *found->second;
  if (write.revision <= known.at) return;  // it was read with this commit in it
  if (write.version.empty()) {
    known.newest = write.value;
  } else {
    const std::string_view behind = known.next == nullptr ? std::string_view() : std::string_view(known.next->version);
    if (write.value == nullptr && behind == write.version)
      return drop(part, found->second);  // who is next is not known
    if (write.value != nullptr && (behind.empty() || write.version <= behind)) known.next = write.value;
    for (auto& [id, version] : known.others) {
      if (id == write.version) version = write.value;
    }
  }
  measure(part, known);
}

void Memory::forget() {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    part.by_name.clear();
    part.keys.clear();
    part.bytes = 0;
  }
}

void Memory::measure(Part& part, Known& known) {
  std::size_t bytes = kOfKey + known.bucket.size() + known.key.size() + bytes_of(known.newest) + bytes_of(known.next);
  for (const auto& [id, version] : known.others) bytes += 64 + bytes_of(version);
  part.bytes += bytes - known.bytes;
  known.bytes = bytes;
}

void Memory::drop(Part& part, Lru::iterator known) {
  part.bytes -= known->bytes;
  part.by_name.erase(Name{known->bucket, known->key});
  part.keys.erase(known);
}

void Memory::make_room(Part& part) {
  while (part.bytes > most_ && !part.keys.empty()) drop(part, std::prev(part.keys.end()));
}

std::size_t Memory::bytes() const {
  std::size_t sum = 0;
  for (const Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    sum += part.bytes;
  }
  return sum;
}

}  // namespace deputy::objects
