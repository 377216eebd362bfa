#include "server/object_pages.h"

#include <utility>

namespace deputy::server {

objects::Read object_pages(const state::State& state) {
  return [&state](std::span<const objects::Range> ranges) -> objects::Result<objects::Moment> {
    std::vector<store::Store::Range> wanted;
    wanted.reserve(ranges.size());
    for (const objects::Range& range : ranges) wanted.push_back({range.from, range.end, range.limit});
    auto pages = state.pages(wanted);
    if (!pages) return objects::Fault{objects::Fault::Kind::kUnavailable, std::move(pages).error().message};
    objects::Moment moment;
    moment.pages.reserve(pages->size());
    for (store::Store::Page& page : *pages) {
      moment.revision = page.revision;
      objects::Page& as = moment.pages.emplace_back();
      as.more = page.more;
      as.entries.reserve(page.entries.size());
      for (store::Entry& entry : page.entries) {
        as.entries.push_back({std::move(entry.key), std::move(entry.value), entry.revision, entry.genuine});
      }
    }
    return moment;
  };
}

}  // namespace deputy::server
