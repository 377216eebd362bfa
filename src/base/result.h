// A value or the reason why there is none. Failures travel as values; nothing in Deputy throws across a room.
//
//   Result<Role> role = find(name);
//   if (!role) return role.error();
//
//   TRY(Role role, find(name));   // the same in one line: returns the error to the caller of this function
//   TRY_VOID(check(role));        // for Result<void>
//
// `E` is `Error` (base/error.h, an AWS error) unless a room has a failure type of its own.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace deputy {

class Error;

/// Marks a failure where the value type would be ambiguous: `return Failure(error)`.
template <class E>
struct Failure {
  explicit Failure(E e) : error(std::move(e)) {}
  E error;
};

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  template <class U = T>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, E>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}        // NOLINT(google-explicit-constructor)
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)
  template <class F>
  requires std::is_convertible_v<F, E> Result(Failure<F> failure)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::move(failure.error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & { return std::get<1>(state_); }
  const E& error() const& { return std::get<1>(state_); }
  E&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  Result(E error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  template <class F>
  requires std::is_convertible_v<F, E> Result(Failure<F> failure)
      : error_(std::move(failure.error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  E& error() & { return *error_; }
  const E& error() const& { return *error_; }
  E&& error() && { return *std::move(error_); }

 private:
  std::optional<E> error_;
};

}  // namespace deputy

#define DEPUTY_JOIN_(a, b) a##b
#define DEPUTY_JOIN(a, b) DEPUTY_JOIN_(a, b)
#define DEPUTY_TRY_(result, declaration, ...)                       \
  auto result = (__VA_ARGS__);                                      \
  if (!result) return ::deputy::Failure(std::move(result).error()); \
  declaration = std::move(result).value()

/// TRY(declaration, expression): declares or assigns the value of a Result, or returns its error.
#define TRY(declaration, ...) DEPUTY_TRY_(DEPUTY_JOIN(try_result_, __LINE__), declaration, __VA_ARGS__)
/// TRY_VOID(expression): returns the error of a Result whose value is not needed.
#define TRY_VOID(...)                                               \
  do {                                                              \
    if (auto try_void_result = (__VA_ARGS__); !try_void_result)     \
      return ::deputy::Failure(std::move(try_void_result).error()); \
  } while (false)
