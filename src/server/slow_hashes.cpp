#include "server/slow_hashes.h"

namespace deputy::server {

void SlowHashes::make(const AccountId& account, std::vector<crypto::SlowHash> wanted, Done done) {
  thread_.run(account, [this, wanted = std::move(wanted), done = std::move(done)](bool my_turn) {
    if (!my_turn) return done(std::nullopt);
    std::vector<crypto::Secret> made;
    for (const crypto::SlowHash& hash : wanted) {
      if (thread_.is_stopping()) return;
      made.push_back(crypto::scrypt(hash));
    }
    done(std::move(made));
  });
}

}  // namespace deputy::server
