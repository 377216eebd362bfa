#include "policy/index.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "policy/program.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

/// Groups up to this size are simply walked.
constexpr std::size_t kSmallGroup = 8;

/// One statement in one group.
struct Entry {
  std::uint32_t hash;
  std::string_view text;
  std::uint32_t statement;
};

bool same_group(const Entry& a, const Entry& b) { return a.hash == b.hash && a.text == b.text; }

std::size_t places_for(std::size_t entries) {
  std::size_t places = 2;
  while (places < entries * 2) places *= 2;
  return places;
}

}  // namespace

class IndexBuilder {
 public:
  IndexBuilder(std::span<const CompiledStatement> statements, Arena& arena) : statements_(statements), arena_(arena) {
    std::size_t patterns = 0;
    for (const CompiledStatement& s : statements) patterns += s.resources.size() + s.actions.size();
    // INVARIANT: tables stay within a constant times the document, however actions and resources multiply
    // (CompiledPolicyTest.TablesStaySmall).
    budget_ = 4 * patterns + 64;
  }

  void build(Index& index) {
    std::vector<Entry> exact;
    std::vector<Entry> services;
    std::vector<std::uint32_t> any;
    for (std::uint32_t i = 0; i < statements_.size(); ++i) sort_in(i, exact, services, any);
    index.exact_ = table(exact);
    index.services_ = table(services);
    index.any_ = group(arena_.copy(any));
  }

 private:
  void sort_in(std::uint32_t i, std::vector<Entry>& exact, std::vector<Entry>& services,
               std::vector<std::uint32_t>& any) {
    const CompiledStatement& s = statements_[i];
    const bool everything = std::any_of(s.actions.begin(), s.actions.end(), [](const ActionPattern& a) {
      return a.form == ActionPattern::Form::kEverything;
    });
    if (s.not_action || everything) {
      any.push_back(i);
      return;
    }
    for (const ActionPattern& a : s.actions) {
      if (a.form == ActionPattern::Form::kExact) {
        exact.push_back({a.hash, a.text, i});
      } else {
        services.push_back({a.service_hash, a.service, i});
      }
    }
  }

  std::span<const Index::Place> table(std::vector<Entry>& entries) {
    if (entries.empty()) return {};
    const auto before = [](const Entry& a, const Entry& b) {
      if (a.hash != b.hash) return a.hash < b.hash;
      return a.text != b.text ? a.text < b.text : a.statement < b.statement;
    };
    if (!std::is_sorted(entries.begin(), entries.end(), before)) std::sort(entries.begin(), entries.end(), before);
    std::size_t groups = 1;
    for (std::size_t i = 1; i < entries.size(); ++i) groups += same_group(entries[i - 1], entries[i]) ? 0 : 1;
    const std::span<Index::Place> places = arena_.array<Index::Place>(places_for(groups));
    const std::span<std::uint32_t> all = arena_.array<std::uint32_t>(entries.size());
    std::size_t used = 0;
    for (std::size_t i = 0; i < entries.size();) {
      const Entry& first = entries[i];
      const std::size_t begin = used;
      for (; i < entries.size() && same_group(first, entries[i]); ++i) {
        if (used == begin || all[used - 1] != entries[i].statement) all[used++] = entries[i].statement;
      }
      std::size_t at = first.hash & (places.size() - 1);
      while (!places[at].text.empty()) at = (at + 1) & (places.size() - 1);
      places[at] = {first.hash, first.text, group(all.subspan(begin, used - begin))};
    }
    return places;
  }

  Group group(std::span<const std::uint32_t> members) {
    Group group{members, nullptr, false, false};
    for (const std::uint32_t i : members) (statements_[i].allow ? group.has_allow : group.has_deny) = true;
    if (members.size() > kSmallGroup) group.by_resource = by_resource(members);
    return group;
  }

  static std::size_t front_length(const ArnPattern& pattern) {
    return std::min(pattern.prefix.size(), PrefixHashes::kLongest);
  }
  static bool everywhere(const CompiledStatement& s) { return s.any_resource || s.not_resource || s.resources.empty(); }

  /// The lengths at which fronts are hashed: the most frequent ones; a front of another length is cut to the next
  /// shorter of them.
  void choose_lengths(std::span<const std::uint32_t> members, ResourceTable& table) const {
    std::map<std::size_t, std::size_t> uses;
    for (const std::uint32_t i : members) {
      if (everywhere(statements_[i])) continue;
      for (const ArnPattern& pattern : statements_[i].resources) ++uses[front_length(pattern)];
    }
    std::vector<std::pair<std::size_t, std::size_t>> by_use;  // (uses, length)
    for (const auto& [length, count] : uses) by_use.emplace_back(count, length);
    std::sort(by_use.rbegin(), by_use.rend());
    if (by_use.size() > ResourceTable::kMostLengths) {
      // The shortest stays in any case, so that nothing falls out of the table for want of a length.
      const std::size_t shortest = uses.begin()->first;
      by_use.resize(ResourceTable::kMostLengths);
      if (std::none_of(by_use.begin(), by_use.end(), [&](const auto& use) { return use.second == shortest; })) {
        by_use.back() = {0, shortest};
      }
    }
    std::vector<std::size_t> lengths;
    for (const auto& [count, length] : by_use) lengths.push_back(length);
    std::sort(lengths.begin(), lengths.end());
    for (const std::size_t length : lengths) table.lengths[table.length_count++] = static_cast<std::uint16_t>(length);
  }

  struct Front {
    std::uint32_t hash;
    std::uint32_t length;
    std::uint32_t statement;
    auto operator<=>(const Front&) const = default;
  };

  const ResourceTable* by_resource(std::span<const std::uint32_t> members) {
    std::size_t entries = 0;
    for (const std::uint32_t i : members) entries += statements_[i].resources.size();
    if (entries > budget_) return nullptr;
    budget_ -= entries;
    ResourceTable& table = arena_.array<ResourceTable>(1).front();
    choose_lengths(members, table);
    std::vector<Front> fronts;
    std::vector<std::uint32_t> all;
    for (const std::uint32_t i : members) {
      if (everywhere(statements_[i])) {
        all.push_back(i);
        continue;
      }
      for (const ArnPattern& pattern : statements_[i].resources) {
        const std::size_t length = cut(table, front_length(pattern));
        if (length == 0) {
          if (all.empty() || all.back() != i) all.push_back(i);
        } else {
          fronts.push_back({PrefixHashes(pattern.prefix)(length), static_cast<std::uint32_t>(length), i});
        }
      }
    }
    table.everywhere = arena_.copy(all);
    fill(table, fronts);
    return &table;
  }

  static std::size_t cut(const ResourceTable& table, std::size_t length) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < table.length_count && table.lengths[i] <= length; ++i) best = table.lengths[i];
    return best;
  }

  void fill(ResourceTable& table, std::vector<Front>& fronts) {
    std::sort(fronts.begin(), fronts.end());
    fronts.erase(std::unique(fronts.begin(), fronts.end()), fronts.end());
    const std::span<std::uint32_t> all = arena_.array<std::uint32_t>(fronts.size());
    std::size_t groups = 0;
    for (std::size_t i = 0; i < fronts.size(); ++i) {
      all[i] = fronts[i].statement;
      if (i == 0 || fronts[i].hash != fronts[i - 1].hash || fronts[i].length != fronts[i - 1].length) ++groups;
    }
    const std::span<ResourceTable::Place> places = arena_.array<ResourceTable::Place>(places_for(groups));
    for (std::size_t i = 0; i < fronts.size();) {
      const std::size_t begin = i;
      while (i < fronts.size() && fronts[i].hash == fronts[begin].hash && fronts[i].length == fronts[begin].length) ++i;
      std::size_t at = fronts[begin].hash & (places.size() - 1);
      while (!places[at].statements.empty()) at = (at + 1) & (places.size() - 1);
      places[at] = {fronts[begin].hash, fronts[begin].length, all.subspan(begin, i - begin)};
    }
    table.places = places;
  }

  std::span<const CompiledStatement> statements_;
  Arena& arena_;
  std::size_t budget_ = 0;
};

void Index::build(std::span<const CompiledStatement> statements, Arena& arena) {
  IndexBuilder(statements, arena).build(*this);
}

const Group* Index::look_up(std::span<const Place> places, std::uint32_t hash, std::string_view text) {
  if (places.empty()) return nullptr;
  const std::size_t mask = places.size() - 1;
  for (std::size_t at = hash & mask; !places[at].text.empty(); at = (at + 1) & mask) {
    if (places[at].hash == hash && same_ignoring_case(places[at].text, text)) return &places[at].group;
  }
  return nullptr;
}

const Group* Index::exact(const Action& action) const { return look_up(exact_, action.hash, action.name); }

const Group* Index::of_service(const Action& action) const {
  if (services_.empty()) return nullptr;
  return look_up(services_, action.service_hash, action.name.substr(0, action.name.find(':')));
}

}  // namespace deputy::policy
