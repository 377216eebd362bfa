// What is left of buckets that are gone, with their accounts or by themselves: the next commit that removes some of it. What a
// bucket held is never shown again, since the next bucket of its name has an id of its own; but it takes room.
//
//   Sweep sweep(read, [&](std::string_view bucket_id) { return … a snapshot taken now has it …; });
//   for (;;) { TRY(auto step, sweep.next(now, id)); … commit step.changes …; if (step.done) break; }
//
// A bucket that holds a million objects is passed over with one look: from its id it goes on to the next id that there is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "directory/changes.h"
#include "objects/pages.h"

namespace deputy::objects {

/// One thread at a time.
class Sweep {
 public:
  /// Whether there is a bucket of this id. It must be asked of what is there after the entries were read: whoever wrote one
  /// saw the bucket.
  using Exists = std::function<bool(std::string_view bucket_id)>;
  Sweep(Read read, Exists exists) : read_(std::move(read)), exists_(std::move(exists)) {}

  struct Step {
    directory::Changes changes;  // within the size of a request's commit; may be empty
    bool done = false;           // all buckets were looked at; the next step begins anew
  };
  /// Looks at kMostLooks buckets at most. `id`: of its own, for what it leaves to be removed. If the changes are not
  /// committed, or conflict, a later pass meets the same again.
  Result<Step> next(Time now, const std::string& id);

 private:
  static constexpr int kMostLooks = 100;

  directory::Changes remove(const Page& page, Time now, const std::string& id) const;

  const Read read_;
  const Exists exists_;
  std::size_t kind_ = 0;
  std::string from_;  // where it goes on; empty: at the beginning of the kind
};

}  // namespace deputy::objects
