// Arbitrary bytes as an entry of the store: the first line is its key, the rest its value.
//
// What must hold: it is taken into a snapshot or refused with a reason; what was taken, encoded and taken again, is the
// same entity.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "directory/changes.h"
#include "directory/codec.h"
#include "directory/snapshot.h"

namespace {

using namespace deputy::directory;  // NOLINT(google-build-using-namespace)

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

template <class Entity>
void round_trip(std::string_view bytes) {
  PolicyPool pool;
  const auto entity = decode<Entity>(bytes, pool);
  if (!entity) {
    if (entity.error().empty()) fail("a refusal without a reason");
    return;
  }
  const std::string encoded = encode(*entity);
  const auto again = decode<Entity>(encoded, pool);
  if (!again || encode(*again) != encoded) fail("an entity does not survive the store");
}

SnapshotPtr with_account() {
  Account account;
  account.id = *deputy::AccountId::parse("111111111111");
  Organization organization;
  organization.id = "o-abcdefghij";
  organization.management = account.id;
  Changes changes;
  changes.create(account);
  changes.create(organization);
  std::vector<StoredChange> stored;
  for (const auto& w : changes.writes()) stored.push_back({w.key, std::string_view(*w.value)});
  return *Snapshot::empty({})->apply(1, stored);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SnapshotPtr kSnapshot = with_account();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view key = input.substr(0, line), value = input.substr(std::min(line + 1, input.size()));
  const StoredChange put{key, value}, erase{key, std::nullopt};
  if (const auto next = kSnapshot->apply(2, {&put, 1})) {
    if (!(*next)->apply(3, {&erase, 1})) fail("what was put cannot be deleted");
  } else if (next.error().reason.empty()) {
    fail("a refusal without a reason");
  }
  round_trip<Account>(value);
  round_trip<User>(value);
  round_trip<Role>(value);
  round_trip<ManagedPolicy>(value);
  round_trip<OidcProvider>(value);
  round_trip<SamlProvider>(value);
  round_trip<UsedAssertion>(value);
  round_trip<MfaDevice>(value);
  round_trip<Organization>(value);
  round_trip<CredentialReport>(value);
  round_trip<Membership>(value);
  round_trip<Handshake>(value);
  round_trip<AccountCreation>(value);
  return 0;
}
