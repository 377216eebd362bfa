// The picture that a phone reads to share a virtual MFA device's seed: an otpauth:// URI as a QR code (ISO/IEC 18004)
// in a PNG (RFC 2083). https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html
#pragma once

#include <string>
#include <string_view>

namespace deputy::iam {

/// "otpauth://totp/Amazon%20Web%20Services:phone@111111111111?secret=…&issuer=Amazon%20Web%20Services": what apps show
/// beside the code is the issuer, and device and account. `account`: the alias, or the id if there is none.
std::string otpauth_uri(std::string_view device, std::string_view account, std::string_view base32_seed);

/// Black on white, with the quiet zone that scanners need. Empty if the text is too long for a QR code, which a URI of
/// a device never is (QrCodeTest.TheLongestNamesStillFit).
std::string qr_code_png(std::string_view text);

}  // namespace deputy::iam
