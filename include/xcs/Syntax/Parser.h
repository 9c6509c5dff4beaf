#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "xcs/Syntax/ImportedFiles.h"
#include <memory>
#include <span>
#include <string_view>

namespace xcs {

/// Parses a `.xir` text (UTF-8, a byte order mark allowed) into a module. Reports syntax errors with what was
/// expected and continues at the next operation, so that one run shows all of them. Also reports what can
/// only be known while reading: undefined and redefined values and symbols, and unknown operations, types and
/// kinds of resources, each with the nearest name. Returns null if any error was reported. The module is not
/// verified yet (see IR/Verifier.h).
///
/// Imports are read through `files` into the same module: each file once, the program's own functions first.
/// If `files` is null, nothing can be imported.
///
/// Time and memory are linear in the text; nesting is bounded by Limit::NestingDepth (at most 4096, however
/// high it is set), counted on the tokens before anything recurses. `diagnostics` keeps a reference to the
/// module's locations (DiagnosticEngine::setLocations) while the module lives. Thread safety: calls are
/// independent.
std::unique_ptr<Module> parseModule(std::shared_ptr<const SourceBuffer> source, DiagnosticEngine &diagnostics,
                                    const Limits &limits = {}, ImportedFiles *files = nullptr);

/// The words that cannot be names: the only ones that the grammar itself knows.
std::span<const std::string_view> keywords();

} // namespace xcs
