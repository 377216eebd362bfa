#include "http/tls.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>
#include <new>
#include <system_error>

namespace deputy::http {
namespace {

/// Forward secrecy and authenticated encryption only; the suites of TLS 1.3 are all so.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

constexpr std::size_t kKeptCapacity = 4096;  // of a connection that has nothing to send

std::string library_reason() {
  const unsigned long code = ERR_peek_error();  // the first: those behind it say that something before them failed
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown reason";
}

struct BioFreed {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioFreed>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

/// A key with a pass phrase is refused instead of asked about on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

int as_int(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max())); }

}  // namespace

TlsIdentity::TlsIdentity() : context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context_, kTls12Ciphers);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);  // tickets resume; nothing is kept for a client
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);          // an idle connection holds no record buffers
  SSL_CTX_set_default_passwd_cb(context_, no_pass_phrase);
}

TlsIdentity::~TlsIdentity() { SSL_CTX_free(context_); }

Result<std::shared_ptr<const TlsIdentity>, std::string> TlsIdentity::load(const std::string& certificate_file,
                                                                          const std::string& key_file) {
  ERR_clear_error();
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity());
  if (SSL_CTX_use_certificate_chain_file(identity->context_, certificate_file.c_str()) != 1) {
    return Failure(fmt::format("cannot use the TLS certificate {}: {}", certificate_file, library_reason()));
  }
  if (SSL_CTX_use_PrivateKey_file(identity->context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Failure(fmt::format("cannot use the TLS key {}: {}", key_file, library_reason()));
  }
  if (SSL_CTX_check_private_key(identity->context_) != 1) {
    return Failure(fmt::format("the TLS key {} is not the one of the certificate {}", key_file, certificate_file));
  }
  return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

std::string TlsIdentity::roots() const {
  const Bio out(BIO_new(BIO_s_mem()));
  const auto add = [&](X509* certificate) {
    if (X509_check_issued(certificate, certificate) == X509_V_OK) PEM_write_bio_X509(out.get(), certificate);
  };
  add(SSL_CTX_get0_certificate(context_));
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context_, &chain);
  for (int i = 0; i < sk_X509_num(chain); ++i) add(sk_X509_value(chain, i));
  return text_of(out.get());
}

std::string TlsIdentity::description() const {
  const X509* certificate = SSL_CTX_get0_certificate(context_);
  const Bio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  BIO_puts(out.get(), ", until ");
  ASN1_TIME_print_ex(out.get(), X509_get0_notAfter(certificate), ASN1_DTFLGS_ISO8601);
  ERR_clear_error();
  return text_of(out.get());
}

TlsSession::TlsSession(const TlsIdentity& identity) : ssl_(SSL_new(identity.context_)) {
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  if (ssl_ == nullptr || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    SSL_free(ssl_);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_, in, out);
  SSL_set_accept_state(ssl_);
}

TlsSession::~TlsSession() { SSL_free(ssl_); }

void TlsSession::received(std::string_view bytes) {
  if (!failed_) BIO_write(SSL_get_rbio(ssl_), bytes.data(), as_int(bytes.size()));
}

std::size_t TlsSession::read(std::span<char> space) {
  if (failed_ || ended_) return 0;
  ERR_clear_error();
  const int count = SSL_read(ssl_, space.data(), as_int(space.size()));
  const int why = count > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_, count);
  if (why == SSL_ERROR_ZERO_RETURN) {
    ended_ = true;
  } else if (why != SSL_ERROR_NONE && why != SSL_ERROR_WANT_READ) {
    failed_ = true;
  }
  ERR_clear_error();
  collect();
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void TlsSession::write(std::string_view plain) {
  if (failed_ || plain.empty()) return;
  ERR_clear_error();
  // Into memory, so all of it or an error.
  if (SSL_write(ssl_, plain.data(), as_int(plain.size())) != as_int(plain.size())) failed_ = true;
  ERR_clear_error();
  collect();
}

void TlsSession::close() {
  if (failed_ || closed_ || !established()) return;
  closed_ = true;
  SSL_shutdown(ssl_);
  ERR_clear_error();
  collect();
}

void TlsSession::sent(std::size_t count) {
  sent_ += count;
  if (sent_ < outgoing_.size()) return;
  outgoing_.clear();
  if (outgoing_.capacity() > kKeptCapacity) outgoing_.shrink_to_fit();
  sent_ = 0;
}

bool TlsSession::established() const { return SSL_is_init_finished(ssl_) == 1; }
std::string_view TlsSession::version() const { return SSL_get_version(ssl_); }
std::string_view TlsSession::cipher() const { return SSL_get_cipher_name(ssl_); }

/// Moves what the library wants to send to outgoing().
void TlsSession::collect() {
  BIO* out = SSL_get_wbio(ssl_);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  if (size <= 0) return;
  outgoing_.append(data, static_cast<std::size_t>(size));
  BIO_reset(out);
}

}  // namespace deputy::http
