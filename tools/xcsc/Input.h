#pragma once
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>
#include <vector>

namespace xcs::compiler {

/// The name of an input in messages: the path, or `<stdin>` for `-`.
std::string inputName(const std::string &path);

/// The whole text of a file, or of standard input for `-`. Reads at most one byte more than
/// Limit::SourceBytes; the parser reports such a text. Reports a file that cannot be read, and a plan, which
/// is for `xcs-run`.
Result<std::string> readInput(const std::string &path, const Limits &limits, DiagnosticEngine &diagnostics);

/// Whether a text is a plan.
bool isPlan(std::string_view text);

/// The parts of a text between lines that begin with `// -----`. Each begins with as many empty lines as
/// there are lines before it, so that its line numbers are those of the whole text.
std::vector<std::string> splitInput(std::string_view text);

} // namespace xcs::compiler
