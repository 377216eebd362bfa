// Arbitrary bytes as an entry of the store: the first line is its key, the rest its value.
//
// What must hold: it is taken into a snapshot or refused with a reason; what was taken, encoded and taken again, is the
// same entity; at start it is taken or set aside. And the other way round: an entity with any values at all, at and
// beyond the ends of every member (directory/extremes.h), encodes to what decodes to the same bytes, or to what is
// refused.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "directory/changes.h"
#include "directory/codec.h"
#include "directory/extremes.h"
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

/// Fills an entity with whatever the input says.
class Chooser {
 public:
  explicit Chooser(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    T value{};
    const std::size_t size = std::min(sizeof value, bytes_.size());
    std::memcpy(&value, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return value;
  }
  std::string text() {
    const std::size_t size = std::min<std::size_t>(number<unsigned char>(), bytes_.size());
    std::string out(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return out;
  }
  void operator()(unsigned, std::string& value) { value = text(); }
  void operator()(unsigned, deputy::UniqueId& value) { value = deputy::UniqueId(text()); }
  void operator()(unsigned, deputy::AccountId& value) {
    value = *deputy::AccountId::parse((number<unsigned char>() & 1U) != 0 ? "111111111111" : "999999999999");
  }
  void operator()(unsigned, bool& value) { value = (number<unsigned char>() & 1U) != 0; }
  void operator()(unsigned, std::uint32_t& value) { value = number<std::uint32_t>(); }
  void operator()(unsigned, std::uint64_t& value) { value = number<std::uint64_t>() >> 1; }
  void operator()(unsigned, std::int32_t& value) { value = number<std::int32_t>(); }
  void operator()(unsigned, Handshake::State& value) { value = static_cast<Handshake::State>(number<std::uint32_t>()); }
  void operator()(unsigned, Handshake::Action& value) {
    value = static_cast<Handshake::Action>(number<std::uint32_t>());
  }
  void operator()(unsigned, deputy::directory::SharedText& value) { value = deputy::directory::SharedText(text()); }
  void operator()(unsigned, Versioning& value) { value = static_cast<Versioning>(number<std::uint32_t>()); }
  void operator()(unsigned, ObjectOwnership& value) { value = static_cast<ObjectOwnership>(number<std::uint32_t>()); }
  void operator()(unsigned, AclGrant::Permission& value) {
    value = static_cast<AclGrant::Permission>(number<std::uint32_t>());
  }
  void operator()(unsigned, PolicyType& value) { value = static_cast<PolicyType>(number<std::uint32_t>()); }
  void operator()(unsigned, deputy::Time& value) {
    value = deputy::Time{std::chrono::milliseconds{number<std::int64_t>()}};
  }
  template <class T>
  void operator()(unsigned number_of_field, std::vector<T>& list) {
    list.resize(number<unsigned char>() % 4U);
    for (T& item : list) (*this)(number_of_field, item);
  }
  template <class T>
  void operator()(unsigned number_of_field, std::optional<T>& structure) {
    if ((number<unsigned char>() & 1U) != 0) (*this)(number_of_field, structure.emplace());
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(unsigned, T& structure) { fields(*this, structure); }
  void document(unsigned, PolicyText& document, deputy::policy::Kind) {
    constexpr const char* kNone =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})";
    document = PolicyText((number<unsigned char>() & 3U) != 0 ? std::string(kNone) : text());
  }

 private:
  std::string_view bytes_;
};

/// What an operation could make, if it checked nothing.
void write_and_read(std::string_view input, const Snapshot& snapshot) {
  each_entity([&](auto entity) {
    Chooser chooser(input);
    fields(chooser, entity);
    const std::string key = key_of(entity), bytes = encode(entity);
    const auto reading = snapshot.read({key, std::string_view(bytes)});
    if (!reading) {
      if (reading.error().reason.empty()) fail("a refusal without a reason");
      return;
    }
    // An id with a slash in it, which no operation draws, leads to the place of another kind.
    if (!std::holds_alternative<std::shared_ptr<decltype(entity)>>(reading->entity)) return;
    PolicyPool pool;
    const auto again = decode<decltype(entity)>(bytes, pool);
    if (!again || encode(*again) != bytes) fail("what was written is read as something else");
  });
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
  const StoredEntry stored{key, value, 1, {}};
  if (kSnapshot->load(2, {&stored, 1}) == nullptr) fail("a start without a snapshot");
  write_and_read(input, *kSnapshot);
  each_entity([&](const auto& entity) { round_trip<std::decay_t<decltype(entity)>>(value); });
  return 0;
}
