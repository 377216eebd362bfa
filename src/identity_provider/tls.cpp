#include "identity_provider/tls.h"

#include <algorithm>
#include <chrono>

#include "crypto/certificate.h"
#include "crypto/pem.h"
#include "crypto/secret.h"

namespace deputy::identity_provider {
namespace {

using crypto::CertificateFacts;
using crypto::CertificateUse;
using crypto::KeyPair;

constexpr const char* kHostsFile = "tls.hosts";
constexpr std::size_t kLongestFile = 64 * 1024;
constexpr std::chrono::hours kLife{397 * 24}, kRenewBefore{30 * 24}, kClocksApart{24};

/// "2027-08-30T12:00:00Z\nlocalhost\n…"
std::string noted(Time until, const std::vector<std::string>& hosts) {
  std::string text = iso8601(until) + "\n";
  for (const std::string& host : hosts) text += host + "\n";
  return text;
}

bool suits(const std::string& text, const std::vector<std::string>& hosts, Time now) {
  const auto until = parse_iso8601(text.substr(0, text.find('\n')));
  return until && now + kRenewBefore < *until && now > *until - kLife - kClocksApart && text == noted(*until, hosts);
}

}  // namespace

host::Outcome<bool> certify_listener(const std::string& path, std::vector<std::string> hosts, Time now) {
  std::sort(hosts.begin(), hosts.end());
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  TRY(const host::Folder folder, host::Folder::open(path));
  TRY(const auto before, folder.read(kHostsFile, kLongestFile));
  TRY(const auto authority_before, folder.read(kAuthorityFile, kLongestFile));
  TRY(const auto listener_before, folder.read(kListenerFile, kLongestFile, true));
  if (before && authority_before && listener_before && suits(*before, hosts, now)) return false;

  TRY_VOID(folder.remove(kHostsFile));  // until all are there, none counts
  const Time until = from_epoch_seconds(epoch_seconds(now + kLife));
  const KeyPair authority = KeyPair::make(KeyPair::Kind::kP256), listener = KeyPair::make(KeyPair::Kind::kP256);
  CertificateFacts facts{.use = CertificateUse::kAuthority,
                         .name = "Deputy identity provider, authority of one certificate",
                         .hosts = {},
                         .from = now - kClocksApart,
                         .until = until};
  const std::string authority_der = crypto::certify(facts, authority, authority, "");
  facts.use = CertificateUse::kServer;
  facts.name = "Deputy identity provider";
  facts.hosts = hosts;
  const std::string listener_der = crypto::certify(facts, listener, authority, authority_der);
  const std::string authority_pem = crypto::to_pem(authority_der, "CERTIFICATE");
  std::string all = crypto::to_pem(listener.der().reveal(), "PRIVATE KEY");
  all += crypto::to_pem(listener_der, "CERTIFICATE") + authority_pem;
  auto written = folder.replace(kListenerFile, all);
  crypto::wipe(all);
  if (!written) return Failure(std::move(written).error());
  TRY_VOID(folder.replace(kAuthorityFile, authority_pem));
  TRY_VOID(folder.replace(kHostsFile, noted(until, hosts)));
  return true;
}

}  // namespace deputy::identity_provider
