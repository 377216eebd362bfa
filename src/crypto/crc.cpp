#include "crypto/crc.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace deputy::crypto {
namespace {

static_assert(std::endian::native == std::endian::little, "words of the input are loaded as they lie");

/// A polynomial, the coefficient of x^i at bit (kBits - 1 - i), without the highest. Values of a CRC have the same form.
template <int kWidth, std::uint64_t kReflected>
struct Polynomial {
  static constexpr int kBits = kWidth;
  static constexpr std::uint64_t kAll = kBits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (kBits % 64)) - 1;
  static constexpr std::uint64_t kOne = std::uint64_t{1} << (kBits - 1);

  static constexpr std::uint64_t times_x(std::uint64_t v) { return (v >> 1) ^ ((v & 1) != 0 ? kReflected : 0); }
  static constexpr std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    std::uint64_t product = 0;
    for (int i = kBits - 1; i >= 0; --i, b = times_x(b)) {
      if ((a >> i & 1) != 0) product ^= b;
    }
    return product;
  }
  static constexpr std::uint64_t power_of_x(std::uint64_t exponent) {
    std::uint64_t result = kOne, square = times_x(kOne);
    for (; exponent != 0; exponent >>= 1, square = times(square, square)) {
      if ((exponent & 1) != 0) result = times(result, square);
    }
    return result;
  }
};
using Iso = Polynomial<32, 0xEDB88320>;
using Castagnoli = Polynomial<32, 0x82F63B78>;
using Nvme = Polynomial<64, 0x9A6C9329AC4BC9B5>;

// ---- By tables: eight bytes a step. In each function below `state` is the inverted CRC.

using Tables = std::array<std::array<std::uint64_t, 256>, 8>;

template <class P>
constexpr Tables make_tables() {
  Tables t{};
  for (std::size_t i = 0; i < 256; ++i) {
    std::uint64_t v = i;
    for (int bit = 0; bit < 8; ++bit) v = P::times_x(v);
    t[0][i] = v;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t i = 0; i < 256; ++i) t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 255];
  }
  return t;
}
template <class P>
constexpr Tables kTables = make_tables<P>();

template <class P>
std::uint64_t step_by_table(std::uint64_t state, std::string_view bytes) {
  const Tables& t = kTables<P>;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    word ^= state;
    state = 0;
    for (std::size_t i = 0; i < 8; ++i) state ^= t[7 - i][word >> (8 * i) & 255];
  }
  for (const char c : bytes) state = (state >> 8) ^ t[0][(state ^ static_cast<unsigned char>(c)) & 255];
  return state;
}

// ---- By carry-less multiplication: the text is a long polynomial, of which a block of 128 bits may be replaced by a
// multiple of it that is congruent and lies further behind. Four blocks are in flight; what remains at the end are 16
// bytes with the same remainder as all that was read, and those go through the table.
// https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/fast-crc-computation-generic-polynomials-pclmulqdq-paper.pdf

#if defined(__x86_64__)

/// What moves a block by that many bits: for its first and its second half. A product of two reflected words is by one x
/// short of where the block's bits lie, hence the - 1.
template <class P>
constexpr std::array<std::uint64_t, 2> shift_by(std::uint64_t bits) {
  constexpr int aligned = 64 - P::kBits;
  return {P::power_of_x(bits + 63) << aligned, P::power_of_x(bits - 1) << aligned};
}
template <class P>
constexpr std::array<std::uint64_t, 2> kBy512 = shift_by<P>(512);
template <class P>
constexpr std::array<std::uint64_t, 2> kBy128 = shift_by<P>(128);

constexpr std::size_t kLeastToFold = 128;

#define DEPUTY_FOLDS __attribute__((target("pclmul,sse4.1")))

DEPUTY_FOLDS inline __m128i load(const char* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
DEPUTY_FOLDS inline __m128i fold(__m128i block, __m128i by, __m128i onto) {
  const __m128i first = _mm_clmulepi64_si128(block, by, 0x00), second = _mm_clmulepi64_si128(block, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), onto);
}

template <class P>
DEPUTY_FOLDS std::uint64_t step_by_folding(std::uint64_t state, std::string_view bytes) {
  const __m128i far = load(reinterpret_cast<const char*>(kBy512<P>.data()));
  const __m128i near = load(reinterpret_cast<const char*>(kBy128<P>.data()));
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  __m128i a = _mm_xor_si128(load(at), _mm_cvtsi64_si128(static_cast<long long>(state)));
  __m128i b = load(at + 16), c = load(at + 32), d = load(at + 48);
  for (at += 64, left -= 64; left >= 64; at += 64, left -= 64) {
    a = fold(a, far, load(at));
    b = fold(b, far, load(at + 16));
    c = fold(c, far, load(at + 32));
    d = fold(d, far, load(at + 48));
  }
  a = fold(fold(fold(a, near, b), near, c), near, d);
  for (; left >= 16; at += 16, left -= 16) a = fold(a, near, load(at));
  std::array<char, 16> rest;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest.data()), a);
  state = step_by_table<P>(0, {rest.data(), rest.size()});
  return step_by_table<P>(state, {at, left});
}

bool can_fold() {
  static const bool can = __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  return can;
}

#undef DEPUTY_FOLDS
#endif

template <class P>
std::uint64_t step(std::uint64_t state, std::string_view bytes) {
#if defined(__x86_64__)
  if (bytes.size() >= kLeastToFold && can_fold()) return step_by_folding<P>(state, bytes);
#endif
  return step_by_table<P>(state, bytes);
}

template <class Function>
std::uint64_t with(Crc kind, Function&& function) {
  switch (kind) {
    case Crc::k32:
      return function(Iso());
    case Crc::k32c:
      return function(Castagnoli());
    case Crc::k64Nvme:
      break;
  }
  return function(Nvme());
}

}  // namespace

std::uint64_t crc_update(Crc kind, std::uint64_t crc, std::string_view bytes) {
  return with(kind, [&]<class P>(P) { return step<P>(crc ^ P::kAll, bytes) ^ P::kAll; });
}

std::uint64_t crc_update_by_table(Crc kind, std::uint64_t crc, std::string_view bytes) {
  return with(kind, [&]<class P>(P) { return step_by_table<P>(crc ^ P::kAll, bytes) ^ P::kAll; });
}

std::uint64_t crc_combine(Crc kind, std::uint64_t first, std::uint64_t second, std::uint64_t second_size) {
  return with(kind, [&]<class P>(P) {
    // x^(8 * size): three squarings more than x^size, whatever the size is.
    std::uint64_t shift = P::power_of_x(second_size);
    for (int i = 0; i < 3; ++i) shift = P::times(shift, shift);
    return P::times(first, shift) ^ second;
  });
}

}  // namespace deputy::crypto
