// A page of what a bucket holds, as S3 lists it: in the order of keys in bytes, with what a delimiter groups shown as one
// common prefix. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
//
// Below a common prefix nothing is read but a few keys: a listing goes on at the first key after all that begin with it.
// What a key holds is of one moment; a listing is not, as S3's is not.
#pragma once

#include "objects/look.h"
#include "objects/pages.h"

namespace deputy::objects {

/// Entries that one listing reads at most. Where so many lead to fewer items than were asked for (delete markers do), it
/// ends as a truncated one, with or without items.
inline constexpr std::size_t kMostVisited = 20'000;

/// An entry that cannot be read is left out, and logged.
Result<Listed> read_listing(const Listing& of, const Read& read, std::size_t most_visited = kMostVisited);

}  // namespace deputy::objects
