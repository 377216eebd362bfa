// Session, bytes:
//
//   session := field*
//   field   := number length value          number: one byte; length: varint, the bytes of value
//   varint  := seven bits a byte, lowest first, the top bit set on all but the last; in its shortest form
//
//   number  value              times   limit
//   1       kind, varint       1       1 role, 2 user, 3 federated user, 4 root, 5 root for one task
//   2       account, varint    1       twelve digits
//   3       issuer             1       128 bytes; a unique id
//   4       issuer name        0..1    128 bytes
//   5       session name       0..1    256 bytes
//   6       access key id      1       20 bytes
//   7       issued, varint     1       milliseconds since 1970
//   8       expires, varint    1       the same
//   9       policy             0..1    32768 bytes, JSON
//   10      policy ARN         0..10   2048 bytes each
//   11      tag                0..1000 varint length of the key, key, value; 4096 bytes
//   12      transitive key     0..1000 512 bytes each
//   13      source identity    0..1    1024 bytes
//   14      mfa, varint        0..1    0 or 1
//   15      mfa time, varint   0..1    milliseconds since 1970; with mfa 1, and only then
//   16      chain depth varint 0..1    1 to 1000
//   17      federated provider 0..1    2048 bytes
//   18      federated key      0..200  varint length of the name, name, value; 4096 bytes; a name with several values
//                                      comes as often, each time behind the last
//   19      scoped policy      0..3    32768 bytes each, JSON
//   20      padding            0..1    1 to 4096 bytes of zero: a token that was asked to be long
//
// Numbers ascend; only those that may come several times may repeat. Texts are UTF-8; a text or number that has its
// default is left out. Unknown numbers, and every other deviation, are refused: a field left unread could hold what
// the session must not do.
#include "authn/session_codec.h"

#include "base/encoding.h"

namespace deputy::authn {
namespace {

using directory::Session;

enum Field : unsigned {
  kKind = 1,
  kAccount,
  kIssuer,
  kIssuerName,
  kName,
  kAccessKeyId,
  kIssued,
  kExpires,
  kPolicy,
  kPolicyArn,
  kTag,
  kTransitiveKey,
  kSourceIdentity,
  kMfa,
  kMfaTime,
  kChainDepth,
  kFederatedProvider,
  kFederatedKey,
  kScopedPolicy,
  kPadding,
};

constexpr std::uint64_t kEndOfTime = 253402300800000;  // the year 10000
constexpr std::size_t kMaxPolicyArns = 10, kMaxTags = 1000;

// ---- Writing

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

class Writer {
 public:
  void text(Field field, std::string_view value) {
    if (!value.empty()) present(field, value);
  }
  void present(Field field, std::string_view value) {
    out_.push_back(static_cast<char>(field));
    put_varint(out_, value.size());
    out_.append(value);
  }
  void number(Field field, std::uint64_t value) {
    out_.push_back(static_cast<char>(field));
    const std::size_t length = out_.size();
    out_.push_back(0);  // a varint of 64 bits has at most ten bytes, so its length has one
    put_varint(out_, value);
    out_[length] = static_cast<char>(out_.size() - length - 1);
  }
  void time(Field field, Time value) { number(field, static_cast<std::uint64_t>(value.time_since_epoch().count())); }
  void pair(Field field, std::string_view key, std::string_view value) {
    std::string bytes;
    put_varint(bytes, key.size());
    present(field, bytes.append(key).append(value));
  }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

// ---- Reading

/// Reads from the front of bytes; a mistake makes everything after it fail.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }

  std::uint64_t byte() { return rest_.empty() ? fail() : take(1)[0] & 0xffU; }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const std::uint64_t part = byte();
      if (failed_) return 0;
      value |= (part & 0x7f) << shift;
      if (part < 0x80) return part == 0 && shift > 0 ? fail() : value;  // not in its shortest form
    }
    return fail();
  }
  std::string_view bytes(std::uint64_t count) {
    if (count > rest_.size()) fail();
    return failed_ ? std::string_view{} : take(static_cast<std::size_t>(count));
  }
  std::string_view rest() { return take(rest_.size()); }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view front = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return front;
  }
  std::uint64_t fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

bool read_number(std::string_view value, std::uint64_t low, std::uint64_t high, std::uint64_t& out) {
  Reader in(value);
  out = in.varint();
  return !in.failed() && in.at_end() && out >= low && out <= high;
}

bool read_time(std::string_view value, Time& out) {
  std::uint64_t number = 0;
  if (!read_number(value, 0, kEndOfTime, number)) return false;
  out = Time(std::chrono::milliseconds(number));
  return true;
}

bool read_text(std::string_view value, std::size_t limit, std::string& out) {
  if (value.empty() || value.size() > limit || !is_utf8(value)) return false;
  out = value;
  return true;
}

bool read_another(std::string_view value, std::size_t limit, std::size_t count, std::vector<std::string>& out) {
  return out.size() < count && read_text(value, limit, out.emplace_back());
}

/// The key and the value of a field that holds both.
std::optional<std::pair<std::string, std::string>> read_pair(std::string_view value) {
  if (value.size() > kLongestPair) return std::nullopt;
  Reader in(value);
  const std::string_view key = in.bytes(in.varint());
  if (in.failed() || key.empty()) return std::nullopt;
  const std::string_view text = in.rest();
  if (!is_utf8(key) || !is_utf8(text)) return std::nullopt;
  return std::pair(std::string(key), std::string(text));
}

bool read_tag(std::string_view value, directory::Tags& out) {
  auto tag = read_pair(value);
  if (!tag || out.size() >= kMaxTags) return false;
  out.push_back({std::move(tag->first), std::move(tag->second)});
  return true;
}

bool read_federated_key(std::string_view value, directory::NamedKeys& out) {
  auto key = read_pair(value);
  std::size_t count = 0;
  for (const auto& known : out) count += known.values.size();
  if (!key || count >= kMostFederatedKeys) return false;
  if (!out.empty() && out.back().name == key->first) {
    out.back().values.push_back(std::move(key->second));
  } else {
    out.push_back({std::move(key->first), {std::move(key->second)}});
  }
  return true;
}

bool read_account(std::string_view value, AccountId& out) {
  std::uint64_t number = 0;
  if (!read_number(value, 0, ~std::uint64_t{0}, number)) return false;
  const std::optional<AccountId> account = AccountId::from_number(number);
  if (account) out = *account;
  return account.has_value();
}

bool read_field(std::uint64_t field, std::string_view value, Session& s) {
  std::uint64_t number = 0;
  std::string text;
  switch (field) {
    case kKind:
      if (!read_number(value, 1, 5, number)) return false;
      s.kind = static_cast<Session::Kind>(number);
      return true;
    case kAccount:
      return read_account(value, s.account);
    case kIssuer:
      if (!read_text(value, 128, text)) return false;
      s.issuer = UniqueId(std::move(text));
      return true;
    case kIssuerName:
      return read_text(value, 128, s.issuer_name);
    case kName:
      return read_text(value, 256, s.name);
    case kAccessKeyId:
      return value.size() == 20 && read_text(value, 20, s.access_key_id);
    case kIssued:
      return read_time(value, s.issued);
    case kExpires:
      return read_time(value, s.expires);
    case kPolicy:
      return read_text(value, 32768, s.policy.emplace());
    case kPolicyArn:
      return read_another(value, 2048, kMaxPolicyArns, s.policy_arns);
    case kTag:
      return read_tag(value, s.tags);
    case kTransitiveKey:
      return read_another(value, 512, kMaxTags, s.transitive_tag_keys);
    case kSourceIdentity:
      return read_text(value, 1024, s.source_identity);
    case kMfa:
      if (!read_number(value, 0, 1, number)) return false;
      s.mfa = number == 1;
      return true;
    case kMfaTime:
      return s.mfa.value_or(false) && read_time(value, s.mfa_time);
    case kChainDepth:
      if (!read_number(value, 1, 1000, number)) return false;
      s.chain_depth = static_cast<std::uint32_t>(number);
      return true;
    case kFederatedProvider:
      return read_text(value, 2048, s.federated_provider);
    case kFederatedKey:
      return read_federated_key(value, s.federated_keys);
    case kScopedPolicy:
      return read_another(value, 32768, kMostScopedPolicies, s.scoped_policies);
    case kPadding:
      s.padding = static_cast<std::uint32_t>(value.size());
      return !value.empty() && value.size() <= kMostPadding && value.find_first_not_of('\0') == std::string_view::npos;
    default:
      return false;
  }
}

constexpr bool may_repeat(std::uint64_t field) {
  return field == kPolicyArn || field == kTag || field == kTransitiveKey || field == kFederatedKey ||
         field == kScopedPolicy;
}

constexpr std::uint32_t bit(unsigned field) { return std::uint32_t{1} << field; }

/// What each kind cannot be without.
std::uint32_t required(Session::Kind kind) {
  constexpr std::uint32_t always =
      bit(kKind) | bit(kAccount) | bit(kIssuer) | bit(kAccessKeyId) | bit(kIssued) | bit(kExpires);
  switch (kind) {
    case Session::Kind::kRole:
      return always | bit(kIssuerName) | bit(kName);
    case Session::Kind::kUser:
      return always | bit(kIssuerName);
    case Session::Kind::kFederatedUser:
      return always | bit(kName);
    case Session::Kind::kRoot:
      return always;
    case Session::Kind::kAssumedRoot:
      return always | bit(kIssuerName) | bit(kPolicyArn);  // its organization and its task
  }
  return ~std::uint32_t{0};
}

}  // namespace

std::string encode_session(const Session& s) {
  Writer out;
  out.reserve(160 + (s.policy ? s.policy->size() : 0));
  out.number(kKind, static_cast<std::uint64_t>(s.kind));
  out.number(kAccount, s.account.number());
  out.text(kIssuer, s.issuer.str());
  out.text(kIssuerName, s.issuer_name);
  out.text(kName, s.name);
  out.text(kAccessKeyId, s.access_key_id);
  out.time(kIssued, s.issued);
  out.time(kExpires, s.expires);
  if (s.policy) out.present(kPolicy, *s.policy);
  for (const std::string& arn : s.policy_arns) out.present(kPolicyArn, arn);
  for (const directory::Tag& tag : s.tags) out.pair(kTag, tag.key, tag.value);
  for (const std::string& key : s.transitive_tag_keys) out.present(kTransitiveKey, key);
  out.text(kSourceIdentity, s.source_identity);
  if (s.mfa) out.number(kMfa, *s.mfa ? 1 : 0);
  if (s.mfa.value_or(false)) out.time(kMfaTime, s.mfa_time);
  if (s.chain_depth != 0) out.number(kChainDepth, s.chain_depth);
  out.text(kFederatedProvider, s.federated_provider);
  for (const directory::NamedKey& key : s.federated_keys) {
    for (const std::string& value : key.values) out.pair(kFederatedKey, key.name, value);
  }
  for (const std::string& policy : s.scoped_policies) out.present(kScopedPolicy, policy);
  if (s.padding != 0) out.present(kPadding, std::string(s.padding, '\0'));
  return std::move(out).take();
}

std::optional<Session> decode_session(std::string_view bytes) {
  Session session;
  Reader in(bytes);
  std::uint64_t last = 0;
  std::uint32_t seen = 0;
  while (!in.at_end()) {
    const std::uint64_t field = in.byte();
    const std::string_view value = in.bytes(in.varint());
    if (in.failed() || field < last || (field == last && !may_repeat(field))) return std::nullopt;
    if (!read_field(field, value, session)) return std::nullopt;
    last = field;
    seen |= bit(static_cast<unsigned>(field));  // read_field knows it, so it is below 32
  }
  const std::uint32_t need = required(session.kind) | (session.mfa.value_or(false) ? bit(kMfaTime) : 0);
  if (in.failed() || (seen & need) != need) return std::nullopt;
  return session;
}

}  // namespace deputy::authn
