// Arbitrary bytes as a body in chunks, in each of the three modes. Input: a byte that chooses the mode and how the rest is
// cut, a byte with the announced length, the body.
//
// What must hold: it takes the body whole or fails; no more comes out than was announced or than went in; the same comes
// out however the body is cut; and nothing that is signed passes, because no input can hold a signature.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "authn/signature/chunks.h"

namespace {

using namespace deputy;  // NOLINT(google-build-using-namespace)

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

struct Outcome {
  bool good = false;
  std::string data, trailer, code;
};

Outcome decode(const http::Request& request, const authn::BodyClaim& claim, std::string_view body, std::size_t piece) {
  Outcome outcome;
  auto decoder = authn::ChunkDecoder::of(request, claim);
  require(decoder.ok() && *decoder, "a head that is good");
  while (!body.empty()) {
    std::string_view bytes = body.substr(0, piece);
    body.remove_prefix(bytes.size());
    while (!bytes.empty()) {
      const std::size_t before = bytes.size();
      const auto data = (*decoder)->decode(bytes);
      if (!data) {
        outcome.code = data.error().code();
        return outcome;
      }
      require(bytes.size() < before, "no byte was taken");
      require(data->size() <= before - bytes.size(), "more came out than went in");
      outcome.data += *data;
    }
  }
  const auto finished = (*decoder)->finish();
  outcome.good = finished.ok();
  if (!finished) outcome.code = finished.error().code();
  outcome.trailer = (*decoder)->trailer_value();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size < 2) return 0;
  static const auto keys = std::make_shared<const authn::ChunkKeys>(authn::ChunkKeys{
      crypto::HmacKey("nobody knows"), std::string(64, 'a'), "20260724T101112Z", "scope", "AKIA", "PUT"});
  const authn::Payload modes[] = {authn::Payload::kStreamingUnsignedTrailer, authn::Payload::kStreamingSigned,
                                  authn::Payload::kStreamingSignedTrailer};
  const authn::Payload mode = modes[bytes[0] % 3];
  const std::string length = std::to_string(bytes[1]);
  http::Request request;
  request.headers.push_back({"x-amz-decoded-content-length", length});
  if (mode != authn::Payload::kStreamingSigned && bytes[0] % 2 == 0) {
    request.headers.push_back({"x-amz-trailer", "x-amz-checksum-crc32"});
  }
  const bool is_signed = mode != authn::Payload::kStreamingUnsignedTrailer;
  const authn::BodyClaim claim{.payload = mode, .sha256 = {}, .chunks = is_signed ? keys : nullptr};
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 2, size - 2);

  const Outcome whole = decode(request, claim, body, body.size() + 1);
  require(whole.data.size() <= bytes[1], "more came out than was announced");
  require(!whole.good || whole.data.size() == bytes[1], "less came out than was announced");
  require(!whole.good || !is_signed, "a signature that nobody made");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{bytes[0]} / 6 + 1}) {
    const Outcome cut = decode(request, claim, body, piece);
    require(cut.good == whole.good && cut.code == whole.code && cut.trailer == whole.trailer,
            "a cut makes a difference");
    require(!cut.good || cut.data == whole.data, "a cut changes the data");
  }
  return 0;
}
