// What lies in deputy.db, and who may open it.
//
//   application_id = "Dpty", user_version = the format's number
//   change(id, key, previous, value, proof)   one row a change, only ever appended; value NULL: deleted;
//                                      previous: the id of the change that it replaced, NULL: the key was absent;
//                                      proof: see proof.h, NULL: deleted, or nothing is proven here
//   current(key, id)                   for each key that exists, its last change: narrow, so that it stays in memory
//   compacted(revision)                one row: watch can tell what came after this revision
//   total(entries, proof)              one row, written with each commit: how many keys there are, proven with the
//                                      revision at which there were as many. So that what is missing is missed. Without
//                                      those that are not counted (SqliteOptions::uncounted).
//
// An id is revision * 128 + place within the commit (a commit has at most 100 changes), so a key's revision needs no
// column, and the rows of a commit lie together.
//
// Format 1 had neither proofs nor a total; it is brought here in one transaction, and its entries are believed that
// once.
//
// Compaction. A row that was replaced is needed only while watch may still tell of its commit. So when `compacted`
// moves past a change, the row that it replaced goes, and so does the change itself if it is a deletion: each row is
// deleted once, and rows that are current are never touched.
#pragma once

#include <cstdint>

#include "store/proof.h"
#include "store/sqlite/database.h"
#include "store/store.h"

namespace deputy::store::format {

inline constexpr std::int64_t kApplicationId = 0x44707479;  // "Dpty"
inline constexpr std::int64_t kVersion = 2;

inline constexpr int kPlaceBits = 7;
static_assert(kMaxOperations < (1U << kPlaceBits));

constexpr std::int64_t first_id(Revision revision) { return static_cast<std::int64_t>(revision << kPlaceBits); }
constexpr Revision revision_of(std::int64_t id) { return static_cast<Revision>(id) >> kPlaceBits; }

/// Why `file` cannot be opened, for the operator.
Error refusal(const std::string& file, const Fault& fault);

struct Mark {
  std::int64_t application = 0, version = 0, tables = 0;
  [[nodiscard]] bool is_fresh() const { return application == 0 && version == 0 && tables == 0; }
};

/// Recognizes ours, or an empty file, and sets the connection up. Errors, kRefused: not ours, newer, damaged.
Result<Mark> prepare(Database& database, const std::string& file);
/// Makes the tables, unless `mark` says that they are there; brings those of a former format here.
Try<void> complete(Database& database, const Mark& mark, const Prove& prove);

}  // namespace deputy::store::format
