// Every entity with every member at one of its ends, made from the very table that the codec uses (directory/fields.h):
// a member that is added there is tried here without a word.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "base/time_range.h"
#include "directory/fields.h"
#include "directory/kinds.h"

namespace deputy::directory {

/// How far out the members are.
struct Extreme {
  bool high = true;                // numbers, times, texts and lists at their upper ends, else at the lower
  bool beyond = false;             // times a millisecond outside of what can be kept
  std::size_t text = 64UL * 1024;  // bytes of the long texts
  std::size_t items = 3;           // of the long lists
};

/// Sets every member that `fields` shows it.
class Filler {
 public:
  explicit Filler(const Extreme& how) : how_(how) {}

  void operator()(unsigned, std::string& text) {
    text.clear();
    for (std::size_t i = 0; how_.high && i < how_.text; ++i) text.push_back(static_cast<char>(i));
  }
  void operator()(unsigned, UniqueId& id) {
    id = UniqueId(how_.high ? std::string(std::min<std::size_t>(how_.text, 128), 'Z') : std::string());
  }
  void operator()(unsigned, AccountId& id) {
    id = how_.high ? *AccountId::parse("999999999999") : *AccountId::parse("000000000000");
  }
  void operator()(unsigned, bool& value) { value = how_.high; }
  void operator()(unsigned, std::uint32_t& value) { value = how_.high ? UINT32_MAX : 0; }
  void operator()(unsigned, std::uint64_t& value) { value = how_.high ? INT64_MAX : 0; }
  void operator()(unsigned, std::int32_t& value) { value = how_.high ? INT32_MAX : INT32_MIN; }
  void operator()(unsigned, Handshake::State& state) {
    state = how_.high ? Handshake::State::kDeclined : Handshake::State::kOpen;
  }
  void operator()(unsigned, Handshake::Action& action) {
    action = how_.high ? Handshake::Action::kApproveAllFeatures : Handshake::Action::kInvite;
  }
  void operator()(unsigned, ObjectOwnership& ownership) {
    ownership = how_.high ? ObjectOwnership::kNone : ObjectOwnership::kBucketOwnerEnforced;
  }
  void operator()(unsigned, AclGrant::Permission& permission) {
    permission = how_.high ? AclGrant::Permission::kFullControl : AclGrant::Permission::kRead;
  }
  void operator()(unsigned number, SharedText& text) {
    std::string filled;
    (*this)(number, filled);
    text = SharedText(std::move(filled));
  }
  void operator()(unsigned, Versioning& state) { state = how_.high ? Versioning::kSuspended : Versioning::kNever; }
  void operator()(unsigned, PolicyType& type) { type = how_.high ? kLastPolicyType : PolicyType::kServiceControl; }
  void operator()(unsigned, Time& value) {
    const std::chrono::milliseconds out{how_.beyond ? 1 : 0};
    value = how_.high ? kLastTime + out : kFirstTime - out;
    ++times_;
  }
  template <class T>
  void operator()(unsigned number, std::vector<T>& list) {
    list.clear();
    list.resize(how_.high ? how_.items : 0);
    for (T& item : list) element(number, item);
  }
  template <class T>
  void operator()(unsigned number, std::optional<T>& structure) {
    structure.reset();
    if (how_.high) element(number, structure.emplace());
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(unsigned, T& structure) { fields(*this, structure); }
  void document(unsigned, PolicyText& document, policy::Kind kind) {
    const std::string sid = how_.high ? std::string(std::min<std::size_t>(how_.text, 6000), 'a') : std::string();
    const bool trust = kind == policy::Kind::kTrust, rcp = kind == policy::Kind::kRcp;
    const bool bucket = kind == policy::Kind::kBucket;
    const bool names_principals = trust || rcp || bucket || kind == policy::Kind::kKey;
    document =
        PolicyText(R"({"Version":"2012-10-17","Statement":[{)" + (sid.empty() ? "" : R"("Sid":")" + sid + R"(",)") +
                   R"("Effect":"Deny",)" + (names_principals ? R"("Principal":"*",)" : "") +
                   (trust || rcp ? R"("Action":"sts:*")" : R"("Action":"*")") +
                   (trust    ? "}"
                    : bucket ? R"(,"Resource":"arn:aws:s3:::b"})"
                             : R"(,"Resource":"*"})") +
                   "]}");
  }

  [[nodiscard]] int times() const { return times_; }

 private:
  template <class T>
  void element(unsigned number, T& item) {
    (*this)(number, item);
  }

  const Extreme how_;
  int times_ = 0;
};

/// Calls `f` with an empty one of each entity that is stored.
template <class F>
void each_entity(F f) {
#define DEPUTY_ROW(Entity, map, word) f(Entity());
  DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW
}

}  // namespace deputy::directory
