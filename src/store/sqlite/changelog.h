// The tables of format.h, read and changed by the writer inside its transaction.
#pragma once

#include "store/proof.h"
#include "store/sqlite/database.h"
#include "store/store.h"

namespace deputy::store {

class Changelog {
 public:
  /// `uncounted`: see SqliteOptions.
  static Try<Changelog> open(Database& database, Revision history, Prove prove, std::vector<std::string> uncounted);

  /// How many keys are missing, or too many, against what was counted when they were written; 0: all are there. -1: the
  /// count itself is not what was written.
  [[nodiscard]] std::int64_t missing() const { return missing_; }
  /// Counts anew what is there.
  Try<void> accept_loss();

  /// The last revision, also of the transaction that is still open.
  [[nodiscard]] Revision head() const { return now_.head; }
  [[nodiscard]] Revision compacted() const { return now_.compacted; }

  Try<void> begin();
  /// Returns when the transaction is on the disk. A fault here, or before, leaves its outcome unknown.
  Try<void> commit();
  /// After the transaction was rolled back: as before begin().
  void forget() { now_ = begun_; }

  /// The first key whose precondition does not hold.
  Try<const Precondition*> broken(const std::vector<Precondition>& given);
  /// The first prefix under which there is a key.
  Try<const std::string*> occupied(const std::vector<std::string>& prefixes);
  /// Appends all changes as the next revision, unless none of them changes anything.
  Try<void> apply(const std::vector<Change>& changes);
  /// So many that they take several revisions (store.h, bulk_revision).
  Try<void> apply_bulk(const std::vector<Change>& changes);
  /// Lets go of history that is older than the limit, a bounded piece at a time.
  Try<void> compact();

 private:
  /// The id of the key's last change; 0: the key is absent.
  Try<std::int64_t> current(std::string_view key);
  Try<void> append(std::int64_t id, const Change& change, std::int64_t previous);
  Try<void> note_total();
  [[nodiscard]] bool is_counted(std::string_view key) const;

  struct Standing {
    Revision head = 0, compacted = 0;
    std::int64_t entries = 0;  // that are counted
  };

  Statement begin_, commit_, current_, under_, append_, point_, remove_, drop_replaced_, drop_deletions_,
      note_compacted_, note_total_;
  Prove prove_;
  std::vector<std::string> uncounted_;  // in order
  Revision history_ = 0;
  std::int64_t missing_ = 0;
  Standing begun_, now_;  // when the transaction began, and in it
};

}  // namespace deputy::store
