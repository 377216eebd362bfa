#include "store/sqlite/changelog.h"

#include <algorithm>

#include "base/prefix.h"
#include "store/sqlite/format.h"

namespace deputy::store {

namespace {

std::string_view view(const Proof& proof) { return {proof.data(), proof.size()}; }

/// Of the table `total`: "" is no entry's key.
Proof prove_total(const Prove& prove, Revision head, std::int64_t entries) {
  return prove("", head, std::to_string(entries));
}

/// All but those whose keys begin as one of `uncounted` says.
Try<std::int64_t> count(Database& database, const std::vector<std::string>& uncounted) {
  if (uncounted.empty()) return database.integer("SELECT count(*) FROM current");
  TRY(Statement between, database.prepare("SELECT count(*) FROM current WHERE key >= ?1 AND key < ?2"));
  TRY(Statement rest, database.prepare("SELECT count(*) FROM current WHERE key >= ?1"));
  std::int64_t entries = 0;
  std::string from;
  for (const std::string& prefix : uncounted) {
    between.bind(1, from);
    between.bind(2, prefix);
    TRY([[maybe_unused]] const bool row, between.step());
    entries += between.integer(0);
    between.reset();
    from = end_of_prefix(prefix);
  }
  rest.bind(1, from);
  TRY([[maybe_unused]] const bool row, rest.step());
  return entries + rest.integer(0);
}

}  // namespace

Try<Changelog> Changelog::open(Database& database, Revision history, Prove prove, std::vector<std::string> uncounted) {
  Changelog log;
  log.prove_ = std::move(prove);
  log.uncounted_ = std::move(uncounted);
  std::sort(log.uncounted_.begin(), log.uncounted_.end());
  log.history_ =
      std::max<Revision>(history, 1);  // the last revision always stays: it is where the next one counts from
  TRY(const std::int64_t last, database.integer("SELECT max(id) FROM change"));
  TRY(const std::int64_t compacted, database.integer("SELECT revision FROM compacted"));
  TRY(log.now_.entries, count(database, log.uncounted_));
  log.now_.head = format::revision_of(last);
  log.now_.compacted = static_cast<Revision>(compacted);
  log.begun_ = log.now_;
  TRY(Statement total, database.prepare("SELECT entries, proof FROM total"));
  TRY(const bool counted, total.step());
  log.missing_ = counted ? total.integer(0) - log.now_.entries : -1;
  if (counted && log.prove_ && total.blob(1) != view(prove_total(log.prove_, log.now_.head, total.integer(0)))) {
    log.missing_ = -1;
  }
  total.reset();
  TRY(log.begin_, database.prepare("BEGIN IMMEDIATE"));
  TRY(log.commit_, database.prepare("COMMIT"));
  TRY(log.current_, database.prepare("SELECT id FROM current WHERE key = ?1"));
  TRY(log.under_, database.prepare("SELECT key FROM current WHERE key >= ?1 ORDER BY key LIMIT 1"));
  TRY(log.append_, database.prepare("INSERT INTO change (id, key, previous, value, proof)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5)"));
  TRY(log.point_, database.prepare("REPLACE INTO current (key, id) VALUES (?1, ?2)"));
  TRY(log.remove_, database.prepare("DELETE FROM current WHERE key = ?1"));
  TRY(log.drop_replaced_, database.prepare("DELETE FROM change WHERE id IN (SELECT previous FROM change"
                                           " WHERE id >= ?1 AND id < ?2 AND previous IS NOT NULL)"));
  TRY(log.drop_deletions_, database.prepare("DELETE FROM change WHERE id >= ?1 AND id < ?2 AND value IS NULL"));
  TRY(log.note_compacted_, database.prepare("UPDATE compacted SET revision = ?1"));
  TRY(log.note_total_, database.prepare("UPDATE total SET entries = ?1, proof = ?2"));
  return log;
}

Try<void> Changelog::begin() {
  begun_ = now_;
  return begin_.run();
}

Try<void> Changelog::commit() {
  if (now_.head != begun_.head) TRY_VOID(note_total());
  return commit_.run();
}

Try<void> Changelog::note_total() {
  note_total_.bind(1, now_.entries);
  const Proof proof = prove_ ? prove_total(prove_, now_.head, now_.entries) : Proof{};
  prove_ ? note_total_.bind(2, view(proof)) : note_total_.bind_null(2);
  return note_total_.run();
}

bool Changelog::is_counted(std::string_view key) const {
  return std::none_of(uncounted_.begin(), uncounted_.end(),
                      [&](const std::string& prefix) { return key.starts_with(prefix); });
}

Try<void> Changelog::accept_loss() {
  TRY_VOID(begin());
  TRY_VOID(note_total());
  TRY_VOID(commit_.run());
  missing_ = 0;
  return {};
}

Try<std::int64_t> Changelog::current(std::string_view key) {
  current_.bind(1, key);
  TRY(const bool found, current_.step());
  if (!found) return 0;
  const std::int64_t id = current_.integer(0);
  current_.reset();
  return id;
}

Try<const Precondition*> Changelog::broken(const std::vector<Precondition>& given) {
  for (const Precondition& precondition : given) {
    TRY(const std::int64_t id, current(precondition.key));
    if (format::revision_of(id) != precondition.revision) return &precondition;
  }
  return nullptr;
}

Try<const std::string*> Changelog::occupied(const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes) {
    under_.bind(1, prefix);
    TRY(const bool follows, under_.step());
    const bool found = follows && under_.blob(0).value_or("").starts_with(prefix);
    under_.reset();
    if (found) return &prefix;
  }
  return nullptr;
}

Try<void> Changelog::apply(const std::vector<Change>& changes) {
  const std::int64_t first = format::first_id(now_.head + 1);
  std::int64_t id = first;
  for (const Change& change : changes) {
    TRY(const std::int64_t previous, current(change.key));
    if (!change.value && previous == 0) continue;
    TRY_VOID(append(id++, change, previous));
  }
  if (id != first) ++now_.head;
  return {};
}

Try<void> Changelog::apply_bulk(const std::vector<Change>& changes) {
  if (changes.empty()) return {};
  const Revision last = now_.head + (changes.size() - 1) / kMaxOperations + 1;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    TRY(const std::int64_t previous, current(changes[i].key));
    const Revision revision = bulk_revision(last, changes.size(), i);
    // Also what deletes nothing: each revision then has a row, and the last one is found again.
    const auto place = static_cast<std::int64_t>(i % kMaxOperations);
    TRY_VOID(append(format::first_id(revision) + place, changes[i], previous));
  }
  now_.head = last;
  return {};
}

Try<void> Changelog::append(std::int64_t id, const Change& change, std::int64_t previous) {
  append_.bind(1, id);
  append_.bind(2, change.key);
  previous == 0 ? append_.bind_null(3) : append_.bind(3, previous);
  change.value ? append_.bind(4, *change.value) : append_.bind_null(4);
  const bool proves = prove_ && change.value;
  const Proof proof = proves ? prove_(change.key, format::revision_of(id), *change.value) : Proof{};
  proves ? append_.bind(5, view(proof)) : append_.bind_null(5);
  TRY_VOID(append_.run());
  if (change.value.has_value() != (previous != 0) && is_counted(change.key)) now_.entries += change.value ? 1 : -1;

  Statement& index = change.value ? point_ : remove_;
  index.bind(1, change.key);
  if (change.value) index.bind(2, id);
  return index.run();
}

Try<void> Changelog::compact() {
  // Behind by a sixteenth before it moves, so that the statements below are paid once for many commits; and never by
  // more than a few groups at a time, so that nobody waits for it long.
  if (now_.head - now_.compacted <= history_ + history_ / 16) return {};
  constexpr Revision kAtOnce = 512;
  const Revision to = std::min(now_.head - history_, now_.compacted + kAtOnce);
  for (Statement* drop : {&drop_replaced_, &drop_deletions_}) {
    drop->bind(1, format::first_id(now_.compacted + 1));
    drop->bind(2, format::first_id(to + 1));
    TRY_VOID(drop->run());
  }
  note_compacted_.bind(1, static_cast<std::int64_t>(to));
  TRY_VOID(note_compacted_.run());
  now_.compacted = to;
  return {};
}

}  // namespace deputy::store
