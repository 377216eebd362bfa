#include "server/turns.h"

#include <algorithm>
#include <iterator>

namespace deputy::server {

struct Turns::Ticket {
  struct At {
    Lines::value_type* line;
    std::list<Place>::iterator place;
  };
  std::vector<Claim> claims;  // in the order of their keys, each once
  std::vector<At> at;         // the same
  std::size_t waits_in = 0;   // lines
  Granted granted;
};

namespace {

/// In the order of their keys, each once.
void settle(std::vector<Turns::Claim>& claims) {
  std::sort(claims.begin(), claims.end(), [](const auto& a, const auto& b) {
    return a.key != b.key ? a.key < b.key : a.alone > b.alone;  // of two the one that stays is the stricter
  });
  claims.erase(std::unique(claims.begin(), claims.end(), [](const auto& a, const auto& b) { return a.key == b.key; }),
               claims.end());
}

/// Calls all of them, and those whose turn it becomes because one of them gave up: one after the other, however long
/// the line, instead of each from within the one before.
void call(std::vector<Turns::Granted> granted) {
  thread_local std::vector<Turns::Granted>* calling = nullptr;
  if (calling != nullptr) {
    std::move(granted.begin(), granted.end(), std::back_inserter(*calling));
    return;
  }
  calling = &granted;
  while (!granted.empty()) {
    std::vector<Turns::Granted> now;
    now.swap(granted);
    for (Turns::Granted& each : now) {
      each();
      each = nullptr;  // what it held goes here, and may give up places of its own
    }
  }
  calling = nullptr;
}

}  // namespace

Turns::Turn::Turn() = default;
Turns::Turn::~Turn() { release(); }

bool Turns::Turn::covers(const std::vector<Claim>& claims) const {
  if (ticket_ == nullptr) return claims.empty();
  return std::all_of(claims.begin(), claims.end(), [&](const Claim& wanted) {
    const auto& held = ticket_->claims;
    const auto found = std::lower_bound(held.begin(), held.end(), wanted.key,
                                        [](const Claim& claim, const std::string& key) { return claim.key < key; });
    return found != held.end() && found->key == wanted.key && (found->alone || !wanted.alone);
  });
}

void Turns::Turn::release() {
  const std::unique_ptr<Ticket> ticket = std::move(ticket_);
  if (ticket != nullptr) turns_->release(*ticket);
}

bool Turns::admits_next(const Line& line) {
  if (line.waiting == line.places.end()) return false;
  return line.admitted == 0 || (!line.waiting->alone && !line.places.front().alone);
}

void Turns::admit(Line& line, std::vector<Granted>& granted) {
  for (; admits_next(line); ++line.waiting) {
    line.waiting->admitted = true;
    ++line.admitted;
    Ticket& ticket = *line.waiting->ticket;
    if (--ticket.waits_in == 0 && ticket.granted) granted.push_back(std::move(ticket.granted));
  }
}

bool Turns::take(Turn& turn, std::vector<Claim> claims, Granted granted) {
  settle(claims);
  auto ticket = std::make_unique<Ticket>();
  ticket->claims = std::move(claims);
  ticket->waits_in = ticket->claims.size();
  std::vector<Granted> nobody;  // else is admitted by one who comes last
  const std::lock_guard lock(mutex_);
  for (const Claim& claim : ticket->claims) {
    const auto [at, is_new] = lines_.try_emplace(claim.key);
    Line& line = at->second;
    const auto place = line.places.insert(line.places.end(), {ticket.get(), claim.alone});
    if (is_new || line.waiting == line.places.end()) line.waiting = place;
    ticket->at.push_back({&*at, place});
    admit(line, nobody);
  }
  const bool now = ticket->waits_in == 0;
  if (!now) ticket->granted = std::move(granted);
  turn.turns_ = this;
  turn.ticket_ = std::move(ticket);
  return now;
}

void Turns::release(const Ticket& ticket) {
  std::vector<Granted> granted;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [at, place] : ticket.at) {
      Line& line = at->second;
      if (place->admitted) --line.admitted;
      if (line.waiting == place) ++line.waiting;
      line.places.erase(place);
      if (line.places.empty()) {
        lines_.erase(lines_.find(at->first));
      } else {
        admit(line, granted);
      }
    }
  }
  call(std::move(granted));
}

}  // namespace deputy::server
