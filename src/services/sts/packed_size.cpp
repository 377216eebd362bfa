#include "services/sts/packed_size.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/recent.h"

namespace deputy::sts {
namespace {

constexpr std::size_t kAllotment = 455;  // bytes that are 100 percent

/// The frame of a policy, so that a first statement costs what it says and little more. The most common texts stand last,
/// where zlib reaches them with the shortest distances.
constexpr std::string_view kFrame =
    "\"Sid\":\"\"NotAction\":[\"\"NotResource\":\"\"arn:aws:s3:::StringEqualsStringLike"
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"\"],\"Condition\":{\"\"},"
    "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

/// Bytes that a text takes when it is packed with the frame known to both sides.
class Packer {
 public:
  Packer() {
    // Small windows: the texts are short, and what zlib would set aside for long ones takes longer than packing them.
    good_ = ::deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, -kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) ==
                Z_OK &&
            ::deflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(kFrame.data()), kFrame.size()) == Z_OK;
  }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer() { ::deflateEnd(&stream_); }

  [[nodiscard]] bool is_good() const { return good_; }
  void add(std::string_view text) { pack(text, Z_NO_FLUSH); }
  std::size_t finish() {
    pack({}, Z_FINISH);
    return good_ ? bytes_ : kAllotment * 100;  // out of memory: nothing fits
  }

 private:
  static constexpr int kWindowBits = 12, kMemoryLevel = 4;

  void pack(std::string_view text, int flush) {
    if (!good_) return;
    std::array<Bytef, 512> out;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      stream_.next_out = out.data();
      stream_.avail_out = out.size();
      ::deflate(&stream_, flush);
      bytes_ += out.size() - stream_.avail_out;
    } while (stream_.avail_out == 0);
  }

  z_stream stream_ = {};
  std::size_t bytes_ = 0;
  bool good_ = false;
};

/// Session policies whose size this thread knows: who hands out sessions hands out the same few policies, and packing them
/// takes as long as a third of all that AssumeRole does.
struct Known {
  std::optional<std::string> policy;
  std::vector<std::string> arns, scopes;
  std::size_t bytes = 0;

  [[nodiscard]] bool is_of(const directory::Session& session) const {
    return policy == session.policy && arns == session.policy_arns && scopes == session.scoped_policies;
  }
};
constexpr std::size_t kRemembered = 16, kLongestRemembered = 4096;

std::size_t packed_bytes(const directory::Session& session) {
  static thread_local authn::Recent<Known, kRemembered> sizes;
  std::size_t hash = 0, length = 0;
  const auto each_text = [&session](auto&& visit) {
    if (session.policy) visit(*session.policy);
    for (const std::string& arn : session.policy_arns) visit(arn);
    for (const std::string& scope : session.scoped_policies) visit(scope);
  };
  each_text([&](const std::string& text) {
    hash = hash * 31 + std::hash<std::string>{}(text);
    length += text.size();
  });
  if (const Known* known = sizes.find(hash, [&](const Known& k) { return k.is_of(session); })) return known->bytes;
  Packer packer;
  each_text([&packer](const std::string& text) { packer.add(text); });
  const std::size_t bytes = packer.finish();
  if (packer.is_good() && length <= kLongestRemembered) {
    sizes.replace(hash) = {session.policy, session.policy_arns, session.scoped_policies, bytes};
  }
  return bytes;
}

}  // namespace

std::int32_t packed_size_percent(const directory::Session& session) {
  const bool has_policies = session.policy || !session.policy_arns.empty() || !session.scoped_policies.empty();
  std::size_t bytes = has_policies ? packed_bytes(session) : 0;
  for (const directory::Tag& tag : session.tags) bytes += tag.key.size() + tag.value.size();  // they are not packed
  return static_cast<std::int32_t>(std::min<std::size_t>(bytes * 100 / kAllotment, 100'000));
}

}  // namespace deputy::sts
