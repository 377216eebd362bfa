#include "crypto/checksums.h"

#include <gtest/gtest.h>

#include <random>

#include "base/encoding.h"
#include "crypto/crc.h"

namespace deputy::crypto {
namespace {

constexpr ChecksumAlgorithm kAll[] = {ChecksumAlgorithm::kCrc32,     ChecksumAlgorithm::kCrc32c,
                                      ChecksumAlgorithm::kCrc64Nvme, ChecksumAlgorithm::kSha1,
                                      ChecksumAlgorithm::kSha256,    ChecksumAlgorithm::kMd5};

std::string some_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(count, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

struct Known {
  std::string_view algorithm, bytes, value;
};

// The check values of Koopman's and Cook's catalogues of CRCs, RFC 3720 B.4 (32 zeros, 32 ones), the NVM Express Command
// Set Specification 1.0d figure 120 (4096 zeros), RFC 1321, FIPS 180-4; and what S3 calls the CRC64NVME of nothing.
TEST(ChecksumTest, AgreesWithPublishedValues) {
  const std::string zeros(32, '\0'), ones(32, '\xff'), page(4096, '\0'), page_of_ones(4096, '\xff');
  const Known known[] = {
      {"CRC32", "", "00000000"},
      {"CRC32", "123456789", "cbf43926"},
      {"CRC32", "The quick brown fox jumps over the lazy dog", "414fa339"},
      {"CRC32C", "", "00000000"},
      {"CRC32C", "123456789", "e3069283"},
      {"CRC32C", zeros, "8a9136aa"},
      {"CRC32C", ones, "62a8ab43"},
      {"CRC64NVME", "", "0000000000000000"},
      {"CRC64NVME", "123456789", "ae8b14860a799888"},
      {"CRC64NVME", page, "6482d367eb22b64e"},
      {"CRC64NVME", page_of_ones, "c0ddba7302eca3ac"},
      {"SHA1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"SHA256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"MD5", "", "d41d8cd98f00b204e9800998ecf8427e"},
      {"MD5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
  };
  for (const Known& k : known) {
    const std::optional<ChecksumAlgorithm> algorithm = checksum_algorithm(k.algorithm);
    ASSERT_TRUE(algorithm) << k.algorithm;
    EXPECT_EQ(hex(checksum_of(*algorithm, k.bytes)), k.value) << k.algorithm << " of " << k.bytes.size();
  }
}

TEST(ChecksumTest, NamesAreThoseOfTheWire) {
  for (const ChecksumAlgorithm algorithm : kAll) {
    EXPECT_EQ(checksum_algorithm(name_of(algorithm)), algorithm);
    EXPECT_EQ(checksum_of(algorithm, "x").size(), checksum_size(algorithm)) << name_of(algorithm);
  }
  for (const char* name : {"", "crc32", "CRC64", "SHA512", "CRC32 "}) EXPECT_FALSE(checksum_algorithm(name)) << name;
}

TEST(ChecksumTest, PiecesCountAsOneText) {
  const std::string bytes = some_bytes(5000, 1);
  std::mt19937 random(2);
  for (const ChecksumAlgorithm algorithm : kAll) {
    const std::string whole = checksum_of(algorithm, bytes);
    Checksum checksum(algorithm);
    for (int round = 0; round < 50; ++round) {
      std::string_view rest = bytes;
      while (!rest.empty()) {
        const std::size_t size = std::min<std::size_t>(rest.size(), random() % (round < 25 ? 40 : 900));
        checksum.update(rest.substr(0, size));
        rest.remove_prefix(size);
      }
      ASSERT_EQ(hex(checksum.finish()), hex(whole)) << name_of(algorithm);  // and begins anew
    }
  }
}

TEST(ChecksumTest, ManyAtATimeDoNotMeet) {
  std::vector<Checksum> running;
  for (int i = 0; i < 12; ++i) running.emplace_back(i % 2 == 0 ? ChecksumAlgorithm::kMd5 : ChecksumAlgorithm::kSha1);
  for (std::size_t i = 0; i < running.size(); ++i) running[i].update(std::to_string(i));
  Checksum moved = std::move(running[3]);
  moved = std::move(running[4]);
  EXPECT_EQ(moved.finish(), checksum_of(ChecksumAlgorithm::kMd5, "4"));
  for (std::size_t i = 5; i < running.size(); ++i) {
    EXPECT_EQ(running[i].finish(), checksum_of(running[i].algorithm(), std::to_string(i)));
  }
}

TEST(ChecksumTest, PartsCombineToTheWhole) {
  const std::string bytes = some_bytes(3000, 3);
  for (const ChecksumAlgorithm algorithm : kAll) {
    for (const std::size_t cut : {0, 1, 7, 64, 127, 128, 129, 1500, 2999, 3000}) {
      const std::string_view first = std::string_view(bytes).substr(0, cut),
                             second = std::string_view(bytes).substr(cut);
      const std::optional<std::string> whole =
          combine_checksums(algorithm, checksum_of(algorithm, first), checksum_of(algorithm, second), second.size());
      ASSERT_EQ(whole.has_value(), is_combinable(algorithm)) << name_of(algorithm);
      if (!whole) continue;
      EXPECT_EQ(hex(*whole), hex(checksum_of(algorithm, bytes))) << name_of(algorithm) << " at " << cut;
    }
  }
  EXPECT_FALSE(combine_checksums(ChecksumAlgorithm::kCrc32, "abc", "abcd", 1));
  EXPECT_FALSE(combine_checksums(ChecksumAlgorithm::kCrc64Nvme, "abcd", "abcdefgh", 1));
}

// A second part of 5 TiB cannot be read here, but it can be put together of halves.
TEST(ChecksumTest, PartsMayBeLongerThanMemory) {
  for (const ChecksumAlgorithm algorithm :
       {ChecksumAlgorithm::kCrc32, ChecksumAlgorithm::kCrc32c, ChecksumAlgorithm::kCrc64Nvme}) {
    const std::string head = checksum_of(algorithm, "head"), kibibyte = checksum_of(algorithm, std::string(1024, 'a'));
    std::string doubled = kibibyte, one_by_one = head;
    std::uint64_t size = 1024;
    for (; size < std::uint64_t{5} << 40; size *= 2) doubled = *combine_checksums(algorithm, doubled, doubled, size);
    std::string half = kibibyte;
    for (std::uint64_t s = 1024; s < size / 2; s *= 2) half = *combine_checksums(algorithm, half, half, s);
    one_by_one = *combine_checksums(algorithm, one_by_one, half, size / 2);
    one_by_one = *combine_checksums(algorithm, one_by_one, half, size / 2);
    EXPECT_EQ(hex(*combine_checksums(algorithm, head, doubled, size)), hex(one_by_one)) << name_of(algorithm);
  }
}

TEST(CrcTest, EveryLengthAndPlaceIsAsByTheTable) {
  const std::string bytes = some_bytes(1200, 4);
  for (const Crc kind : {Crc::k32, Crc::k32c, Crc::k64Nvme}) {
    for (std::size_t from = 0; from < 17; ++from) {
      for (std::size_t size = 0; size + from <= bytes.size(); size += size < 300 ? 1 : 13) {
        const std::string_view piece = std::string_view(bytes).substr(from, size);
        const std::uint64_t before = crc_update_by_table(kind, 0, "before");
        ASSERT_EQ(crc_update(kind, before, piece), crc_update_by_table(kind, before, piece)) << from << " " << size;
      }
    }
  }
}

}  // namespace
}  // namespace deputy::crypto
