#include "services/sts/packed_size.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

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

}  // namespace

std::int32_t packed_size_percent(const directory::Session& session) {
  std::size_t bytes = 0;
  if (session.policy || !session.policy_arns.empty() || !session.scoped_policies.empty()) {
    Packer packer;
    if (session.policy) packer.add(*session.policy);
    for (const std::string& arn : session.policy_arns) packer.add(arn);
    for (const std::string& scope : session.scoped_policies) packer.add(scope);
    bytes = packer.finish();
  }
  for (const directory::Tag& tag : session.tags) bytes += tag.key.size() + tag.value.size();  // they are not packed
  return static_cast<std::int32_t>(std::min<std::size_t>(bytes * 100 / kAllotment, 100'000));
}

}  // namespace deputy::sts
