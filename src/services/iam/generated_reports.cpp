// Credential reports: generated on demand, kept for four hours, and read as often as one likes until then.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
//
// AWS takes a while to generate one. Deputy has it when it answers STARTED, so ReportInProgress never comes.
#include <zlib.h>

#include <chrono>

#include "protocol/iam/generate_credential_report.h"
#include "protocol/iam/get_credential_report.h"
#include "services/iam/arns.h"
#include "services/iam/credential_report.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::CredentialReport;

constexpr auto kReportLives = std::chrono::hours(4);
constexpr std::size_t kMostPackedBytes = 900 * 1024;  // what one commit takes (store/store.h), with room to spare
constexpr std::size_t kMostBytes = 16 << 20;

/// Rows repeat each other: a tenth is left of them.
std::string pack(const std::string& text) {
  std::string packed(compressBound(text.size()), '\0');
  uLongf size = packed.size();
  const int done = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                             reinterpret_cast<const Bytef*>(text.data()), text.size(), Z_BEST_SPEED);
  packed.resize(done == Z_OK ? size : 0);
  return packed;
}

/// Nothing if the bytes are damaged.
std::optional<std::string> unpack(const CredentialReport& report) {
  if (report.size > kMostBytes) return std::nullopt;
  std::string text(report.size, '\0');
  uLongf size = text.size();
  const int done = uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                              reinterpret_cast<const Bytef*>(report.packed.data()), report.packed.size());
  if (done != Z_OK || size != report.size) return std::nullopt;
  return text;
}

bool is_expired(const At& at, const CredentialReport& report) { return at.now - report.generated >= kReportLives; }

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html
struct GenerateCredentialReport : shapes::GenerateCredentialReport {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:GenerateCredentialReport">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    const AccountState& account = account_of(at);
    Outcome<Output> out;
    if (account.credential_report && !is_expired(at, *account.credential_report)) {
      out.output.state = "COMPLETE";
      return out;
    }
    const std::string rows = credential_report(at);
    CredentialReport report;
    report.account = account.account.id;
    report.generated = at.now;
    report.size = static_cast<std::uint32_t>(rows.size());
    report.packed = pack(rows);
    if (report.packed.empty() || report.packed.size() > kMostPackedBytes || rows.size() > kMostBytes) {
      return errors::report_too_large();
    }
    if (account.credential_report) {
      report.revision = account.credential_report->revision;
      out.changes.update(report);
    } else {
      out.changes.create(report);
    }
    out.output.state = "STARTED";
    out.output.description = "No report exists. Starting a new report generation task";
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
struct GetCredentialReport : shapes::GetCredentialReport {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:GetCredentialReport">())}; }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    const auto& report = account_of(at).credential_report;
    if (!report) return errors::report_not_present();
    if (is_expired(at, *report)) return errors::report_expired();
    std::optional<std::string> rows = unpack(*report);
    if (!rows) return errors::service_failure();
    Outcome<Output> out;
    out.output.content = *std::move(rows);
    out.output.report_format = "text/csv";
    out.output.generated_time = report->generated;
    return out;
  }
};

}  // namespace

std::span<const Binding> generated_report_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {bind<GenerateCredentialReport>(), bind<GetCredentialReport>()};
  return kBindings;
}

}  // namespace deputy::iam
