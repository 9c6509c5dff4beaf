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

// The border between a run and its host, which has JSON on its side: values of parameters come in as text,
// results and failures go out as text. It reads no file and writes to no stream; what is wrong is reported to
// a DiagnosticEngine, about the plan under the name it is given here.

/// The function to run: the one that is wanted (without its `@`); where none is named, `@main`, else the only
/// one that can be entered. Reports when there is none.
std::optional<uint32_t> findEntry(const PlanView &plan, std::string_view wanted, std::string_view planName,
                                  DiagnosticEngine &diagnostics);

/// The values of a function's parameters, from texts. What is set later replaces what was set before. Every
/// member reports what is wrong. Thread safety: none.
class Arguments {
public:
  /// `plan` is verified; all of them outlive this object.
  Arguments(const PlanView &plan, uint32_t function, const Limits &limits, std::string_view planName,
            DiagnosticEngine &diagnostics);

  /// The parameter of that name; reports a name that is none.
  std::optional<uint32_t> find(std::string_view name) const;
  std::string_view name(uint32_t parameter) const;

  /// Sets parameters from the members of one JSON object; `source` is its name in messages.
  bool setFromObject(std::string text, std::string_view source);
  /// Sets a parameter from what a person typed: a `str` takes it as it is, every other type reads it as JSON.
  bool setFromText(uint32_t parameter, std::string_view text);
  /// Sets a parameter from what a file holds: the same, and `bytes` take it as it is too.
  bool setFromContent(uint32_t parameter, std::string_view content);

  /// All values. A parameter without one is none where its type is an option; else it is reported.
  Result<std::vector<Value>> take();

private:
  const PlanParameter &parameter(uint32_t index) const;
  TypeKind kindOf(uint32_t index) const;
  bool setStr(uint32_t index, std::string_view text);
  bool setFromJson(uint32_t index, const Value &json);
  bool complain(uint32_t index, const OpError &error);
  bool complain(uint32_t index, const std::string &why);

  const PlanView &plan;
  const PlanFunction &function;
  const Limits &limits;
  std::string_view planName;
  DiagnosticEngine &diagnostics;
  std::vector<Value> values; // an empty one is not set
};

/// The results of a run that went well, as JSON and a line end: nothing for a function without results, the
/// value of one, an array of several. Secrets are redacted. Fails when a value has no JSON form.
Result<std::string> resultsAsJson(const PlanView &plan, uint32_t function, const RunReport &report,
                                  DiagnosticEngine &diagnostics);

/// Says why a run failed, at the place in the source where the operation stands, with notes of where it was
/// called from; then what is unknown, and what has happened all the same. Secrets are redacted.
void reportFailure(const PlanView &plan, const RunReport &report, std::string_view planName,
                   DiagnosticEngine &diagnostics);

} // namespace xcs
