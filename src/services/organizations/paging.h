// NextToken and MaxResults: how lists of Organizations are cut into pages of at most 20 (docs/wire.md, 8).
//
//   TRY(const Page page, page_of(in, "ListAccounts"));
//   give_page(out, page, members, kEvery, [&](const Membership& member) { out.accounts->push_back(…); });
//
// A token holds the key of the last item given, so that what comes or goes between two pages moves nothing else in or
// out; and the name of its list, so that one of another list is refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "directory/sorted_map.h"

namespace deputy::organizations {

struct Page {
  std::string_view list;
  std::string after;  // the key of the last item of the page before; empty: this is the first
  std::size_t limit = 20;
};

std::string make_token(std::string_view list, std::string_view after);
/// Error: InvalidInputException.
Result<std::string> read_token(std::string_view list, std::string_view token);

/// `list`: the operation's name.
template <class Input>
Result<Page> page_of(const Input& in, std::string_view list) {
  Page page{.list = list, .after = {}};
  if (in.max_results) page.limit = static_cast<std::size_t>(*in.max_results);
  if (in.next_token) {
    TRY(page.after, read_token(list, *in.next_token));
  }
  return page;
}

/// Accepts everything.
inline constexpr auto kEvery = [](const auto&) { return true; };

/// Calls `give` for those items of one page that `keep` accepts, in key order.
/// `all`: a SortedMap, or what is scanned like one.
template <class Output, class All, class Keep, class Give>
void give_page(Output& out, const Page& page, const All& all, Keep&& keep, Give&& give) {
  std::size_t given = 0;
  std::string last;
  const std::string from = page.after.empty() ? std::string() : page.after + '\0';  // the least key above it
  all.scan(from, [&](std::string_view key, const auto& value) {
    if (!keep(value)) return true;
    if (given == page.limit) {
      out.next_token = make_token(page.list, last);
      return false;
    }
    give(value);
    last = key;
    ++given;
    return true;
  });
}

}  // namespace deputy::organizations
