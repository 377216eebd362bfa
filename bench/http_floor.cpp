// The floor under AssumeRole: what no server can leave out that verifies a signature, hands out a sealed token and
// writes both sides' audit events, done with the same libraries, and nothing else. No parsing, no directory, no policy,
// no check of anything: the texts are constant, their sizes those of the real answer and the real events.
//
//   http_floor FOLDER [PORT [THREADS]]      prints the port it listens on, writes events.jsonl in FOLDER; ends on
//   SIGTERM
#include <array>
#include <string>

#include "audit/log.h"
#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "serve.h"

namespace {

using namespace deputy;

constexpr std::size_t kCanonicalBytes = 480;  // canonical request and string to sign
constexpr std::size_t kSessionBytes = 130;    // inside the token
constexpr std::size_t kXmlBytes = 900;        // of the answer around the token
constexpr std::size_t kEventBytes = 1400;     // of each of the two

class Floor {
 public:
  explicit Floor(audit::Log& log) : log_(log) {}

  http::Response answer(const http::Request& request) const {
    const crypto::Digest body = crypto::sha256(request.body);
    const crypto::Digest canonical = crypto::sha256({body.view(), canonical_});
    const crypto::Digest signature = signing_key_.sign(canonical.view());

    std::string nonce = entropy_.bytes(crypto::AeadKey::kNonceBytes + 10);
    const std::string key_id = base32(std::string_view(nonce).substr(crypto::AeadKey::kNonceBytes));
    std::string sealed;
    sealed.reserve(kSessionBytes + crypto::AeadKey::kTagBytes);
    token_key_.seal_to(sealed, std::string_view(nonce).substr(0, crypto::AeadKey::kNonceBytes), key_id, session_);
    const std::string secret = base64(secret_key_.sign(key_id).view());
    const std::string request_id = crypto::make_uuid(entropy_);

    http::Response out{.status = 200,
                       .headers = {{"x-amzn-RequestId", request_id}, {"Content-Type", "text/xml"}},
                       .body = {},
                       .close = false};
    out.body.reserve(kXmlBytes + 512);
    out.body.append(xml_).append(base64(sealed)).append(secret).append(signature.view().substr(0, 1));
    thread_local std::string events;
    events.assign(event_).append(request_id).append("\n").append(event_);
    log_.append(audit::Share::kKnown, events);
    return out;
  }

 private:
  audit::Log& log_;
  crypto::Entropy& entropy_ = crypto::system_entropy();
  const crypto::HmacKey signing_key_{std::string(32, 's')}, secret_key_{std::string(32, 'k')};
  const crypto::AeadKey token_key_{std::string(32, 't')};
  const std::string canonical_ = std::string(kCanonicalBytes, 'c'), session_ = std::string(kSessionBytes, 'p'),
                    xml_ = std::string(kXmlBytes, 'x'), event_ = std::string(kEventBytes, 'e');
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "http_floor FOLDER [PORT [THREADS]]\n");
    return 2;
  }
  const sigset_t signals = bench::block_ending_signals();
  auto log = audit::Log::open({.file = audit::Log::default_file(argv[1])});
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().c_str());
    return 1;
  }
  const Floor floor(**log);
  return bench::serve(signals, argc - 2, argv + 2,
                      [&](const http::Request& request, http::Responder respond) { respond(floor.answer(request)); });
}
