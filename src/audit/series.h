// Lines in a file that is rotated: <stem>.jsonl is the newest, <stem>.000001.jsonl the oldest that is kept.
//
// The file that comes next is made and held open before it is needed, so that rotating needs no descriptor; the name of
// the newest file leads somewhere at every moment, or does so again at the next line: when it was moved or deleted,
// when a step failed, when the disk is full. A step that fails is tried again at the next line, and the large file is
// appended to meanwhile, up to the bytes that the whole series may have.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/sink.h"
#include "base/time.h"
#include "host/clock.h"
#include "host/files.h"

namespace deputy::audit {

struct SeriesOptions {
  std::uint64_t keep = 0;                        // bytes of all files together, about
  std::optional<std::chrono::seconds> age = {};  // of the last line of a file that is kept
  std::uint64_t leave_free = 0;                  // bytes of the disk; its own oldest goes, then lines are refused
};

class Series : public Sink {
 public:
  static constexpr std::uint64_t kFiles = 16;                     // that a series is cut into
  static constexpr std::uint64_t kLargest = 64ull * 1024 * 1024;  // bytes of one file

  /// Names in the folder: `name` ends with ".jsonl", or has no ending. Error: a sentence for the operator.
  static Result<std::unique_ptr<Series>, std::string> open(host::Folder folder, std::string name, SeriesOptions options,
                                                           const Clock& clock);

  std::size_t write(std::string_view lines, std::string& why) override;
  void idle() override;

  /// The paths of all files of the series that lie there, oldest first. Error: the folder cannot be read.
  static Result<std::vector<std::string>, std::string> files(const host::Folder& folder, const std::string& name);

 private:
  struct Old {
    std::uint64_t number = 0, size = 0;
    Time last;
    std::uint64_t inode = 0;
  };

  Series(host::Folder folder, std::string name, SeriesOptions options, const Clock& clock);
  Result<void, std::string> start();
  static Result<std::vector<Old>, std::string> rotated(const host::Folder& folder, const std::string& name);
  static std::string name_of(const std::string& name, std::uint64_t number);

  [[nodiscard]] bool is_old() const;
  bool ready(std::uint64_t bytes, std::string& why);
  Result<void, std::string> find_current();
  Result<void, std::string> rotate();
  void prepare_next();
  void prune();
  void forget_oldest();
  void drop_behind();
  std::size_t take_back(std::string_view lines, std::size_t written);

  const host::Folder folder_;
  const std::string name_, next_name_;
  const SeriesOptions options_;
  const std::uint64_t rotate_at_;
  const Clock& clock_;
  host::Descriptor current_, next_;
  std::uint64_t size_ = 0;     // of the current file
  std::uint64_t dropped_ = 0;  // its size when pages were last given back
  Time begun_, last_;          // when the current file got its first and last line, as far as is known
  bool torn_ = false;          // it ends within a line
  std::vector<Old> old_;       // oldest first
  std::uint64_t number_ = 0;   // the highest that was tried
};

}  // namespace deputy::audit
