#include "crypto/random.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>

#include "crypto/digest.h"
#include "crypto/engine.h"
#include "crypto/secret.h"

namespace deputy::crypto {
namespace {

/// Counts forks: a child must not hand out the bytes its parent has in stock.
std::atomic<unsigned> forks{0};

class SystemEntropy final : public Entropy {
 public:
  SystemEntropy() {
    Engine::get();  // OpenSSL is set up without its configuration file
    pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  }

  void fill(std::span<std::byte> out) override {
    static thread_local Stock stock;
    const unsigned now = forks.load(std::memory_order_relaxed);
    if (stock.forks != now) {
      stock.left = 0;
      stock.forks = now;
    }
    while (!out.empty()) {
      if (out.size() >= stock.bytes.size()) return draw(out);
      if (stock.left == 0) {
        draw(std::as_writable_bytes(std::span(stock.bytes)));
        stock.left = stock.bytes.size();
      }
      const std::size_t take = std::min(out.size(), stock.left);
      std::byte* from = stock.bytes.data() + (stock.bytes.size() - stock.left);
      std::memcpy(out.data(), from, take);
      wipe(from, take);  // what was given out is known to one receiver only
      stock.left -= take;
      out = out.subspan(take);
    }
  }

 private:
  struct Stock {
    std::array<std::byte, 1024> bytes;
    std::size_t left = 0;
    unsigned forks = 0;
    ~Stock() { wipe(bytes.data(), bytes.size()); }
  };

  static void draw(std::span<std::byte> out) {
    require(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) == 1,
            "no randomness");
  }
};

/// SHA-256 of the seed and a counter.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : seed_(seed) {}

  void fill(std::span<std::byte> out) override {
    const std::lock_guard lock(mutex_);
    for (std::byte& b : out) {
      if (left_ == 0) refill();
      b = static_cast<std::byte>(block_.bytes[block_.bytes.size() - left_--]);
    }
  }

 private:
  void refill() {
    const std::string text = std::to_string(seed_) + "/" + std::to_string(counter_++);
    block_ = sha256(text);
    left_ = block_.bytes.size();
  }

  std::mutex mutex_;
  std::uint64_t seed_, counter_ = 0;
  Digest block_;
  std::size_t left_ = 0;
};

}  // namespace

std::string Entropy::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill(std::as_writable_bytes(std::span(out)));
  return out;
}

Entropy& system_entropy() {
  static SystemEntropy entropy;
  return entropy;
}

std::unique_ptr<Entropy> seeded_entropy(std::uint64_t seed) { return std::make_unique<SeededEntropy>(seed); }

}  // namespace deputy::crypto
