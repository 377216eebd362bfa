#include "store/sqlite/backup.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/files.h"
#include "store/sqlite/database.h"
#include "store/sqlite/folder.h"
#include "store/sqlite/format.h"

namespace deputy::store {
namespace {

constexpr int kCacheKib = 2048;
constexpr const char* kStore = "deputy.db";
constexpr const char* kDraft = "deputy.db.restoring";

Error refused(std::string why) { return {Error::Code::kRefused, std::move(why)}; }

bool exists(const std::string& file) {
  struct stat found = {};
  return ::lstat(file.c_str(), &found) == 0;
}

/// As SQL has a text.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out.push_back(c);
    if (c == '\'') out.push_back(c);
  }
  return out + "'";
}

/// A store of ours, to be read. Whether all of it can be is another question.
Result<Database> open(const std::string& file) {
  if (!exists(file)) return refused(fmt::format("there is no {}", file));
  auto database = Database::open(file, "", Database::Mode::kRead, kCacheKib);
  if (!database) return format::refusal(file, database.error());
  const auto application = database->integer("PRAGMA application_id"),
             version = database->integer("PRAGMA user_version");
  if (!application) return format::refusal(file, application.error());
  if (!version) return format::refusal(file, version.error());
  if (*application != format::kApplicationId) return refused(fmt::format("{} is no store of Deputy", file));
  if (*version > format::kVersion) {
    return refused(fmt::format("{} was written by a newer Deputy (format {}; this one knows up to {})", file, *version,
                               format::kVersion));
  }
  return std::move(database).value();
}

/// That every page can be read and fits the others; what it says is for the proofs to judge.
Result<Copied> check(Database& database, const std::string& file) {
  const auto look = [&]() -> Try<Copied> {
    TRY(Statement whole, database.prepare("PRAGMA integrity_check(1)"));
    TRY(const bool said, whole.step());
    if (!said || whole.blob(0) != "ok") return Fault{0, std::string(whole.blob(0).value_or("it says nothing")), 0};
    whole.reset();
    TRY(const std::int64_t last, database.integer("SELECT max(id) FROM change"));
    TRY(const std::int64_t entries, database.integer("SELECT count(*) FROM current"));
    return Copied{format::revision_of(last), static_cast<std::uint64_t>(entries)};
  };
  auto copied = look();
  if (!copied) return refused(fmt::format("{} is damaged: {}", file, copied.error().message));
  return *copied;
}

/// What lies in `from` into the new file `to`. False to the caller's caller: nothing is left there.
Result<Copied> copy(const std::string& from, const std::string& to) {
  TRY(Database source, open(from));
  const host::Descriptor made(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!made.is_open()) {
    if (errno == EEXIST) return refused(fmt::format("there is a file {} already", to));
    return refused(fmt::format("cannot write {}: {}", to, std::strerror(errno)));
  }
  const auto fill = [&]() -> Result<Copied> {
    // One read transaction for all of it: a moment, whatever is committed meanwhile.
    if (const auto done = source.exec("VACUUM INTO " + quoted(to)); !done) return format::refusal(to, done.error());
    TRY(Database written, open(to));
    TRY(const Copied copied, check(written, to));
    if (::fsync(made.get()) != 0) return refused(fmt::format("cannot write {}: {}", to, std::strerror(errno)));
    return copied;
  };
  auto filled = fill();
  if (!filled) ::unlink(to.c_str());
  return filled;
}

}  // namespace

Result<Copied> back_up(const std::string& folder, const std::string& to) { return copy(folder + "/" + kStore, to); }

Result<Copied> restore(const std::string& from, const std::string& folder) {
  {  // before anything is made
    TRY(Database copied, open(from));
    TRY([[maybe_unused]] const Copied whole, check(copied, from));
  }
  TRY(const Folder held, Folder::hold(folder));
  if (exists(folder + "/" + kStore)) {
    return refused(fmt::format("there is a store in {} already: restore into another folder", folder));
  }
  const auto place = host::Folder::open(folder);
  if (!place) return refused(place.error());
  if (const auto swept = place->remove(kDraft); !swept) return refused(swept.error());
  TRY(const Copied copied, copy(from, folder + "/" + kDraft));
  if (const auto done = place->rename(kDraft, kStore); !done) return refused(done.error());
  if (const auto done = place->sync(); !done) return refused(done.error());
  return copied;
}

}  // namespace deputy::store
