// Who may write what, one after the other: lines of writers, one line for each key of the store.
//
//   Turns turns;
//   Turns::Turn turn;                       // kept as long as the call goes on; gives up its places when it goes
//   const auto granted = [] { … };          // now it is ours: read again, decide again
//   if (turns.take(turn, {{"account/1/user/dana", true}}, granted)) …      // it was free: go on at once
//
// A store that refuses whoever computed on old data is safe, and dear under contention: of n who write one entity one
// is through each time, and all others have computed in vain, n times over. Those who wait here compute twice at most.
//
// A turn takes its places in all of its lines at once, so that who came first is first everywhere: nobody waits for
// somebody who waits for him. Who only relies on a key (an account that must not be deleted meanwhile) stands there
// beside others who do. The lines are about cost and fairness alone: that nothing is lost is the store's preconditions'
// business, which hold also against those who never stood in a line.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace deputy::server {

/// Thread-safe. Turns may outlive it: the store's writer lets go of a call, and with it of its turn, some time after the
/// call was answered, which at the end of the server may be after all else.
class Turns {
  struct Ticket;
  struct Lines;

 public:
  Turns();

  struct Claim {
    std::string key;
    bool alone = true;  // false: together with others who do not need it alone
  };
  /// Called once, from the thread on which the last one in the way gave up its place, perhaps before `take` has
  /// returned.
  using Granted = std::function<void()>;

  /// A place in some lines, or in none. One call's, used by one thread at a time.
  class Turn {
   public:
    Turn();
    Turn(Turn&&) = delete;
    ~Turn();
    [[nodiscard]] bool is_taken() const { return ticket_ != nullptr; }
    /// Whether it stands in every line of `claims`, and alone where they want that.
    [[nodiscard]] bool covers(const std::vector<Claim>& claims) const;
    /// Gives up its places, whether it was its turn or not. Without effect if it has none.
    void release();

   private:
    friend class Turns;
    std::shared_ptr<Lines> lines_;
    std::unique_ptr<Ticket> ticket_;
  };

  /// Takes a place in each line. True: nobody is in the way. False: `granted` tells when nobody is any more. `turn`
  /// must have no places. A key that is claimed twice counts once, alone if one of them is.
  bool take(Turn& turn, std::vector<Claim> claims, Granted granted);

 private:
  const std::shared_ptr<Lines> lines_;
};

}  // namespace deputy::server
