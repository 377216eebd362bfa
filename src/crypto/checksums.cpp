#include "crypto/checksums.h"

#include <array>
#include <utility>

#include "crypto/crc.h"
#include "crypto/engine.h"

namespace deputy::crypto {
namespace {

struct Facts {
  std::string_view name;
  std::size_t size;
  std::optional<Crc> crc;
  const char* digest = nullptr;  // OpenSSL's name of it
};
constexpr std::array<Facts, 6> kFacts{{{"CRC32", 4, Crc::k32},
                                       {"CRC32C", 4, Crc::k32c},
                                       {"CRC64NVME", 8, Crc::k64Nvme},
                                       {"SHA1", 20, std::nullopt, "SHA1"},
                                       {"SHA256", 32, std::nullopt, "SHA256"},
                                       {"MD5", 16, std::nullopt, "MD5"}}};

constexpr std::size_t index_of(ChecksumAlgorithm algorithm) { return static_cast<std::size_t>(algorithm); }
const Facts& facts_of(ChecksumAlgorithm algorithm) { return kFacts[index_of(algorithm)]; }

const EVP_MD* digest_of(ChecksumAlgorithm algorithm) {
  static const auto fetched = [] {
    Engine::get();
    std::array<const EVP_MD*, kFacts.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (kFacts[i].digest == nullptr) continue;
      all[i] = EVP_MD_fetch(nullptr, kFacts[i].digest, nullptr);
      require(all[i] != nullptr, "OpenSSL lacks MD5, SHA-1 or SHA-256");
    }
    return all;
  }();
  return fetched[index_of(algorithm)];
}

/// Contexts of this thread that are not in use, by algorithm: one that changes its algorithm is set up from nothing.
class Idle {
 public:
  static Idle& here() {
    static thread_local Idle idle;
    return idle;
  }
  EVP_MD_CTX* take(ChecksumAlgorithm algorithm) {
    Stack& stack = stacks_[index_of(algorithm)];
    if (stack.count > 0) return stack.contexts[--stack.count];
    EVP_MD_CTX* fresh = EVP_MD_CTX_new();
    require(fresh != nullptr, "no memory for a digest");
    return fresh;
  }
  void give(ChecksumAlgorithm algorithm, EVP_MD_CTX* context) {
    Stack& stack = stacks_[index_of(algorithm)];
    if (stack.count < stack.contexts.size()) {
      stack.contexts[stack.count++] = context;
    } else {
      EVP_MD_CTX_free(context);
    }
  }
  ~Idle() {
    for (Stack& stack : stacks_) {
      while (stack.count > 0) EVP_MD_CTX_free(stack.contexts[--stack.count]);
    }
  }

 private:
  struct Stack {
    std::array<EVP_MD_CTX*, 4> contexts{};
    std::size_t count = 0;
  };
  std::array<Stack, kFacts.size()> stacks_;
};

std::string in_network_order(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = size; i > 0; --i, value >>= 8) bytes[i - 1] = static_cast<char>(value & 255);
  return bytes;
}

std::uint64_t from_network_order(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::optional<ChecksumAlgorithm> checksum_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    if (kFacts[i].name == name) return static_cast<ChecksumAlgorithm>(i);
  }
  return std::nullopt;
}

std::string_view name_of(ChecksumAlgorithm algorithm) { return facts_of(algorithm).name; }
std::size_t checksum_size(ChecksumAlgorithm algorithm) { return facts_of(algorithm).size; }
bool is_combinable(ChecksumAlgorithm algorithm) { return facts_of(algorithm).crc.has_value(); }

Checksum::Checksum(ChecksumAlgorithm algorithm) : algorithm_(algorithm) { begin(); }

Checksum::Checksum(Checksum&& other) noexcept
    : algorithm_(other.algorithm_), crc_(other.crc_), context_(std::exchange(other.context_, nullptr)) {}

Checksum& Checksum::operator=(Checksum&& other) noexcept {
  std::swap(algorithm_, other.algorithm_);
  std::swap(crc_, other.crc_);
  std::swap(context_, other.context_);
  return *this;
}

Checksum::~Checksum() {
  if (context_ != nullptr) Idle::here().give(algorithm_, context_);
}

void Checksum::begin() {
  crc_ = 0;
  if (is_combinable(algorithm_)) return;
  if (context_ == nullptr) context_ = Idle::here().take(algorithm_);
  require(EVP_DigestInit_ex2(context_, digest_of(algorithm_), nullptr) == 1, "starting a checksum");
}

void Checksum::update(std::string_view bytes) {
  if (const std::optional<Crc> crc = facts_of(algorithm_).crc) {
    crc_ = crc_update(*crc, crc_, bytes);
  } else {
    require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1, "feeding a checksum");
  }
}

std::string Checksum::finish() {
  std::string value = in_network_order(crc_, checksum_size(algorithm_));
  if (!is_combinable(algorithm_)) {
    auto* to = reinterpret_cast<unsigned char*>(value.data());
    require(EVP_DigestFinal_ex(context_, to, nullptr) == 1, "finishing a checksum");
  }
  begin();
  return value;
}

std::string checksum_of(ChecksumAlgorithm algorithm, std::string_view bytes) {
  Checksum checksum(algorithm);
  checksum.update(bytes);
  return checksum.finish();
}

std::optional<std::string> combine_checksums(ChecksumAlgorithm algorithm, std::string_view first,
                                             std::string_view second, std::uint64_t second_size) {
  const Facts& facts = facts_of(algorithm);
  if (!facts.crc || first.size() != facts.size || second.size() != facts.size) return std::nullopt;
  const std::uint64_t whole =
      crc_combine(*facts.crc, from_network_order(first), from_network_order(second), second_size);
  return in_network_order(whole, facts.size);
}

}  // namespace deputy::crypto
