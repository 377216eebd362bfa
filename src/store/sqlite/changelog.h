// The tables of format.h, read and changed by the writer inside its transaction.
#pragma once

#include "store/sqlite/database.h"
#include "store/store.h"

namespace deputy::store {

class Changelog {
 public:
  static Try<Changelog> open(Database& database, Revision history);

  /// The last revision, also of the transaction that is still open.
  [[nodiscard]] Revision head() const { return head_; }
  [[nodiscard]] Revision compacted() const { return compacted_; }

  Try<void> begin();
  /// Returns when the transaction is on the disk. A fault here, or before, leaves its outcome unknown.
  Try<void> commit();

  /// The first key whose precondition does not hold.
  Try<const Precondition*> broken(const std::vector<Precondition>& given);
  /// Appends all changes as the next revision, unless none of them changes anything.
  Try<void> apply(const std::vector<Change>& changes);
  /// Lets go of history that is older than the limit, a bounded piece at a time.
  Try<void> compact();

 private:
  /// The id of the key's last change; 0: the key is absent.
  Try<std::int64_t> current(std::string_view key);
  Try<void> append(std::int64_t id, const Change& change, std::int64_t previous);

  Statement begin_, commit_, current_, append_, point_, remove_, drop_replaced_, drop_deletions_, note_compacted_;
  Revision history_ = 0, head_ = 0, compacted_ = 0;
};

}  // namespace deputy::store
