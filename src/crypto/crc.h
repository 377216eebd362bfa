// Internal to crypto/: the three CRCs of S3 over one definition: reflected polynomials, all bits set before and inverted
// after. What is called `crc` below is the finished value, so that each is what others print; of nothing it is 0.
//
// Two ways to the same value: tables, which any machine has, and carry-less multiplication where the processor has it
// (x86-64's PCLMULQDQ), which is ten times as fast. CrcTest compares them.
#pragma once

#include <cstdint>
#include <string_view>

namespace deputy::crypto {

enum class Crc : std::uint8_t {
  k32,      // ISO 3309, as zlib and gzip have it
  k32c,     // Castagnoli, RFC 3720
  k64Nvme,  // NVM Express
};

/// Of what came before and these bytes.
std::uint64_t crc_update(Crc kind, std::uint64_t crc, std::string_view bytes);
/// The same without what only some processors have.
std::uint64_t crc_update_by_table(Crc kind, std::uint64_t crc, std::string_view bytes);
/// Of two texts one behind the other, by the CRC of each and the length of the second.
std::uint64_t crc_combine(Crc kind, std::uint64_t first, std::uint64_t second, std::uint64_t second_size);

}  // namespace deputy::crypto
