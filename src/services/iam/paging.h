// Marker and MaxItems: how IAM's lists are cut into pages (docs/wire.md, 5.6).
//
//   TRY(const Page page, page_of(in, "ListUsers"));
//   Output out;
//   give_page(out, page, account.users, under_path(in.path_prefix),
//             [&](const User& user) { out.users.push_back(listed(user)); });   // sets IsTruncated and Marker
//
// A Marker holds the key of the last item given, not a position: what is created or deleted between two pages moves
// nothing else in or out of the list. It names its list, so that one of another list is refused as AWS refuses it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "directory/sorted_map.h"

namespace deputy::iam {

inline constexpr std::size_t kDefaultItems = 100;

/// Where a page begins and how long it may get.
struct Page {
  std::string_view list;
  std::string after;  // the key of the last item that an earlier page gave; empty: this is the first
  std::size_t limit = kDefaultItems;
};

/// Opaque text for "go on after `after`". Keys of at most 200 bytes give Markers within the 320 characters that
/// requests may send.
std::string make_marker(std::string_view list, std::string_view after);
/// A key of any length as one of at most 200 bytes: of a longer one its beginning, and a digest that tells it from others.
std::string short_key(std::string key);
/// The key inside; nothing if make_marker did not write this text for this list.
Result<std::string> read_marker(std::string_view list, std::string_view marker);

/// `Input` is any generated input with a Marker and MaxItems (1 to 1000, validated before). `list`: the operation's
/// name.
template <class Input>
Result<Page> page_of(const Input& in, std::string_view list) {
  Page page{.list = list, .after = {}};
  if (in.max_items) page.limit = static_cast<std::size_t>(*in.max_items);
  if (in.marker) {
    TRY(page.after, read_marker(list, *in.marker));
  }
  return page;
}

/// Accepts entities whose path begins with the PathPrefix; all if there is none.
inline auto under_path(const std::optional<std::string>& prefix) {
  return [prefix = std::string_view(prefix ? *prefix : std::string_view("/"))](const auto& entity) {
    return std::string_view(entity.path).starts_with(prefix);
  };
}
/// Accepts everything.
inline constexpr auto kEvery = [](const auto&) { return true; };

template <class Output>
void finish_page(Output& out, const Page& page, bool more, std::string_view last) {
  out.is_truncated = more;
  if (more) out.marker = make_marker(page.list, last);
}

/// Calls `give` for the entities of one page: of those that `keep` accepts, in key order.
template <class Output, class Value, class Keep, class Give>
void give_page(Output& out, const Page& page, const directory::SortedMap<Value>& all, Keep&& keep, Give&& give) {
  std::size_t given = 0;
  bool more = false;
  std::string last;
  const std::string from = page.after.empty() ? std::string() : page.after + '\0';  // the least key above it
  all.scan(from, [&](std::string_view key, const Value& value) {
    if (!keep(value)) return true;
    more = given == page.limit;
    if (more) return false;
    give(value);
    last = key;
    ++given;
    return true;
  });
  finish_page(out, page, more, last);
}

/// The same over a list in memory, which is sorted first by `key_of`, a function from an item to its unique key.
template <class Output, class Item, class KeyOf, class Give>
void give_page(Output& out, const Page& page, std::vector<Item> items, KeyOf&& key_of, Give&& give) {
  std::vector<std::pair<std::string, Item>> keyed;  // a key is made once: a list may be 1,600 policies long
  keyed.reserve(items.size());
  for (Item& item : items) {
    std::string key = key_of(item);
    if (key > page.after) keyed.emplace_back(std::move(key), std::move(item));
  }
  const std::size_t given = std::min(page.limit, keyed.size());
  const auto end = keyed.begin() + static_cast<std::ptrdiff_t>(given);
  std::partial_sort(keyed.begin(), end, keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto at = keyed.begin(); at != end; ++at) give(at->second);
  finish_page(out, page, given < keyed.size(), given == 0 ? std::string_view() : keyed[given - 1].first);
}

}  // namespace deputy::iam
