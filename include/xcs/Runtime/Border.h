#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/RunReport.h"
#include "xcs/Support/Diagnostics.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// The border between a run and its host, which speaks JSON: values of parameters come in as text, results and
// failures go out as text. Reads no file and writes to no stream. Errors are reported to a DiagnosticEngine,
// under the plan name passed here.

/// The function to run: `wanted` (without its `@`); if that is empty, `@main`, else the only function that
/// can be entered. Reports if there is none.
std::optional<uint32_t> findEntry(const PlanView &plan, std::string_view wanted, std::string_view planName,
                                  DiagnosticEngine &diagnostics);

/// The values of a function's parameters, from texts. A later value replaces an earlier one. Every member
/// reports its errors. Thread safety: none.
class Arguments {
public:
  /// `plan` must be verified; all arguments must outlive this object.
  Arguments(const PlanView &plan, uint32_t function, const Limits &limits, std::string_view planName,
            DiagnosticEngine &diagnostics);

  /// The parameter of that name; reports an unknown name.
  std::optional<uint32_t> find(std::string_view name) const;
  std::string_view name(uint32_t parameter) const;

  /// Sets parameters from the members of one JSON object; `source` is its name in messages.
  bool setFromObject(std::string text, std::string_view source);
  /// Sets a parameter from a person's input: a `str` takes the text itself, every other type reads it as
  /// JSON.
  bool setFromText(uint32_t parameter, std::string_view text);
  /// Sets a parameter from the content of a file: the same, but `bytes` also take the content itself.
  bool setFromContent(uint32_t parameter, std::string_view content);

  /// All values. A parameter without one has its default, or none if its type is an option; else it is
  /// reported.
  Result<std::vector<Value>> take();

private:
  const PlanParameter &parameter(uint32_t index) const;
  TypeKind kindOf(uint32_t index) const;
  bool setStr(uint32_t index, std::string_view text);
  bool setFromJson(uint32_t index, const Value &json);
  bool report(uint32_t index, const OpError &error);
  bool report(uint32_t index, const std::string &why);

  const PlanView &plan;
  const PlanFunction &function;
  const Limits &limits;
  std::string_view planName;
  DiagnosticEngine &diagnostics;
  std::vector<Value> values; // an empty one is unset
};

/// The results of a successful run, as JSON and a line end: nothing for a function without results, the value
/// of one, an array of several. Secrets are redacted. Fails if a value has no JSON form.
Result<std::string> resultsAsJson(const PlanView &plan, uint32_t function, const RunReport &report,
                                  DiagnosticEngine &diagnostics);

/// Reports why a run failed, at the operation's place in the source, with notes of where it was called from;
/// the other failures of a run that kept going; then the unknown outcomes, and the writes that happened
/// despite the failure. Secrets are redacted.
void reportFailure(const PlanView &plan, const RunReport &report, std::string_view planName,
                   DiagnosticEngine &diagnostics);

} // namespace xcs
