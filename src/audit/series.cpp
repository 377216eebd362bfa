#include "audit/series.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <numeric>

namespace deputy::audit {
namespace {

/// One write: larger ones make the kernel look for memory in large blocks, which cost it more than the copy.
constexpr std::size_t kPiece = 64 * 1024;
constexpr std::uint64_t kDropEvery = 4 * 1024 * 1024;
constexpr std::string_view kEnding = ".jsonl";

std::string_view stem_of(std::string_view name) {
  return name.ends_with(kEnding) ? name.substr(0, name.size() - kEnding.size()) : name;
}

/// The number in <stem>.<n>.jsonl; 0 for any other name.
std::uint64_t number_of(std::string_view file, std::string_view name) {
  const std::string_view stem = stem_of(name), ending = name.substr(stem.size());
  if (!file.starts_with(stem) || !file.ends_with(ending) || file.size() <= name.size() + 1) return 0;
  file.remove_prefix(stem.size());
  file.remove_suffix(ending.size());
  std::uint64_t number = 0;
  const char* const end = file.data() + file.size();
  return file.front() == '.' && std::from_chars(file.data() + 1, end, number).ptr == end ? number : 0;
}

/// As much of the lines as fits, but one at least.
std::string_view some_of(std::string_view lines, std::uint64_t room) {
  const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(room, kPiece));
  if (lines.size() <= most) return lines;
  std::size_t end = lines.rfind('\n', most == 0 ? 0 : most - 1);
  if (end == std::string_view::npos) end = lines.find('\n');
  return lines.substr(0, end == std::string_view::npos ? lines.size() : end + 1);
}

}  // namespace

Series::Series(host::Folder folder, std::string name, SeriesOptions options, const Clock& clock)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      next_name_(name_ + ".next"),
      options_(options),
      rotate_at_(std::min(kLargest, std::max<std::uint64_t>(options.keep / kFiles, 1))),
      clock_(clock) {}

std::string Series::name_of(const std::string& name, std::uint64_t number) {
  const std::string_view stem = stem_of(name);
  return fmt::format("{}.{:06}{}", stem, number, std::string_view(name).substr(stem.size()));
}

Result<std::vector<Series::Old>, std::string> Series::rotated(const host::Folder& folder, const std::string& name) {
  TRY(const auto entries, folder.files());
  std::vector<Old> found;
  for (const host::Folder::Entry& entry : entries) {
    const std::uint64_t number = number_of(entry.name, name);
    if (number != 0) found.push_back({number, entry.size, from_epoch_seconds(entry.modified), entry.inode});
  }
  std::ranges::sort(found, {}, &Old::number);
  return found;
}

Result<std::vector<std::string>, std::string> Series::files(const host::Folder& folder, const std::string& name) {
  TRY(const auto entries, folder.files());
  TRY(const std::vector<Old> old, rotated(folder, name));
  const auto current = std::ranges::find(entries, name, &host::Folder::Entry::name);
  std::vector<std::string> paths;
  for (const Old& file : old) {  // a crash while rotating can leave the newest file two names
    if (current != entries.end() && file.inode == current->inode) continue;
    paths.push_back(folder.path() + "/" + name_of(name, file.number));
  }
  if (current != entries.end()) paths.push_back(folder.path() + "/" + name);
  return paths;
}

Result<std::unique_ptr<Series>, std::string> Series::open(host::Folder folder, std::string name, SeriesOptions options,
                                                          const Clock& clock) {
  std::unique_ptr<Series> series(new Series(std::move(folder), std::move(name), options, clock));
  TRY_VOID(series->start());
  return series;
}

Result<void, std::string> Series::start() {
  TRY_VOID(find_current());
  TRY(old_, rotated(folder_, name_));
  std::erase_if(old_, [&](const Old& file) {
    const std::string name = name_of(name_, file.number);
    return folder_.leads_to(name, current_) && folder_.remove(name);
  });
  number_ = old_.empty() ? 0 : old_.back().number;
  prepare_next();
  prune();
  return {};
}

/// Opens the newest file if its name does not lead to the one that is open.
Result<void, std::string> Series::find_current() {
  if (current_.is_open() && folder_.leads_to(name_, current_)) return {};
  next_.close();  // its descriptor may be the last one
  TRY(host::Descriptor found, folder_.append(name_));
  struct stat status {};
  if (::fstat(found.get(), &status) != 0) return Failure(std::string(std::strerror(errno)));
  current_ = std::move(found);
  size_ = dropped_ = static_cast<std::uint64_t>(status.st_size);
  begun_ = last_ = size_ == 0 ? clock_.now() : from_epoch_seconds(status.st_mtim.tv_sec);
  char last = '\n';
  torn_ = size_ > 0 && ::pread(current_.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
  return {};
}

void Series::prepare_next() {
  if (next_.is_open()) return;
  if (auto made = folder_.fresh(next_name_)) next_ = std::move(made).value();
}

Result<void, std::string> Series::rotate() {
  prepare_next();
  if (!next_.is_open()) return Failure(fmt::format("cannot make {}/{}", folder_.path(), next_name_));
  const std::string name = name_of(name_, ++number_);  // another one each time: a step may leave the name behind
  TRY_VOID(folder_.link(name_, name));
  if (auto renamed = folder_.rename(next_name_, name_); !renamed) {
    (void)folder_.remove(name);  // else the newest file has two names until the next start
    return renamed;
  }
  old_.push_back({number_, size_, last_, 0});
  current_ = std::move(next_);
  next_.close();
  size_ = dropped_ = 0;
  torn_ = false;
  begun_ = last_ = clock_.now();
  prepare_next();
  prune();
  return {};
}

bool Series::is_old() const {
  return options_.age && begun_ + *options_.age / static_cast<std::int64_t>(kFiles) < clock_.now();
}

void Series::idle() {
  if (size_ > 0 && is_old()) (void)rotate();  // tried again
  prune();
}

void Series::forget_oldest() {
  // One that cannot be removed is tried again when the server starts.
  (void)folder_.remove(name_of(name_, old_.front().number));
  old_.erase(old_.begin());
}

void Series::prune() {
  std::uint64_t total = std::accumulate(old_.begin(), old_.end(), std::max(size_, rotate_at_),
                                        [](std::uint64_t sum, const Old& file) { return sum + file.size; });
  const auto too_old = [&] { return options_.age && old_.front().last + *options_.age < clock_.now(); };
  while (!old_.empty() && (total > options_.keep || too_old())) {
    total -= old_.front().size;
    forget_oldest();
  }
  while (!old_.empty() && options_.leave_free > 0 && folder_.free_space() < options_.leave_free) forget_oldest();
}

/// Whether that many bytes may be appended to the current file now.
bool Series::ready(std::uint64_t bytes, std::string& why) {
  if (auto found = find_current(); !found) {
    why = std::move(found).error();
    if (!current_.is_open()) return false;  // else it has been moved, and is appended to where it is
  }
  if (options_.leave_free > 0 && folder_.free_space() < options_.leave_free) {
    prune();
    if (folder_.free_space() < options_.leave_free) {
      why = fmt::format("the disk of {} is nearly full", folder_.path());
      return false;
    }
  }
  if (size_ > 0 && (size_ + bytes > rotate_at_ || is_old())) {
    auto rotated = rotate();
    if (!rotated && size_ + bytes > options_.keep) {
      why = std::move(rotated).error();
      return false;
    }
  }
  return true;
}

/// What was written of a line that is not whole is taken back, so that the next one does not stand behind it. How much
/// of the lines stays.
std::size_t Series::take_back(std::string_view lines, std::size_t written) {
  const std::size_t newline = written == 0 ? std::string_view::npos : lines.rfind('\n', written - 1);
  const std::size_t whole = newline == std::string_view::npos ? 0 : newline + 1;
  size_ += whole;
  last_ = clock_.now();
  torn_ = whole != written && ::ftruncate(current_.get(), static_cast<off_t>(size_)) != 0;
  if (torn_) size_ += written - whole;
  return whole;
}

std::size_t Series::write(std::string_view lines, std::string& why) {
  const std::size_t all = lines.size();
  while (!lines.empty()) {
    const std::string_view first = some_of(lines, 0);
    if (!ready(first.size(), why)) break;
    std::size_t written = 0;
    if (torn_) {
      if (!host::write_all(current_.get(), "\n", written)) {
        why = std::strerror(errno);
        break;
      }
      torn_ = false;
      ++size_;
    }
    const std::string_view piece = some_of(lines, size_ < rotate_at_ ? rotate_at_ - size_ : 0);
    const bool done = host::write_all(current_.get(), piece, written);
    if (!done) why = fmt::format("cannot write {}/{}: {}", folder_.path(), name_, std::strerror(errno));
    lines.remove_prefix(take_back(piece, written));
    if (!done) break;
    if (size_ - dropped_ >= kDropEvery) drop_behind();
  }
  return all - lines.size();
}

// Nobody but a person with a question reads the trail again, so it must not fill the page cache. Pages that go back are
// also the next to be handed out: a write into warm memory costs a fifth of one into pages that the machine has yet to
// provide.
void Series::drop_behind() {
  ::posix_fadvise(current_.get(), 0, static_cast<off_t>(size_),
                  POSIX_FADV_DONTNEED);  // starts writing; drops what is written
  dropped_ = size_;
}

}  // namespace deputy::audit
