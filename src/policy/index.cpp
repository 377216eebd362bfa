#include "policy/index.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "policy/program.h"

namespace deputy::policy {
namespace {

/// Groups with more fronts have a table.
constexpr std::size_t kMostInRuns = 64;

/// One statement in one group.
struct Entry {
  std::uint32_t hash;
  std::uint32_t statement;
  std::string_view text;
};

bool same_group(const Entry& a, const Entry& b) { return a.hash == b.hash && a.text == b.text; }

struct Front {
  std::uint32_t length;
  bool whole;
  std::uint32_t statement;
  std::uint64_t tail;
  std::string_view text;
};

std::size_t places_for(std::size_t entries) {
  std::size_t places = 2;
  while (places < entries * 2) places *= 2;
  return places;
}

bool is_everywhere(const CompiledStatement& s) { return s.any_resource || s.not_resource || s.resources.empty(); }

}  // namespace

class IndexBuilder {
 public:
  IndexBuilder(std::span<const CompiledStatement> statements, Arena& arena) : statements_(statements), arena_(arena) {
    std::size_t patterns = 0;
    for (const CompiledStatement& s : statements) patterns += s.resources.size() + s.actions.size();
    // INVARIANT: the fronts stay within a constant times the document, however actions and resources multiply
    // (CompileTest.TheIndexStaysSmall).
    budget_ = 2 * patterns + 64;
  }

  void build(Index& index) {
    for (std::uint32_t i = 0; i < statements_.size(); ++i) sort_in(i);
    index.exact_ = table(exact_);
    index.services_ = table(services_);
    index.any_ = group(any_);
  }

 private:
  void sort_in(std::uint32_t i) {
    const CompiledStatement& s = statements_[i];
    const bool everything = std::any_of(s.actions.begin(), s.actions.end(), [](const ActionPattern& a) {
      return a.form == ActionPattern::Form::kEverything;
    });
    if (s.not_action || everything) {
      any_.push_back(i);
      return;
    }
    for (const ActionPattern& a : s.actions) {
      if (a.form == ActionPattern::Form::kExact) {
        exact_.push_back({a.hash, i, a.text});
      } else if (services_.empty() || services_.back().statement != i || services_.back().hash != a.service_hash ||
                 services_.back().text != a.service()) {
        services_.push_back({a.service_hash, i, a.service()});
      }
    }
  }

  Index::Table table(std::vector<Entry>& entries) {
    Index::Table table;
    if (entries.empty()) return table;
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      if (a.hash != b.hash) return a.hash < b.hash;
      return a.text != b.text ? a.text < b.text : a.statement < b.statement;
    });
    std::size_t groups = 1;
    for (std::size_t i = 1; i < entries.size(); ++i) groups += same_group(entries[i - 1], entries[i]) ? 0 : 1;
    const std::span<Index::Place> places = arena_.array<Index::Place>(places_for(groups));
    std::vector<std::uint32_t> members;
    for (std::size_t i = 0; i < entries.size();) {
      const Entry& first = entries[i];
      members.clear();
      for (; i < entries.size() && same_group(first, entries[i]); ++i) {
        if (members.empty() || members.back() != entries[i].statement) members.push_back(entries[i].statement);
      }
      std::size_t at = first.hash & (places.size() - 1);
      while (!places[at].text.empty()) at = (at + 1) & (places.size() - 1);
      places[at] = {first.hash, first.text, group(members)};
      table.perhaps |= Index::Table::bit(first.hash);
    }
    table.places = places;
    return table;
  }

  Group group(const std::vector<std::uint32_t>& members) {
    Group group;
    collect_fronts(members);
    for (const std::uint32_t i : members) group.has_deny = group.has_deny || !statements_[i].allow;
    if (fronts_.size() > kMostInRuns) group.table = by_hash();
    const auto before = [](const Front& a, const Front& b) {
      return a.length != b.length ? a.length < b.length : a.whole != b.whole ? a.whole : a.statement < b.statement;
    };
    if (!std::is_sorted(fronts_.begin(), fronts_.end(), before)) std::sort(fronts_.begin(), fronts_.end(), before);
    const std::span<std::uint64_t> tails = arena_.array<std::uint64_t>(fronts_.size());
    const std::span<std::uint32_t> statements = arena_.array<std::uint32_t>(fronts_.size());
    runs_.clear();
    for (std::uint32_t i = 0; i < fronts_.size(); ++i) {
      const Front& front = fronts_[i];
      if (i == 0 || front.length != fronts_[i - 1].length || front.whole != fronts_[i - 1].whole) {
        runs_.push_back({front.length, front.whole, i, i});
      }
      runs_.back().end = i + 1;
      tails[i] = front.tail;
      statements[i] = front.statement;
    }
    group.runs = arena_.copy(runs_);
    group.tails = tails.data();
    group.statements = statements.data();
    return group;
  }

  /// One of length 0 for a statement that any resource may match, and for all if there would be too many.
  void collect_fronts(const std::vector<std::uint32_t>& members) {
    std::size_t needed = 0;
    for (const std::uint32_t i : members) needed += statements_[i].resources.size();
    const bool too_many = needed > budget_;
    if (!too_many) budget_ -= needed;
    fronts_.clear();
    for (const std::uint32_t i : members) {
      const CompiledStatement& s = statements_[i];
      if (too_many || is_everywhere(s)) {
        fronts_.push_back({0, false, i, 0, {}});
        continue;
      }
      for (const ArnPattern& p : s.resources) {
        const bool whole = p.form == ArnPattern::Form::kText;
        fronts_.push_back({static_cast<std::uint32_t>(p.prefix.size()), whole, i, p.tail, p.prefix});
      }
    }
  }

  /// The fronts of a table move into it; those of length 0 stay.
  const FrontTable* by_hash() {
    FrontTable& table = arena_.array<FrontTable>(1).front();
    choose_lengths(table);
    hashed_.clear();
    std::vector<Front> rest;
    for (const Front& front : fronts_) {
      const std::size_t length = cut(table, front.length);
      if (length == 0) {
        if (rest.empty() || rest.back().statement != front.statement)
          rest.push_back({0, false, front.statement, 0, {}});
      } else {
        const std::uint32_t hash = PrefixHashes(front.text)(length);
        hashed_.push_back({hash, static_cast<std::uint32_t>(length), front.statement});
      }
    }
    fill(table);
    fronts_ = std::move(rest);
    return &table;
  }

  /// The lengths at which fronts are hashed: the most frequent ones; a front of another length is cut to the next
  /// shorter of them.
  void choose_lengths(FrontTable& table) const {
    std::map<std::size_t, std::size_t> uses;
    for (const Front& front : fronts_) {
      if (front.length > 0) ++uses[std::min<std::size_t>(front.length, PrefixHashes::kLongest)];
    }
    if (uses.empty()) return;
    std::vector<std::pair<std::size_t, std::size_t>> by_use;  // (uses, length)
    by_use.reserve(uses.size());
    for (const auto& [length, count] : uses) by_use.emplace_back(count, length);
    std::sort(by_use.rbegin(), by_use.rend());
    if (by_use.size() > FrontTable::kMostLengths) {
      // The shortest stays in any case, so that nothing falls out of the table for want of a length.
      const std::size_t shortest = uses.begin()->first;
      by_use.resize(FrontTable::kMostLengths);
      if (std::none_of(by_use.begin(), by_use.end(), [&](const auto& use) { return use.second == shortest; })) {
        by_use.back() = {0, shortest};
      }
    }
    for (const auto& [count, length] : by_use) {
      table.lengths[table.length_count++] = static_cast<std::uint16_t>(length);
    }
    std::sort(table.lengths.begin(), table.lengths.begin() + static_cast<std::ptrdiff_t>(table.length_count));
  }

  static std::size_t cut(const FrontTable& table, std::size_t length) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < table.length_count && table.lengths[i] <= length; ++i) best = table.lengths[i];
    return best;
  }

  struct Hashed {
    std::uint32_t hash;
    std::uint32_t length;
    std::uint32_t statement;
    // NOLINTNEXTLINE(modernize-use-nullptr): what the compiler makes of it compares with 0
    auto operator<=>(const Hashed&) const = default;
    [[nodiscard]] bool same_front(const Hashed& other) const { return hash == other.hash && length == other.length; }
  };

  void fill(FrontTable& table) {
    std::sort(hashed_.begin(), hashed_.end());
    hashed_.erase(std::unique(hashed_.begin(), hashed_.end()), hashed_.end());
    const std::span<std::uint32_t> all = arena_.array<std::uint32_t>(hashed_.size());
    std::size_t groups = 0;
    for (std::size_t i = 0; i < hashed_.size(); ++i) {
      all[i] = hashed_[i].statement;
      if (i == 0 || !hashed_[i].same_front(hashed_[i - 1])) ++groups;
    }
    const std::span<FrontTable::Place> places = arena_.array<FrontTable::Place>(places_for(groups));
    for (std::size_t i = 0; i < hashed_.size();) {
      const std::size_t begin = i;
      while (i < hashed_.size() && hashed_[i].same_front(hashed_[begin])) ++i;
      std::size_t at = hashed_[begin].hash & (places.size() - 1);
      while (!places[at].statements.empty()) at = (at + 1) & (places.size() - 1);
      places[at] = {hashed_[begin].hash, hashed_[begin].length, all.subspan(begin, i - begin)};
    }
    table.places = places;
  }

  std::span<const CompiledStatement> statements_;
  Arena& arena_;
  std::size_t budget_ = 0;
  std::vector<Entry> exact_, services_;
  std::vector<std::uint32_t> any_;
  // Of the group that is being built.
  std::vector<Front> fronts_;
  std::vector<Run> runs_;
  std::vector<Hashed> hashed_;
};

void Index::build(std::span<const CompiledStatement> statements, Arena& arena) {
  IndexBuilder(statements, arena).build(*this);
}

}  // namespace deputy::policy
