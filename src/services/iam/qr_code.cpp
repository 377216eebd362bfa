#include "services/iam/qr_code.h"

#include <qrencode.h>
#include <zlib.h>

#include <cstdint>
#include <memory>

#include "base/encoding.h"

namespace deputy::iam {
namespace {

constexpr std::size_t kModulePixels = 6, kQuietModules = 4;

struct FreeQrCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using QrCode = std::unique_ptr<QRcode, FreeQrCode>;

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

/// chunk = length type data crc
void put_chunk(std::string& png, std::string_view type, std::string_view data) {
  put_u32(png, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = png.size();
  png.append(type).append(data);
  const auto* covered = reinterpret_cast<const Bytef*>(png.data() + begin);
  put_u32(png, static_cast<std::uint32_t>(crc32(0, covered, static_cast<uInt>(png.size() - begin))));
}

std::string compressed(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  const auto* from = reinterpret_cast<const Bytef*>(bytes.data());
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, from, static_cast<uLong>(bytes.size()), Z_BEST_COMPRESSION);
  out.resize(size);
  return out;
}

/// One bit a pixel, 1 is white; each row begins with a filter byte, none.
std::string rows(const QRcode& code) {
  const auto modules = static_cast<std::size_t>(code.width);
  const std::size_t pixels = (modules + 2 * kQuietModules) * kModulePixels;
  std::string out;
  for (std::size_t y = 0; y < pixels; ++y) {
    std::string row(1 + (pixels + 7) / 8, '\xff');
    row[0] = '\0';
    for (std::size_t x = 0; x < pixels; ++x) {
      const std::size_t column = x / kModulePixels - kQuietModules, line = y / kModulePixels - kQuietModules;
      if (column >= modules || line >= modules) continue;  // the quiet zone; below zero is far above
      if ((code.data[line * modules + column] & 1) == 0) continue;
      char& byte = row[1 + x / 8];
      byte = static_cast<char>(byte & ~(0x80 >> (x % 8)));
    }
    out += row;
  }
  return out;
}

}  // namespace

std::string otpauth_uri(std::string_view device, std::string_view account, std::string_view base32_seed) {
  constexpr std::string_view kIssuer = "Amazon%20Web%20Services";
  std::string uri = "otpauth://totp/";
  uri.append(kIssuer).append(":");
  percent_encode_to(uri, device);
  uri.append("@");
  percent_encode_to(uri, account);
  return uri.append("?secret=").append(base32_seed).append("&issuer=").append(kIssuer);
}

std::string qr_code_png(std::string_view text) {
  const QrCode code(QRcode_encodeData(static_cast<int>(text.size()),
                                      reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) return {};
  const auto pixels =
      static_cast<std::uint32_t>((static_cast<std::size_t>(code->width) + 2 * kQuietModules) * kModulePixels);
  std::string header;
  put_u32(header, pixels);
  put_u32(header, pixels);
  header.append("\x01\x00\x00\x00\x00", 5);  // one bit a pixel, grey; no choice of compression, filter, interlace

  std::string png = "\x89PNG\r\n\x1a\n";
  put_chunk(png, "IHDR", header);
  put_chunk(png, "IDAT", compressed(rows(*code)));
  put_chunk(png, "IEND", "");
  return png;
}

}  // namespace deputy::iam
