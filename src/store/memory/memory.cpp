#include "store/memory/memory.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>

#include "host/guarded.h"
#include "store/head.h"
#include "store/writer.h"

namespace deputy::store {
namespace {

struct Value {
  std::string bytes;
  Revision revision = 0;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Revision history)
      : limit_(std::max<Revision>(history, 1)), head_(0), writer_([this](std::span<Pending> group) { run(group); }) {}

  Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix) override {
    const std::scoped_lock lock(mutex_);
    std::vector<Entry> entries;
    for (auto it = entries_.lower_bound(prefix); it != entries_.end() && it->first.starts_with(prefix); ++it) {
      entries.push_back({it->first, it->second.bytes, it->second.revision, true});
    }
    return std::pair(std::move(entries), revision_);
  }

  Result<std::vector<Page>> pages(std::span<const Range> ranges) override {
    const std::scoped_lock lock(mutex_);
    std::vector<Page> pages;
    for (const Range& range : ranges) {
      Page& page = pages.emplace_back();
      page.revision = revision_;
      for (auto it = entries_.lower_bound(range.from); it != entries_.end(); ++it) {
        if (!range.end.empty() && it->first >= range.end) break;
        if ((page.more = page.entries.size() == range.limit)) break;
        page.entries.push_back({it->first, it->second.bytes, it->second.revision, true});
      }
    }
    return pages;
  }

  void submit(Commit commit, Done done) override { writer_.submit({std::move(commit), std::move(done)}); }

  Result<void> watch(Revision from, std::stop_token stop, const See& see) override {
    while (head_.wait_past(from, stop)) {
      TRY(const Changes changes, next(from));
      see(++from, *changes);
    }
    return {};
  }

 private:
  using Changes = std::shared_ptr<const std::vector<Change>>;

  void run(std::span<Pending> group) {
    for (Pending& pending : group) {
      Result<Revision> outcome = apply(pending.commit);
      if (outcome) head_.advance(*outcome);
      guarded("what waited for a commit", [&] { pending.done(std::move(outcome)); });
    }
  }

  Result<Revision> apply(Commit& commit) {
    TRY_VOID(check(commit));
    const std::scoped_lock lock(mutex_);
    for (const Precondition& precondition : commit.given) {
      if (revision_of(precondition.key) != precondition.revision) {
        return Error{Error::Code::kConflict, "The key " + precondition.key + " has changed."};
      }
    }
    for (const std::string& prefix : commit.none_under) {
      const auto it = entries_.lower_bound(prefix);
      if (it == entries_.end() || !it->first.starts_with(prefix)) continue;
      return Error{Error::Code::kConflict, "There is something under " + prefix + "."};
    }
    if (commit.bulk) {
      for (std::span<Change> rest = commit.changes; !rest.empty();) {
        const std::size_t count = std::min(rest.size(), kMaxOperations);
        apply(std::vector<Change>(std::make_move_iterator(rest.begin()),
                                  std::make_move_iterator(rest.begin() + static_cast<std::ptrdiff_t>(count))));
        rest = rest.subspan(count);
      }
      return revision_;
    }
    std::erase_if(commit.changes, [this](const Change& c) { return !c.value && !entries_.contains(c.key); });
    if (!commit.changes.empty()) apply(std::move(commit.changes));
    return revision_;
  }

  /// One revision.
  void apply(std::vector<Change> changes) {
    ++revision_;
    for (const Change& change : changes) {
      if (change.value) {
        entries_.insert_or_assign(change.key, Value{*change.value, revision_});
      } else {
        entries_.erase(change.key);
      }
    }
    history_.push_back(std::make_shared<const std::vector<Change>>(std::move(changes)));
    if (history_.size() > limit_) history_.pop_front();
  }

  [[nodiscard]] Revision revision_of(const std::string& key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? 0 : it->second.revision;
  }

  /// What the commit after `from` changed. history_ ends with revision_ and has no gap.
  Result<Changes> next(Revision from) {
    const std::scoped_lock lock(mutex_);
    const Revision compacted = revision_ - history_.size();
    if (from < compacted) return Error{Error::Code::kCompacted, "The history after that revision is gone."};
    return history_[from - compacted];
  }

  const Revision limit_;
  std::mutex mutex_;  // of the three below
  std::map<std::string, Value, std::less<>> entries_;
  std::deque<Changes> history_;
  Revision revision_ = 0;
  Head head_;
  Writer writer_;  // last: its thread uses all else
};

}  // namespace

std::unique_ptr<Store> open_memory(Revision history) { return std::make_unique<MemoryStore>(history); }

}  // namespace deputy::store
