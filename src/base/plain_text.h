// Copies text that needs no escape, sixteen bytes at a time. Answers and the audit trail are made of many short texts,
// of which nearly none needs one; the writers of JSON and XML try this first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace deputy {

/// Sixteen bytes that are compared together; the compiler makes of them what the machine has.
using Bytes16 = unsigned char __attribute__((vector_size(16)));
/// What a comparison of them marked.
template <class Comparison>
Bytes16 marks(Comparison comparison) {
  return reinterpret_cast<Bytes16>(comparison);
}

namespace detail {
struct Words {
  std::uint64_t first, second;
};
/// Two overlapping `Word`s hold any text that is one to two of them long.
template <class Word>
Words copy_two(char* to, std::string_view text) {
  const std::size_t last = text.size() - sizeof(Word);
  Word a, b;
  std::memcpy(&a, text.data(), sizeof a);
  std::memcpy(&b, text.data() + last, sizeof b);
  std::memcpy(to, &a, sizeof a);
  std::memcpy(to + last, &b, sizeof b);
  return {a, b};
}
}  // namespace detail

/// Copies `text` to `to`, where there is room for it; whether `special(bytes)` marked none of its bytes. Bytes that are
/// not of the text may come along: `special` must not mark blanks. What was copied means nothing if one was marked.
template <class Special>
bool copy_plain(char* to, std::string_view text, Special special) {
  using Mask = std::uint64_t __attribute__((vector_size(16)));
  constexpr std::uint64_t kBlanks = 0x2020202020202020;
  Bytes16 found{};
  if (text.size() >= sizeof(Bytes16)) {
    const auto one = [&](std::size_t at) {
      Bytes16 bytes;
      std::memcpy(&bytes, text.data() + at, sizeof bytes);
      std::memcpy(to + at, &bytes, sizeof bytes);
      found |= special(bytes);
    };
    for (std::size_t at = 0; at + sizeof(Bytes16) < text.size(); at += sizeof(Bytes16)) one(at);
    one(text.size() - sizeof(Bytes16));  // overlaps the one before
  } else {
    detail::Words words{kBlanks, kBlanks};
    if (text.size() >= 8) {
      words = detail::copy_two<std::uint64_t>(to, text);
    } else if (text.size() >= 4) {
      words = detail::copy_two<std::uint32_t>(to, text);
      words.first |= kBlanks << 32;
      words.second |= kBlanks << 32;
    } else {
      for (std::size_t i = 0; i < text.size(); ++i) {
        to[i] = text[i];
        words.first = words.first << 8 | static_cast<unsigned char>(text[i]);
      }
    }
    const Mask bytes{words.first, words.second};
    found = special(reinterpret_cast<const Bytes16&>(bytes));
  }
  const auto mask = reinterpret_cast<const Mask&>(found);
  return (mask[0] | mask[1]) == 0;
}

}  // namespace deputy
