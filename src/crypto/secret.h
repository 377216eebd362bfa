// Bytes that must not leak: wiped when they go, never printed, compared in constant time.
//
//   Secret key(entropy.bytes(32));
//   mac(key.reveal());            // the one way to the bytes, easy to find in a review
//
// INVARIANT: a Secret converts to nothing and prints nowhere (SecretTest.ConvertsToNoText).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deputy::crypto {

/// Overwrites memory so that the compiler cannot leave it out.
void wipe(void* bytes, std::size_t count);
/// Overwrites what a string holds and empties it.
void wipe(std::string& text);

/// Takes the same time wherever the bytes differ; lengths are no secret.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

class Secret {
 public:
  Secret() = default;
  /// Takes the bytes over. Small strings are copied by a move, so the source is wiped.
  explicit Secret(std::string&& bytes) : bytes_(bytes) { wipe(bytes); }
  explicit Secret(std::string_view bytes) : bytes_(bytes) {}
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::move(other.bytes_);
      wipe(other.bytes_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(bytes_); }

  [[nodiscard]] std::string_view reveal() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  /// A second owner, asked for by name.
  [[nodiscard]] Secret copy() const { return Secret(std::string_view(bytes_)); }

  friend bool operator==(const Secret& a, const Secret& b) { return constant_time_equal(a.bytes_, b.bytes_); }

 private:
  std::string bytes_;
};

}  // namespace deputy::crypto
