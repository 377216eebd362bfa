#include "server/turns.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <list>
#include <mutex>
#include <unordered_map>

namespace deputy::server {

/// The lines, one for each key in which somebody stands.
struct Turns::Lines {
  struct Place {
    Ticket* ticket;
    bool alone;
    bool admitted = false;
  };
  struct Line {
    std::list<Place> places;  // those whose turn it is, one alone or several beside each other; then who waits
    std::list<Place>::iterator waiting;  // the first who waits
    std::size_t admitted = 0;

    [[nodiscard]] bool admits_next() const {
      if (waiting == places.end()) return false;
      return admitted == 0 || (!waiting->alone && !places.front().alone);
    }
    void admit(std::vector<Granted>& granted);
  };

  std::mutex mutex;
  std::unordered_map<std::string, Line> by_key;
};

struct Turns::Ticket {
  struct At {
    decltype(Lines::by_key)::value_type* line;
    std::list<Lines::Place>::iterator place;
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
  if (ticket == nullptr) return;
  const std::shared_ptr<Lines> lines = std::move(lines_);
  std::vector<Granted> granted;
  {
    const std::lock_guard lock(lines->mutex);
    for (const auto& [at, place] : ticket->at) {
      Lines::Line& line = at->second;
      if (place->admitted) --line.admitted;
      if (line.waiting == place) ++line.waiting;
      line.places.erase(place);
      if (line.places.empty()) {
        lines->by_key.erase(lines->by_key.find(at->first));
      } else {
        line.admit(granted);
      }
    }
  }
  call(std::move(granted));
}

void Turns::Lines::Line::admit(std::vector<Granted>& granted) {
  for (; admits_next(); ++waiting) {
    waiting->admitted = true;
    ++admitted;
    Ticket& ticket = *waiting->ticket;
    if (--ticket.waits_in == 0 && ticket.granted) granted.push_back(std::move(ticket.granted));
  }
}

Turns::Turns() : lines_(std::make_shared<Lines>()) {}

bool Turns::take(Turn& turn, std::vector<Claim> claims, Granted granted) {
  settle(claims);
  auto ticket = std::make_unique<Ticket>();
  ticket->claims = std::move(claims);
  ticket->waits_in = ticket->claims.size();
  std::vector<Granted> nobody;  // else is admitted by one who comes last
  const std::lock_guard lock(lines_->mutex);
  for (const Claim& claim : ticket->claims) {
    const auto [at, is_new] = lines_->by_key.try_emplace(claim.key);
    Lines::Line& line = at->second;
    const auto place = line.places.insert(line.places.end(), {ticket.get(), claim.alone});
    if (is_new || line.waiting == line.places.end()) line.waiting = place;
    ticket->at.push_back({&*at, place});
    line.admit(nobody);
  }
  const bool now = ticket->waits_in == 0;
  if (!now) ticket->granted = std::move(granted);
  turn.lines_ = lines_;
  turn.ticket_ = std::move(ticket);
  return now;
}

}  // namespace deputy::server
