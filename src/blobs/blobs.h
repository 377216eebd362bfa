// Where the bytes of objects lie, those that are too many for an entry of the store: each under a name of its own, written
// once, read in parts, removed. What belongs together is said by entries (directory/objects.h), never by what lies here.
//
//   TRY(std::unique_ptr<Draft> draft, blobs.begin());
//   TRY_VOID(draft->write(bytes)); …            // blocks: not on an event loop
//   TRY_VOID(draft->finish());                  // on the disk
//   … commit an entry that names draft->name() …
//   draft->keep();                              // else it goes with the draft
//
// INVARIANT: what an entry that was committed names can be read, also if the process was killed between the commit and
// keep(): a start looks for those (Blobs::left_behind()).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace deputy::blobs {

/// Why bytes could not be written or read.
struct Fault {
  enum class Kind : std::uint8_t {
    kFull,     // no room; nothing is lost, later ones are tried anew
    kMissing,  // there is nothing under that name
    kBroken,   // everything else; never answer that it is not there
  };
  Kind kind = Kind::kBroken;
  std::string message;  // for the operator, one sentence
};
template <class T>
using Result = deputy::Result<T, Fault>;

/// Bytes on their way to the disk. One thread at a time; it goes before its Blobs.
class Draft {
 public:
  virtual ~Draft() = default;  // removes them, unless keep() was called
  [[nodiscard]] virtual const std::string& name() const = 0;
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Durable: bytes and name.
  virtual Result<void> finish() = 0;
  /// An entry that names it is durable. Never fails: what is left to do can be done later.
  virtual void keep() noexcept = 0;
};

/// Open for reading; stays readable after it was removed.
class Content {
 public:
  virtual ~Content() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// The descriptor of a file with exactly these bytes, for sendfile; -1: there is none.
  [[nodiscard]] virtual int descriptor() const { return -1; }
  /// Fills the buffer from `offset` on, less only at the end. May block.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const = 0;
};

/// Thread-safe.
class Blobs {
 public:
  virtual ~Blobs() = default;
  virtual Result<std::unique_ptr<Draft>> begin() = 0;
  /// Errors: kMissing, kBroken.
  virtual Result<std::shared_ptr<const Content>> open(std::string_view name) const = 0;
  /// A second name for the same bytes, durable as a finished draft is; for copies. Nothing: this place cannot, or not once
  /// more; copy them.
  virtual std::optional<Result<std::unique_ptr<Draft>>> link(std::string_view name) = 0;
  /// What is not there counts as removed.
  virtual Result<void> remove(std::string_view name) = 0;
  /// Names of drafts that an earlier process left behind: to be kept or removed (recover) by whoever knows the entries.
  [[nodiscard]] virtual std::vector<std::string> left_behind() const = 0;
  virtual void recover(std::string_view name, bool keep) = 0;
  /// Bytes that are kept here, as far as they are counted; for quotas.
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

}  // namespace deputy::blobs
