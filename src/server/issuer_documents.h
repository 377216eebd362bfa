// The documents by which anybody checks an account's identity tokens (authn/federation/identity_token.h): its discovery document
// and its key set, unsigned, under kIssuerPath.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "directory/snapshot.h"
#include "http/message.h"

namespace deputy::server {

/// The URL by which others reach the server: "https://deputy.example.com". Known before the first request that could
/// need it, but for a port that the system chooses.
class PublicUrl {
 public:
  /// Once.
  void set(std::string url) {
    url_ = std::move(url);
    known_.store(true, std::memory_order_release);
  }
  /// Empty: not known yet.
  [[nodiscard]] std::string_view get() const {
    return known_.load(std::memory_order_acquire) ? std::string_view(url_) : std::string_view{};
  }

 private:
  std::string url_;
  std::atomic<bool> known_{false};
};

/// Whether the request is for such a document; no bucket can have such a name.
bool asks_for_issuer_document(const http::Request& request);
http::Response issuer_document(const http::Request& request, const directory::Snapshot& snapshot,
                               std::string_view public_url);

}  // namespace deputy::server
