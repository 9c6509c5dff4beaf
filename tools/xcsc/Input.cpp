#include "xcsc/Input.h"
#include "Common/Input.h"
#include "xcs/Support/Source.h"
#include <algorithm>

using namespace xcs;

// The first bytes of a plan; Plan/PlanFile.h. A program can only begin with a keyword or the name of a kind
// of resource.
static constexpr std::string_view planMagic{"XCSPLAN\0", 8};

std::string compiler::inputName(const std::string &path) { return path == "-" ? "<stdin>" : path; }

bool compiler::isPlan(std::string_view text) { return text.starts_with(planMagic); }

Result<std::string> compiler::readInput(const std::string &path, const Limits &limits,
                                        DiagnosticEngine &diagnostics) {
  std::string name = inputName(path);
  uint64_t most = std::min<uint64_t>(limits[Limit::SourceBytes], Location::explicitBit - 1) + 1;
  auto text = tools::readInput(path, most);
  if (!text) {
    diagnostics.reportFile(Diag::InputUnreadable, name, {name, text.error().message()});
    return Failure{};
  }
  if (isPlan(*text)) {
    diagnostics.reportFile(Diag::PlanGivenToCompiler, name, {name});
    return Failure{};
  }
  return std::move(*text);
}

std::vector<std::string> compiler::splitInput(std::string_view text) {
  static constexpr std::string_view separator = "// -----";
  std::vector<std::string> parts(1);
  size_t lines = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    end = end == text.npos ? text.size() : end + 1;
    std::string_view line = text.substr(at, end - at);
    ++lines;
    if (line.starts_with(separator))
      parts.emplace_back(lines, '\n');
    else
      parts.back() += line;
    at = end;
  }
  return parts;
}
