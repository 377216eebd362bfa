// The QR code of a device. That a reader reads it is asked by tests/e2e/test_mfa.py; here: that the PNG is one, and
// that it holds what the QR code library drew.
#include "services/iam/qr_code.h"

#include <gtest/gtest.h>
#include <qrencode.h>
#include <zlib.h>

namespace deputy::iam {
namespace {

std::uint32_t u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

struct Chunk {
  std::string type, data;
};

/// The chunks of a PNG, whose checksums must be right.
std::vector<Chunk> chunks(std::string_view png) {
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  std::vector<Chunk> all;
  for (png.remove_prefix(8); png.size() >= 12;) {
    const std::size_t size = u32(png);
    const std::string_view covered = png.substr(4, 4 + size);
    EXPECT_EQ(u32(png.substr(8 + size)),
              crc32(0, reinterpret_cast<const Bytef*>(covered.data()), static_cast<uInt>(covered.size())));
    all.push_back({std::string(covered.substr(0, 4)), std::string(covered.substr(4))});
    png.remove_prefix(12 + size);
  }
  EXPECT_TRUE(png.empty());
  return all;
}

TEST(QrCodeTest, ThePngHoldsTheModulesAndAQuietZone) {
  const std::string text = otpauth_uri("phone", "111111111111", "ABCDEFGH");
  const auto parts = chunks(qr_code_png(text));
  ASSERT_EQ(parts.size(), 3U);
  ASSERT_EQ(parts[0].type + parts[1].type + parts[2].type, "IHDRIDATIEND");
  const std::size_t width = u32(parts[0].data);
  EXPECT_EQ(u32(std::string_view(parts[0].data).substr(4)), width);

  const std::size_t stride = 1 + (width + 7) / 8;
  std::string rows(stride * width, '\0');
  uLongf size = rows.size();
  ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                       reinterpret_cast<const Bytef*>(parts[1].data.data()), parts[1].data.size()),
            Z_OK);
  ASSERT_EQ(size, rows.size());
  QRcode* drawn = QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()),
                                    0, QR_ECLEVEL_M);
  ASSERT_NE(drawn, nullptr);
  const auto modules = static_cast<std::size_t>(drawn->width);
  const std::size_t scale = width / (modules + 8);
  EXPECT_EQ(scale * (modules + 8), width);
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t column = x / scale, line = y / scale;
      const bool inside = column >= 4 && column < modules + 4 && line >= 4 && line < modules + 4;
      const bool dark = inside && (drawn->data[(line - 4) * modules + column - 4] & 1) != 0;
      const bool white = ((rows[y * stride + 1 + x / 8] >> (7 - x % 8)) & 1) != 0;
      ASSERT_NE(white, dark) << x << ", " << y;
    }
  }
  QRcode_free(drawn);
}

TEST(QrCodeTest, TheUriIsAsAwsWritesIt) {
  EXPECT_EQ(otpauth_uri("phone", "111111111111", "ABCDEFGH"),
            "otpauth://totp/Amazon%20Web%20Services:phone@111111111111?secret=ABCDEFGH"
            "&issuer=Amazon%20Web%20Services");
  EXPECT_EQ(otpauth_uri("a@b+c=d,e", "alias", "A"),
            "otpauth://totp/Amazon%20Web%20Services:a%40b%2Bc%3Dd%2Ce@alias?secret=A&issuer=Amazon%20Web%20Services");
}

TEST(QrCodeTest, TheLongestNamesStillFit) {
  EXPECT_FALSE(qr_code_png(otpauth_uri(std::string(226, '+'), std::string(63, 'a'), std::string(64, 'A'))).empty());
  EXPECT_TRUE(qr_code_png(std::string(5000, 'a')).empty());
}

}  // namespace
}  // namespace deputy::iam
