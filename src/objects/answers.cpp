#include "objects/answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/prefix.h"
#include "directory/codec.h"

namespace deputy::objects {

Range only(std::string key) {
  std::string end = key;
  end.push_back('\0');
  return {std::move(key), std::move(end), 1};
}

Range beginning_with(std::string prefix, std::size_t limit) {
  std::string end = end_of_prefix(prefix);
  return {std::move(prefix), std::move(end), limit};
}

template <class Held>
Result<std::shared_ptr<Held>> decoded(const Entry& entry) {
  const auto damaged = [&](std::string_view why) {
    return Fault{Fault::Kind::kDamaged, fmt::format("the entry {} cannot be read: {}", entry.key, why)};
  };
  if (!entry.genuine) return damaged("it is not what this server wrote there");
  static directory::PolicyPool no_policies;  // none of these has one
  auto held = directory::decode<Held>(entry.value, no_policies);
  if (!held) return damaged(held.error());
  held->revision = entry.revision;
  return std::make_shared<Held>(std::move(held).value());
}
template Result<std::shared_ptr<directory::ObjectVersion>> decoded(const Entry&);
template Result<std::shared_ptr<directory::Upload>> decoded(const Entry&);
template Result<std::shared_ptr<directory::Part>> decoded(const Entry&);

namespace {

constexpr int kAttempts = 10;

/// The first entry of a page; null: it has none.
template <class Held>
Result<std::shared_ptr<const Held>> first_of(const Page& page) {
  std::shared_ptr<const Held> first;
  if (page.entries.empty()) return first;
  TRY(first, decoded<Held>(page.entries.front()));
  return first;
}

/// Whether a version is one of those that a question leaves out.
bool is_left_out(const directory::ObjectVersion& version, const OfKey& of) {
  const std::string shown = version.shown_version();
  return std::find(of.without.begin(), of.without.end(), shown) != of.without.end();
}

/// The first of a page that is not left out; null: there is none.
Result<VersionPtr> first_left(const Page& page, const OfKey& of) {
  for (const Entry& entry : page.entries) {
    TRY(VersionPtr version, decoded<directory::ObjectVersion>(entry));
    if (!is_left_out(*version, of)) return version;
  }
  return VersionPtr();
}

/// The newest, the one behind it, and the one under an id of its own, if any is wanted.
Result<VersionsAt> read_with(const OfKey& of, std::string id, const Read& read) {
  std::vector<Range> ranges;
  ranges.push_back(only(directory::newest_key(of.bucket, of.key)));
  ranges.push_back(beginning_with(directory::versions_of(of.bucket, of.key), 1 + of.without.size()));
  if (!id.empty()) ranges.push_back(only(directory::version_key(of.bucket, of.key, id)));
  TRY(const Moment moment, read(ranges));
  VersionsAt found;
  found.revision = moment.revision;
  TRY(found.newest, first_of<directory::ObjectVersion>(moment.pages[0]));
  TRY(found.next, first_left(moment.pages[1], of));
  if (id.empty()) return found;
  TRY(found.of_id, first_of<directory::ObjectVersion>(moment.pages[2]));
  found.id = std::move(id);
  return found;
}

/// "null" names a version of which only the newest one tells the id: it is asked until it says what it said.
Result<VersionsAt> read_null(const OfKey& of, const Read& read) {
  std::string id;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    TRY(VersionsAt found, read_with(of, id, read));
    if (found.newest == nullptr || found.newest->null_version == id) return found;
    id = found.newest->null_version;
  }
  return Fault{Fault::Kind::kBusy,
               fmt::format("the versions of a key changed {} times while they were read", kAttempts)};
}

}  // namespace

Result<VersionsAt> read_versions(const OfKey& of, const Read& read) {
  return of.version == "null" ? read_null(of, read) : read_with(of, of.version, read);
}

Versions answer(const VersionsAt& at, std::string_view version) {
  Versions versions{.newest = at.newest, .named = nullptr, .next = at.next};
  if (version.empty()) return versions;
  for (const VersionPtr& each : {at.newest, at.next, at.of_id}) {
    if (each == nullptr || (each->is_null ? version != "null" : version != each->version)) continue;
    versions.named = each;
    break;
  }
  return versions;
}

Result<UploadSeen> read_upload(const OfUpload& of, const Read& read) {
  std::vector<Range> ranges;
  ranges.push_back(only(directory::upload_key(of.bucket, of.key, of.upload)));
  if (of.limit > 0) {
    const std::string parts = directory::parts_of(of.bucket, of.upload);
    ranges.push_back({fmt::format("{}{:05}", parts, std::uint64_t{of.after} + 1), end_of_prefix(parts), of.limit});
  }
  TRY(const Moment moment, read(ranges));
  UploadSeen seen;
  TRY(seen.upload, first_of<directory::Upload>(moment.pages[0]));
  if (seen.upload == nullptr || of.limit == 0) return seen;
  seen.more = moment.pages[1].more;
  seen.parts.reserve(moment.pages[1].entries.size());
  for (const Entry& entry : moment.pages[1].entries) {
    TRY(PartPtr part, decoded<directory::Part>(entry));
    seen.parts.push_back(std::move(part));
  }
  return seen;
}

Result<bool> read_emptiness(const Emptiness& of, const Read& read) {
  const std::vector<Range> ranges{beginning_with(directory::objects_of(of.bucket), 1),
                                  beginning_with(directory::versions_of(of.bucket), 1)};
  TRY(const Moment moment, read(ranges));
  return moment.pages[0].entries.empty() && moment.pages[1].entries.empty();
}

}  // namespace deputy::objects
