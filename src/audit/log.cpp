#include "audit/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/log.h"

namespace deputy::audit {
namespace fs = std::filesystem;

namespace {

/// One write: larger ones make the kernel look for memory in large blocks, which cost it more than the copy.
constexpr std::size_t kPiece = 64 * 1024;
constexpr std::uint64_t kDropEvery = 4 * 1024 * 1024;

constexpr std::string_view kStem = "events.", kEnding = ".jsonl";

/// The number in events.<n>.jsonl; 0 for any other name.
unsigned number_of(const std::string& name) {
  unsigned number = 0;
  if (!name.starts_with(kStem) || !name.ends_with(kEnding) || name.size() <= kStem.size() + kEnding.size()) return 0;
  const char* begin = name.data() + kStem.size();
  const char* end = name.data() + name.size() - kEnding.size();
  return std::from_chars(begin, end, number).ptr == end ? number : 0;
}

std::vector<unsigned> rotated(const std::string& folder) {
  std::vector<unsigned> numbers;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (const unsigned n = number_of(entry.path().filename().string())) numbers.push_back(n);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string rotated_file(const std::string& folder, unsigned number) {
  return fmt::format("{}/{}{:06}{}", folder, kStem, number, kEnding);
}

}  // namespace

std::string Log::current_file(const std::string& folder) { return folder + "/events.jsonl"; }

std::vector<std::string> Log::files(const std::string& folder) {
  std::vector<std::string> names;
  for (const unsigned number : rotated(folder)) names.push_back(rotated_file(folder, number));
  names.push_back(current_file(folder));
  return names;
}

Log::Log(LogOptions options) : options_(std::move(options)) {}

Result<std::unique_ptr<Log>, std::string> Log::open(LogOptions options) {
  std::unique_ptr<Log> log(new Log(std::move(options)));
  const std::string name = current_file(log->options_.folder);
  log->file_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat status {};
  if (log->file_ < 0 || ::fstat(log->file_, &status) != 0) {
    return fmt::format("cannot write the audit trail {}: {}", name, std::strerror(errno));
  }
  log->size_ = log->dropped_ = static_cast<std::uint64_t>(status.st_size);
  log->writer_ = std::thread([raw = log.get()] { raw->run(); });
  return log;
}

Log::~Log() {
  stop();
  if (file_ >= 0) ::close(file_);
}

void Log::append(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (pending_.size() + lines.size() >= kMostPending) {
    lost_ += 1 + static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    return;
  }
  const std::size_t before = pending_.size();
  pending_.append(lines).push_back('\n');
  if (before == 0 || (before < kBatch && pending_.size() >= kBatch)) wake_.notify_one();
}

void Log::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (writer_.joinable()) writer_.join();
}

void Log::run() {
  std::string batch;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return stopping_ || !pending_.empty(); });
    // Let a batch gather, so that a busy server wakes this thread once in a hundred requests and not at each one.
    if (!stopping_) wake_.wait_for(lock, kLatency, [&] { return stopping_ || pending_.size() >= kBatch; });
    batch.clear();
    std::swap(batch, pending_);
    const std::uint64_t lost = std::exchange(lost_, 0);
    const bool last = stopping_;
    lock.unlock();
    if (lost > 0) note_loss(lost);
    write(batch);
    if (last) return;
    lock.lock();
  }
}

void Log::note_loss(std::uint64_t lines) {
  log::error("the audit trail lost {} events: they came faster than they could be written", lines);
  write(fmt::format("{{\"eventType\":\"DeputyTrailLoss\",\"lostEvents\":{}}}\n", lines));
}

void Log::write(std::string_view bytes) {
  if (bytes.empty()) return;
  if (size_ > 0 && size_ + bytes.size() > options_.rotate_at) rotate();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), std::min(bytes.size(), kPiece));
    if (written < 0) {
      if (errno == EINTR) continue;
      if (!failing_) log::error("cannot write the audit trail: {}", std::strerror(errno));
      failing_ = true;
      const std::lock_guard lock(mutex_);
      lost_ += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
      return;
    }
    failing_ = false;
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (size_ - dropped_ >= kDropEvery) drop_behind();
}

// Nobody but a person with a question reads the trail again, so it must not fill the page cache. Pages that go back are
// also the next to be handed out: a write into warm memory costs a fifth of one into pages that the machine has yet to
// provide.
void Log::drop_behind() {
  ::posix_fadvise(file_, 0, static_cast<off_t>(size_), POSIX_FADV_DONTNEED);  // starts writing; drops what is written
  dropped_ = size_;
}

void Log::rotate() {
  std::vector<unsigned> numbers = rotated(options_.folder);
  const unsigned next = numbers.empty() ? 1 : numbers.back() + 1;
  const std::string current = current_file(options_.folder);
  if (::rename(current.c_str(), rotated_file(options_.folder, next).c_str()) != 0) return;  // go on with the large file
  const int fresh = ::open(current.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fresh < 0) return;  // still appends to the renamed file: nothing is lost
  ::close(file_);
  file_ = fresh;
  size_ = 0;
  dropped_ = 0;
  numbers.push_back(next);
  for (std::size_t i = 0; i + options_.keep < numbers.size(); ++i) {
    ::unlink(rotated_file(options_.folder, numbers[i]).c_str());
  }
}

}  // namespace deputy::audit
