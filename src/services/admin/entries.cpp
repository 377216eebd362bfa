#include "services/admin/entries.h"

#include "base/encoding.h"
#include "services/admin/errors.h"

namespace deputy::admin {
namespace {

using directory::Unreadable;
using services::Outcome;

constexpr std::size_t kMostListed = 1000;

Result<const Unreadable*> find(const services::At& at, const std::string& key) {
  const Unreadable* entry = at.snapshot.unreadable().get(key);
  if (entry != nullptr) return entry;
  return errors::no_such_entry(key);
}

shapes::SetAsideEntry shown(const Unreadable& entry) {
  return {entry.key, entry.reason, static_cast<std::int32_t>(entry.value.size()),
          static_cast<std::int64_t>(entry.revision)};
}

}  // namespace

Result<Outcome<ListEntries::Output>> ListEntries::execute(const services::At& at, const Input& in) {
  Output out;
  const std::string after = in.marker.value_or("");
  at.snapshot.unreadable().scan(after, [&](std::string_view key, const Unreadable& entry) {
    if (key == after) return true;
    if (out.entries.size() == kMostListed) {
      out.marker = out.entries.back().key;
      return false;
    }
    out.entries.push_back(shown(entry));
    return true;
  });
  return Outcome<Output>{std::move(out)};
}

Result<Outcome<GetEntry::Output>> GetEntry::execute(const services::At& at, const Input& in) {
  TRY(const Unreadable* entry, find(at, in.key));
  Output out;
  out.entry = shown(*entry);
  out.value = base64(entry->value);
  return Outcome<Output>{std::move(out)};
}

Result<Outcome<RemoveEntry::Output>> RemoveEntry::execute(const services::At& at, const Input& in) {
  TRY(const Unreadable* entry, find(at, in.key));
  Outcome<Output> out;
  out.output.entry = shown(*entry);
  out.changes.erase_unreadable(entry->key, entry->revision);
  return out;
}

}  // namespace deputy::admin
