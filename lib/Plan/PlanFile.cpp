#include "xcs/Plan/PlanFile.h"

#include "Plan/Checksum.h"
#include "Plan/PlanBytes.h"
#include "Plan/PlanFormat.h"
#include "Plan/PlanVerifier.h"

#include <cstring>

using namespace xcs;
using namespace xcs::planformat;

namespace {
/// A verified plan and the bytes that contain its tables.
class VerifiedPlan : public PlanFile {
public:
  explicit VerifiedPlan(PlanBytes source) : bytes(std::move(source)) {}

  Status check(std::string_view name, DiagnosticEngine &diagnostics, const Limits &limits);

private:
  Status checkHeader(std::string_view name, DiagnosticEngine &diagnostics, const Limits &limits);
  struct Refusal {
    Diag id{};
    std::string what;                // empty: valid
    std::optional<Limit> limit = {}; // the one that was exceeded
  };
  void checkTables(std::string_view body, Checksum &checksum, const Limits &limits, Refusal &found);

  PlanBytes bytes;
  Header header{};
  const char *textChunk = nullptr; // plan.constants.chunks points here
};
} // namespace

static Status refuse(DiagnosticEngine &diagnostics, Diag id, std::string_view name,
                     std::initializer_list<std::string_view> arguments) {
  diagnostics.reportFile(id, name, arguments);
  return Failure{};
}

/// A text has no zero byte, and its first bytes are not control characters except white space.
static bool looksLikeText(std::string_view bytes) {
  for (char c : bytes.substr(0, 256))
    if (static_cast<unsigned char>(c) < 0x20 && !std::strchr("\t\n\v\f\r", c))
      return false;
  return bytes.substr(0, 4096).find('\0') == std::string_view::npos;
}

Status VerifiedPlan::checkHeader(std::string_view name, DiagnosticEngine &diagnostics, const Limits &limits) {
  std::string_view file = bytes.view();
  const std::string size = std::to_string(file.size());
  if (file.size() > limits[Limit::PlanBytes]) {
    diagnostics.reportFile(limitError(Limit::PlanBytes, limits[Limit::PlanBytes]), name);
    return Failure{};
  }
  const std::string_view begin = file.substr(0, sizeof(magic)); // an empty file has no bytes to point to
  if (!std::string_view(magic, sizeof(magic)).starts_with(begin)) {
    if (looksLikeText(file))
      return refuse(diagnostics, Diag::TextGivenToRunner, name, {name});
    return refuse(diagnostics, Diag::NotAPlan, name, {name});
  }
  if (file.size() < sizeof(Header))
    return refuse(diagnostics, Diag::PlanTruncated, name,
                  {name, size, "at least " + std::to_string(sizeof(Header))});
  std::memcpy(&header, file.data(), sizeof(header));
  if (header.version > version)
    return refuse(diagnostics, Diag::PlanNewer, name,
                  {name, std::to_string(header.version), std::to_string(version)});
  if (header.version != version || header.flags != 0)
    return refuse(diagnostics, Diag::PlanAltered, name, {name, "its header is invalid"});
  if (file.size() < header.fileSize)
    return refuse(diagnostics, Diag::PlanTruncated, name, {name, size, std::to_string(header.fileSize)});
  if (file.size() > header.fileSize)
    return refuse(diagnostics, Diag::PlanAltered, name, {name, "it is longer than its header says"});
  return success();
}

/// Checks the tables, which may contain anything while the checksum is unknown; `found` receives the
/// violation.
void VerifiedPlan::checkTables(std::string_view body, Checksum &checksum, const Limits &limits,
                               Refusal &found) {
  Decoded beside;
  if (!decode(body, plan, beside)) {
    found = {Diag::BadPlan, "its tables are not a FlatBuffer of `Plan.fbs`"};
    return;
  }
  textChunk = beside.text;
  plan.constants.chunks = &textChunk;
  plan.digest = header.checksum;
  const ResolvedRows rows(beside.rows, beside.rowNames);
  if (!rows.broken().empty())
    found = {Diag::BadPlan, rows.broken()};
  else if (!rows.missing().empty())
    found = {Diag::PlanUnknownRow, rows.missing()};
  else if (!rows.changed().empty())
    found = {Diag::PlanChangedRow, rows.changed()};
  if (!found.what.empty())
    return;
  if (rows.isRenumbered()) {
    (void)checksum.value(); // it reads bytes that are modified next
    rows.renumber(writable(plan.ops), writable(plan.resources));
  }
  plan.mayAsk = rows.uses(OpCode::ask_human);
  plan.mayCallHost = rows.uses(OpCode::host_call);
  plan.mayUseNet = rows.uses(Capability::Net);
  auto broken = verifyTables(plan, {textChunk, beside.textSize}, rows, limits);
  found = {Diag::BadPlan, std::move(broken.text), broken.limit};
}

Status VerifiedPlan::check(std::string_view name, DiagnosticEngine &diagnostics, const Limits &limits) {
  if (!checkHeader(name, diagnostics, limits))
    return Failure{};
  const std::string_view body = bytes.view().substr(sizeof(Header));
  Checksum checksum(body);
  Refusal found;
  checkTables(body, checksum, limits, found);
  // An altered plan is reported as such, whatever rule it breaks.
  if (checksum.value() != header.checksum)
    return refuse(diagnostics, Diag::PlanAltered, name, {name, "its checksum does not match"});
  if (found.limit) {
    const LimitError limit = limitError(*found.limit, limits[*found.limit]);
    diagnostics.reportFinished(Diag::LimitExceeded, {name}, found.what + ": " + limit.message());
    return Failure{};
  }
  if (!found.what.empty())
    return refuse(diagnostics, found.id, name, {name, found.what});
  return success();
}

static Result<std::unique_ptr<PlanFile>> verified(PlanBytes bytes, std::string_view name,
                                                  DiagnosticEngine &diagnostics, const Limits &limits) {
  auto file = std::make_unique<VerifiedPlan>(std::move(bytes));
  if (!file->check(name, diagnostics, limits))
    return Failure{};
  return std::unique_ptr<PlanFile>(std::move(file));
}

Result<std::unique_ptr<PlanFile>> PlanFile::open(const std::string &path, DiagnosticEngine &diagnostics,
                                                 const Limits &limits) {
  std::string reason;
  PlanBytes bytes = PlanBytes::read(path, limits[Limit::PlanBytes], reason);
  if (!reason.empty()) {
    diagnostics.reportFile(Diag::InputUnreadable, path, {path, reason});
    return Failure{};
  }
  return verified(std::move(bytes), path, diagnostics, limits);
}

Result<std::unique_ptr<PlanFile>> PlanFile::fromBytes(std::string_view bytes, std::string_view name,
                                                      DiagnosticEngine &diagnostics, const Limits &limits) {
  return verified(PlanBytes::copy(bytes), name, diagnostics, limits);
}
