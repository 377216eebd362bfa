// Does one statement apply to one request? Each element is asked by a function of its own; evaluate.cpp asks them for
// the candidates of the index, explain.cpp for every statement. Internal to this room.
#pragma once

#include <optional>
#include <string>

#include "policy/program.h"
#include "policy/request.h"

namespace deputy::policy {

/// How a Principal element covers the caller; decides what else is needed. [P-13] A set of bits; 0: it does not.
enum PrincipalMatch : std::uint8_t { kNoMatch = 0, kDirect = 1, kAsEntity = 2, kAsAccount = 4 };

/// A request, with what several statements need of it worked out once.
class Question {
 public:
  /// `has_boundary`: the caller, or the entity behind its session, has a permissions boundary. [P-15]
  Question(const Request& asked, bool has_boundary, Work& work);
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  const Request& request;
  const Context& context;
  Work& work;  // no answer about this request means anything once it is spent
  bool bounded;
  std::string_view action;  // lower-cased [M-3]
  PrefixHashes fronts;      // of the resource

  /// The unique id without the session's name.
  [[nodiscard]] std::string_view entity_id() const {
    const std::string_view id = request.principal.unique_id;
    return id.substr(0, id.find(':'));
  }
  /// Of the caller's ARN.
  [[nodiscard]] std::string_view partition() const;
  const std::optional<Address>& address(std::string_view text);
  const std::optional<Instant>& instant(std::string_view text);

 private:
  template <class T>
  struct Read {
    const char* of = nullptr;  // the text that was read last, by its address
    std::size_t size = 0;
    std::optional<T> value;
  };
  std::string long_action_;  // no service has one; who asks anyway pays for it
  Read<Address> address_;
  Read<Instant> instant_;
};

/// Of any of the statement's patterns; NotAction negates.
bool matches_action(const CompiledStatement& statement, Question& question);
bool matches_resource(const CompiledStatement& statement, Question& question);

std::uint8_t matches_principal_element(const CompiledStatement& statement, bool is_filter, const Question& question);
inline std::uint8_t matches_principal(const CompiledStatement& statement, bool is_filter, const Question& question) {
  if (!statement.has_principal) return kDirect;
  return matches_principal_element(statement, is_filter, question);
}

bool matches(const Condition& condition, Question& question);
inline bool matches_conditions(const CompiledStatement& statement, Question& question) {
  for (const Condition& condition : statement.conditions) {
    if (!matches(condition, question)) return false;  // [C-1]
  }
  return true;
}

}  // namespace deputy::policy
