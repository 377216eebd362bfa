// The question: who wants to do what to which resource, and in which circumstances. All text is borrowed from the
// caller and outlives the decision. docs/policy-evaluation.md, sections K and P.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/keys.h"
#include "policy/work.h"

namespace deputy::policy {

enum class PrincipalType : std::uint8_t {
  kRoot,
  kUser,
  kRoleSession,
  kFederatedUser,
  kService,
  kAnonymous,
  kWebIdentity,
  kSaml
};

/// Fields that a type does not have stay empty; the table in docs/policy-evaluation.md, section 0, says which it has.
struct Principal {
  PrincipalType type = PrincipalType::kAnonymous;
  std::string_view arn = {};        // session ARN for sessions; the provider for web identity and SAML
  std::string_view account = {};    // twelve digits
  std::string_view unique_id = {};  // AIDA…, AROA…:session, A:name, the account id of root
  std::string_view role_arn = {};   // role sessions: with path
  std::string_view user_arn = {};   // federated users: whose keys made the session
  std::string_view user_id = {};    // federated users: AIDA… of that user
  std::string_view service = {};    // "lambda.amazonaws.com"
};

/// An action, with what the index needs computed once: make one per operation, not one per request.
struct Action {
  explicit Action(std::string_view name);
  std::string_view name;       // as AWS spells it, "sts:AssumeRole"; borrowed
  std::uint32_t service_hash;  // of the lower-cased prefix
  std::uint32_t hash;          // of the whole lower-cased name

  /// The name lower-cased; empty if it is longer than any that AWS has.
  [[nodiscard]] std::string_view lowered() const { return {lowered_.data(), lowered_size_}; }

 private:
  std::array<char, 96> lowered_{};
  std::size_t lowered_size_ = 0;
};

/// The context keys of one request. [K-1] Absent keys are absent, never empty; a key set with no values is absent.
/// Reusable: clear() keeps the storage, so that building the next context allocates nothing.
class Context {
 public:
  void clear();

  void set(Key key, std::string_view value);
  /// The values are borrowed, the array too.
  void set(Key key, std::span<const std::string_view> values);
  void set_tag(TagFamily family, std::string_view tag_key, std::string_view value);
  /// A key by its full name; finds the slot or the tag family if it has one. The array is borrowed.
  void set(std::string_view name, std::span<const std::string_view> values);

  using Values = std::span<const std::string_view>;  // empty: absent
  [[nodiscard]] Values get(Key key) const;
  [[nodiscard]] Values named(std::string_view name) const;  // ignores case; slots and tags too
  /// What compiled policies ask, with the hash_folded() of the name: a tag [C-5], and a name known to be neither a slot
  /// nor a tag.
  [[nodiscard]] Values tag(TagFamily family, std::string_view tag_key, std::uint32_t hash, Work& work) const;
  [[nodiscard]] Values other(std::string_view name, std::uint32_t hash, Work& work) const;

  /// Every key that is present, spelled as AWS documents it, with its values: for people, not for decisions.
  void each(const std::function<void(const std::string& name, Values values)>& see) const;

 private:
  struct Tag {
    TagFamily family;
    std::uint32_t hash;  // of the key
    std::string_view key;
    [[nodiscard]] bool is(TagFamily wanted, std::string_view tag_key, std::uint32_t key_hash) const;
    std::string_view value;
  };
  struct Named {
    std::uint32_t hash;  // of the name, or of the tag key
    std::string_view name;
    std::optional<TagName> tag;  // of a tag key with several values
    Values values;
  };
  std::bitset<static_cast<std::size_t>(Key::kCount)> present_;
  std::bitset<static_cast<std::size_t>(Key::kCount)> many_;
  union Slot {
    std::string_view one;
    Values many;
    Slot() : one() {}
  };
  std::array<Slot, static_cast<std::size_t>(Key::kCount)> slots_;
  std::vector<Tag> tags_;
  std::vector<Named> named_;
};

struct Request {
  Principal principal;
  Action action;
  std::string_view resource;          // one ARN, or "*" where the action has no resource type [M-12]
  std::string_view resource_account;  // who owns it; for "*" the caller's account
  const Context* context = nullptr;
};

}  // namespace deputy::policy
