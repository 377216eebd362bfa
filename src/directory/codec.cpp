// The bytes of an entity:
//
//   entity  = format field*
//   format  = 0x01
//   field   = number length payload      number, length: varint (7 bits a byte, low first, at most 5 bytes)
//   payload = text
//           | varint      numbers, booleans; signed: 0, -1, 1, -2, … as 0, 1, 2, 3, …
//           | varint64    times: milliseconds since 1970
//           | field*      structures
//
// A list is its field repeated, in order. An empty text or list and a structure that is not there are left out;
// numbers, times and booleans are always there. Downsides: no checksum (the store has its own), and no skipping of
// unknown fields, on purpose.
#include "directory/codec.h"

#include <fmt/format.h>

#include <mutex>
#include <unordered_map>

#include "base/encoding.h"
#include "directory/fields.h"

namespace deputy::directory {
namespace {

constexpr char kFormat = 1;
constexpr int kMaxDepth = 4;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// Takes a varint off the front; nothing if it is cut off, over 64 bits, or padded (one value has one encoding).
std::optional<std::uint64_t> take_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) return std::nullopt;
      return value;
    }
  }
  return std::nullopt;
}

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  void operator()(unsigned number, const std::string& text) {
    if (!text.empty()) put(number, text);
  }
  void operator()(unsigned number, const SharedText& text) {
    if (!text.view().empty()) put(number, text.view());
  }
  void operator()(unsigned number, const UniqueId& id) { (*this)(number, id.str()); }
  void operator()(unsigned number, const AccountId& id) {
    if (!id.empty()) put(number, id.view());
  }
  // Always written, zero too: absent is the member's default, and an access key is active, a version 1 by default.
  void operator()(unsigned number, bool value) { put(number, {value ? "\1" : "\0", 1}); }
  void operator()(unsigned number, std::uint32_t value) { integer(number, value); }
  void operator()(unsigned number, std::uint64_t value) { integer(number, value); }
  template <class E>
  requires std::is_enum_v<E>
  void operator()(unsigned number, E value) { integer(number, static_cast<std::uint32_t>(value)); }
  void operator()(unsigned number, std::int32_t value) {
    const auto bits = static_cast<std::uint32_t>(value);
    integer(number, (bits << 1) ^ (value < 0 ? ~0U : 0U));
  }
  void operator()(unsigned number, Time value) {
    integer(number, static_cast<std::uint64_t>(value.time_since_epoch().count()));
  }
  template <class T>
  void operator()(unsigned number, const std::vector<T>& list) {
    for (const T& item : list) element(number, item);
  }
  template <class T>
  void operator()(unsigned number, const std::optional<T>& structure) {
    if (structure) element(number, *structure);
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(unsigned number, const T& structure) { element(number, structure); }
  void document(unsigned number, const PolicyText& document, policy::Kind) { (*this)(number, document.text()); }

 private:
  void put(unsigned number, std::string_view payload) {
    put_varint(out_, number);
    put_varint(out_, payload.size());
    out_.append(payload);
  }
  void integer(unsigned number, std::uint64_t value) {
    std::string payload;
    put_varint(payload, value);
    put(number, payload);
  }
  void element(unsigned number, const std::string& text) { put(number, text); }  // an empty element is an element
  void element(unsigned number, const UniqueId& id) { put(number, id.str()); }
  template <class T>
  void element(unsigned number, const T& structure) {
    std::string payload;
    Encoder nested(payload);
    fields(nested, structure);
    put(number, payload);
  }

  std::string& out_;
};

/// Offers one stored field to every member of an entity; the one with its number takes it.
class Decoder {
 public:
  Decoder(PolicyPool& pool, int depth) : pool_(pool), depth_(depth) {}

  /// Reads all fields into `entity`; an error sentence if anything is not as the grammar says.
  template <class Entity>
  std::optional<std::string> read(std::string_view bytes, Entity& entity) {
    if (depth_ > kMaxDepth) return "it is nested too deep";
    while (!bytes.empty()) {
      const auto number = take_varint(bytes);
      const auto length = number ? take_varint(bytes) : std::nullopt;
      if (!length || *length > bytes.size()) return "it is cut off";
      number_ = *number;
      payload_ = bytes.substr(0, *length);
      bytes.remove_prefix(*length);
      taken_ = false;
      fields(*this, entity);
      if (!problem_.empty()) return problem_;
      if (!taken_) return fmt::format("it has a field {} that this version does not know", number_);
    }
    return std::nullopt;
  }

  void operator()(unsigned number, std::string& text) {
    if (take(number)) text = payload_;
  }
  void operator()(unsigned number, SharedText& text) {
    if (take(number)) text = SharedText(std::string(payload_));
  }
  void operator()(unsigned number, UniqueId& id) {
    if (take(number)) id = UniqueId(std::string(payload_));
  }
  void operator()(unsigned number, AccountId& id) {
    if (!take(number)) return;
    if (const auto parsed = AccountId::parse(payload_)) {
      id = *parsed;
    } else {
      problem_ = "an account id has not twelve digits";
    }
  }
  void operator()(unsigned number, bool& value) {
    if (take(number)) value = integer(1) != 0;
  }
  void operator()(unsigned number, std::uint32_t& value) {
    if (take(number)) value = static_cast<std::uint32_t>(integer(UINT32_MAX));
  }
  void operator()(unsigned number, std::uint64_t& value) {
    if (take(number)) value = integer(INT64_MAX);
  }
  void operator()(unsigned number, Handshake::State& state) { counted(number, state, Handshake::State::kDeclined); }
  void operator()(unsigned number, Handshake::Action& action) {
    counted(number, action, Handshake::Action::kApproveAllFeatures);
  }
  void operator()(unsigned number, Versioning& state) { counted(number, state, Versioning::kSuspended); }
  void operator()(unsigned number, PolicyType& type) { counted(number, type, kLastPolicyType); }
  void operator()(unsigned number, ObjectOwnership& ownership) { counted(number, ownership, ObjectOwnership::kNone); }
  void operator()(unsigned number, AclGrant::Permission& permission) {
    counted(number, permission, AclGrant::Permission::kFullControl);
  }
  void operator()(unsigned number, std::int32_t& value) {
    if (!take(number)) return;
    const auto folded = static_cast<std::uint32_t>(integer(UINT32_MAX));
    value = static_cast<std::int32_t>((folded >> 1) ^ ((folded & 1) != 0 ? ~0U : 0U));
  }
  void operator()(unsigned number, Time& value) {
    constexpr std::uint64_t year_9999 = 253402300799999;
    if (take(number)) value = Time{std::chrono::milliseconds{static_cast<std::int64_t>(integer(year_9999))}};
  }
  template <class T>
  void operator()(unsigned number, std::vector<T>& list) {
    if (take(number)) element(list.emplace_back());
  }
  template <class T>
  void operator()(unsigned number, std::optional<T>& structure) {
    if (take(number)) element(structure.emplace());
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(unsigned number, T& structure) {
    if (take(number)) element(structure);
  }
  void document(unsigned number, PolicyText& document, policy::Kind kind) {
    if (!take(number)) return;
    auto shared = pool_.share(payload_, kind);
    if (shared) {
      document = std::move(shared).value();
    } else {
      problem_ = "a policy document does not compile: " + shared.error().message;
    }
  }

 private:
  bool take(unsigned number) {
    if (number != number_) return false;
    taken_ = true;
    return true;
  }
  /// Values from 1 on, without gaps.
  template <class E>
  void counted(unsigned number, E& value, E last) {
    if (!take(number)) return;
    const std::uint64_t stored = integer(static_cast<std::uint64_t>(last));
    if (stored == 0) problem_ = "a number is out of range";
    value = static_cast<E>(stored);
  }
  std::uint64_t integer(std::uint64_t largest) {
    std::string_view rest = payload_;
    const auto value = take_varint(rest);
    if (value && rest.empty() && *value <= largest) return *value;
    problem_ = "a number is out of range";
    return 0;
  }
  void element(std::string& text) { text = payload_; }
  void element(UniqueId& id) { id = UniqueId(std::string(payload_)); }
  template <class T>
  void element(T& structure) {
    if (auto problem = Decoder(pool_, depth_ + 1).read(payload_, structure)) problem_ = *std::move(problem);
  }

  PolicyPool& pool_;
  const int depth_;
  std::uint64_t number_ = 0;
  std::string_view payload_;
  bool taken_ = false;
  std::string problem_;
};

}  // namespace

#define DEPUTY_ROW(Entity, map, word)                                                      \
  std::string key_of(const Entity& e) {                                                    \
    return fmt::format("{}{}/{}/{}", kWord<Account>, e.account.view(), word, key_name(e)); \
  }
DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, map, word)                                                         \
  std::string key_of(const Entity& e) {                                                       \
    return fmt::format("{}{}/{}/{}", kWord<Organization>, e.organization, word, key_name(e)); \
  }
DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, map, word) \
  std::string key_of(const Entity& e) { return fmt::format("{}{}", word, key_name(e)); }
DEPUTY_KINDS_OF_SERVER(DEPUTY_ROW)
#undef DEPUTY_ROW
std::string key_of(const Account& e) { return fmt::format("{}{}", kWord<Account>, e.id.view()); }
std::string key_of(const Organization& e) { return fmt::format("{}{}", kWord<Organization>, e.id); }
std::string key_of(const TenantAccounts&) { return std::string(kWord<TenantAccounts>); }
std::string access_key_guard(std::string_view id) { return fmt::format("{}{}", kAccessKeys, id); }
std::string last_use_key(std::string_view id) { return fmt::format("{}{}", kLastUses, id); }
std::string alias_guard(std::string_view alias) { return fmt::format("{}{}", kAliases, alias); }

struct PolicyPool::Impl {
  std::mutex mutex;
  std::unordered_multimap<std::size_t, std::weak_ptr<const PolicyText::Body>> known;  // by hash of kind and text
  std::size_t sweep_at = 1024;

  std::shared_ptr<const PolicyText::Body> find(std::size_t hash, std::string_view text) const {
    const auto [begin, end] = known.equal_range(hash);
    for (auto at = begin; at != end; ++at) {
      if (auto body = at->second.lock(); body && body->text == text) return body;
    }
    return nullptr;
  }
  void remember(std::size_t hash, const std::shared_ptr<const PolicyText::Body>& body) {
    if (known.size() >= sweep_at) {
      std::erase_if(known, [](const auto& item) { return item.second.expired(); });
      sweep_at = std::max<std::size_t>(1024, known.size() * 2);
    }
    known.emplace(hash, body);
  }
};
PolicyPool::PolicyPool() : impl_(std::make_unique<Impl>()) {}
PolicyPool::~PolicyPool() = default;

Result<PolicyText, policy::Problem> PolicyPool::share(std::string_view document, policy::Kind kind) {
  // The kind is part of the hash only: documents of two kinds that collide would have to be equal and hash alike.
  const std::size_t hash =
      std::hash<std::string_view>{}(document) ^ (0x9e3779b97f4a7c15U * (static_cast<std::size_t>(kind) + 1));
  PolicyText shared;
  {
    const std::lock_guard lock(impl_->mutex);
    shared.body_ = impl_->find(hash, document);
  }
  if (shared.body_) return shared;
  TRY(policy::CompiledPolicyPtr compiled, policy::compile(document, kind));
  shared = PolicyText(std::string(document), std::move(compiled));
  const std::lock_guard lock(impl_->mutex);
  impl_->remember(hash, shared.body_);
  return shared;
}

template <class Entity>
std::string encode(const Entity& entity) {
  std::string out(1, kFormat);
  Encoder encoder(out);
  fields(encoder, entity);
  return out;
}

template <class Entity>
Result<Entity, std::string> decode(std::string_view bytes, PolicyPool& pool) {
  if (bytes.empty() || bytes.front() != kFormat)
    return Failure(std::string("its format is not one this version knows"));
  Entity entity;
  if (auto problem = Decoder(pool, 0).read(bytes.substr(1), entity)) return Failure(*std::move(problem));
  return entity;
}

#define DEPUTY_ROW(Entity, map, word)         \
  template std::string encode(const Entity&); \
  template Result<Entity, std::string> decode<Entity>(std::string_view, PolicyPool&);
DEPUTY_KINDS(DEPUTY_ROW)
DEPUTY_ROW(LastUse, , )
DEPUTY_ROW(ObjectVersion, , )
DEPUTY_ROW(Upload, , )
DEPUTY_ROW(Part, , )
DEPUTY_ROW(UnusedBytes, , )
#undef DEPUTY_ROW

}  // namespace deputy::directory
