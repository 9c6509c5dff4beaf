#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/Counted.h"
#include "xcs/World/Redaction.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <array>

using namespace xcs;

Result<std::string> xcs::resultsAsJson(const PlanView &plan, uint32_t function, const RunReport &report,
                                       DiagnosticEngine &diagnostics) {
  const PlanFunction &f = plan.functions[function];
  std::string text;
  llvm::raw_string_ostream out(text);
  if (f.resultCount > 1)
    out << '[';
  for (uint32_t r = 0; r < f.resultCount; ++r) {
    if (r)
      out << ',';
    OpError error;
    if (!printJson(report.results[r], plan.constants, plan.parameters[f.firstResult + r].type, out, error)) {
      diagnostics.reportFinished(error.id, {plan.constants.text(f.symbol)}, error.message);
      return Failure{};
    }
  }
  if (f.resultCount > 1)
    out << ']';
  if (f.resultCount)
    out << '\n';
  return redactJson(std::move(text), report.secrets);
}

/// `model.chat` of value `%a`, in iteration 3.1, at attempt 2: the start of the message.
static std::string describeOp(const PlanView &plan, const RunFailure &failure) {
  const PlanOp &op = plan.ops[failure.op];
  std::string text = "`" + std::string(rowOf(op.code).name) + "`";
  if (op.name)
    text += " of `%" + std::string(plan.constants.text(op.name)) + "`";
  if (!failure.indices.empty()) {
    text += " in iteration ";
    for (size_t i = 0; i < failure.indices.size(); ++i)
      text += (i ? "." : "") + std::to_string(failure.indices[i]);
  }
  if (failure.attempt > 1)
    text += ", attempt " + std::to_string(failure.attempt);
  return text;
}

static LineColumn placeOf(const PlanView &plan, const RunFailure &failure, std::string_view planName) {
  const PlanOp &op = plan.ops[failure.op];
  if (op.location == UINT32_MAX)
    return {planName};
  const PlanLocation &location = plan.locations[op.location];
  return {plan.constants.text(location.file), location.line, location.column};
}

/// The places a failure was called from, innermost first. For inlined calls they come from the plan's
/// locations, for others from the failure itself.
static std::vector<uint32_t> callersOf(const PlanView &plan, const RunFailure &failure) {
  std::vector<uint32_t> places;
  auto addInlined = [&](uint32_t location) {
    while (location != UINT32_MAX && (location = plan.callerOf(location)) != UINT32_MAX)
      places.push_back(location);
  };
  addInlined(plan.ops[failure.op].location);
  for (uint32_t call : failure.calls) {
    if (plan.ops[call].location != UINT32_MAX)
      places.push_back(plan.ops[call].location);
    addInlined(plan.ops[call].location);
  }
  return places;
}

/// A note for each caller; for deep recursion only the first few and the last.
static void reportCallers(const PlanView &plan, const RunFailure &failure, DiagnosticEngine &diagnostics) {
  static constexpr size_t firstShown = 8;
  std::vector<uint32_t> places = callersOf(plan, failure);
  for (size_t i = 0; i < places.size(); ++i) {
    const PlanLocation &at = plan.locations[places[i]];
    LineColumn place{plan.constants.text(at.file), at.line, at.column};
    if (i < firstShown || i + 1 == places.size()) {
      diagnostics.reportAt(Diag::CalledFrom, place, {"here"});
      continue;
    }
    size_t left = places.size() - 1 - i;
    diagnostics.reportAt(Diag::CalledFrom, place, {counted(left, "nested call") + ", up to here"});
    i = places.size() - 2;
  }
}

static void reportOne(const PlanView &plan, const RunFailure &failure, const RunReport &report,
                      std::string_view planName, DiagnosticEngine &diagnostics) {
  std::string message = redactSecrets(failure.message, report.secrets);
  if (failure.op == UINT32_MAX)
    diagnostics.reportFinished(failure.id, {planName}, message);
  else {
    diagnostics.reportFinished(failure.id, placeOf(plan, failure, planName),
                               describeOp(plan, failure) + ": " + message);
    reportCallers(plan, failure, diagnostics);
  }
}

/// Those after the first failure of a run that kept going, as many as are shown.
static void reportOthers(const PlanView &plan, const RunReport &report, std::string_view planName,
                         DiagnosticEngine &diagnostics) {
  const size_t shown = std::min(report.others.size(), DiagnosticEngine::cap - 1);
  for (size_t i = 0; i < shown; ++i)
    reportOne(plan, report.others[i], report, planName, diagnostics);
  if (report.otherFailures > shown)
    diagnostics.reportFile(Diag::MoreErrors, {}, {counted(report.otherFailures - shown, "more error")});
}

void xcs::reportFailure(const PlanView &plan, const RunReport &report, std::string_view planName,
                        DiagnosticEngine &diagnostics) {
  reportOne(plan, report.failure, report, planName, diagnostics);
  reportOthers(plan, report, planName, diagnostics);
  auto isReported = [&](const RunFailure &unknown) {
    auto isSame = [&](const RunFailure &other) { return other.place == unknown.place; };
    return isSame(report.failure) || std::any_of(report.others.begin(), report.others.end(), isSame);
  };
  for (const RunFailure &unknown : report.unknown)
    if (!isReported(unknown))
      reportOne(plan, unknown, report, planName, diagnostics);
  static constexpr size_t mostShown = 20;
  for (size_t i = 0; i < std::min(report.happened.size(), mostShown); ++i) {
    const RunFailure &write = report.happened[i];
    std::string what = describeOp(plan, write);
    diagnostics.reportFinished(
        Diag::WriteHappened, placeOf(plan, write, planName),
        formatMessage(rowOf(Diag::WriteHappened).text, std::array<std::string_view, 1>{what}));
  }
  if (report.happened.size() > mostShown) {
    std::string rest = counted(report.happened.size() - mostShown, "more write");
    diagnostics.reportFinished(
        Diag::WriteHappened, {planName},
        formatMessage(rowOf(Diag::WriteHappened).text, std::array<std::string_view, 1>{rest}));
  }
}
