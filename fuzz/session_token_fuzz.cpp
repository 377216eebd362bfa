// Arbitrary bytes as a session, and as a session token.
//
// What must hold: whatever decodes encodes to the same bytes, so that there is one form of each session; and no bytes
// are a token, because nobody but the server can seal one.
#include <cstdio>
#include <cstdlib>

#include "authn/session_codec.h"
#include "authn/session_token.h"
#include "base/encoding.h"
#include "directory/changes.h"

namespace {

using namespace deputy;  // NOLINT(google-build-using-namespace)

struct Server {
  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(1);
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(*entropy);
  authn::SessionTokens tokens{*vault};
  directory::SnapshotPtr snapshot;

  Server() {
    directory::Changes changes;
    changes.create(tokens.make_key(*directory::Snapshot::empty({}), *entropy, Time{}));
    std::vector<directory::StoredChange> stored;
    for (const auto& w : changes.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    snapshot = *directory::Snapshot::empty({})->apply(1, stored);
  }
};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const Server server;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  if (const auto session = authn::decode_session(bytes)) {
    require(authn::encode_session(*session) == bytes, "a session has two forms");
  }
  require(!server.tokens.open(*server.snapshot, bytes), "bytes opened as a token");
  // Past the base64, with a head that names the server's key.
  require(!server.tokens.open(*server.snapshot, base64(std::string("\1\0\0\0\1", 5).append(bytes))), "a forged token");
  return 0;
}
