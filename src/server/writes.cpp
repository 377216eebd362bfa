#include "server/writes.h"

#include <string_view>
#include <unordered_set>

namespace deputy::server {
namespace {

/// What is written is wanted alone; what must only stay as it is, together with others.
std::vector<Turns::Claim> claims_of(const directory::Changes& changes) {
  std::unordered_set<std::string_view> written;
  for (const auto& write : changes.writes()) written.insert(write.key);
  std::vector<Turns::Claim> claims;
  claims.reserve(changes.guards().size());
  for (const auto& guard : changes.guards()) claims.push_back({guard.key, written.contains(guard.key)});
  return claims;
}

}  // namespace

void Writes::write(Call& call, std::shared_ptr<const directory::Changes> changes, Again again, Done done) {
  std::vector<Turns::Claim> claims = claims_of(*changes);
  const bool covered = !call.turn.is_taken() || call.turn.covers(claims);
  if (!call.turn.is_taken() && !turns_.take(call.turn, std::move(claims), again)) return;
  // A call that decided again may want to write something else now, as a new id of its own making: it tries, and only
  // if that conflicts it goes to the end of the lines that it did not stand in.
  // The store's writer may come to it when this is gone already: it holds nothing of it.
  const directory::Changes& written = *changes;
  metrics_.submitted();
  state_.commit(written, [&usage = usage_, &metrics = metrics_, &call, covered, changes = std::move(changes),
                          again = std::move(again), done = std::move(done)](auto outcome) {
    metrics.committed(outcome);
    if (!outcome && outcome.error().code == store::Error::Code::kConflict && ++call.conflicts < kMostConflicts) {
      if (!covered) call.turn.release();
      return again();
    }
    if (outcome) usage.forget_deleted(*changes);
    call.turn.release();
    done(std::move(outcome));
  });
}

}  // namespace deputy::server
