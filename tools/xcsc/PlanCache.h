#pragma once
#include "xcs/Compiler/PlanDirectory.h"
#include "xcsc/Options.h"
#include <memory>
#include <optional>

namespace xcs::compiler {

/// `--compile-cache`: the plan of a program from an earlier call of `xcsc`, or the place to store it. Only a
/// plan whose compilation reported nothing is stored, and only calls are answered whose sole output is the
/// plan, so a hit shows what a miss would.
class PlanCache {
public:
  PlanCache(const Options &options, ImportedFiles &imports, DiagnosticEngine &diagnostics);

  /// What the parser is to read other files through.
  ImportedFiles &files() { return record; }
  /// The plan of the program, if it is there.
  std::optional<std::string> find(const SourceBuffer &program);
  /// Stores the plan of the program that `find` was asked for.
  void store(const SourceBuffer &program, std::string_view plan);

private:
  PlanDirectory::Program programOf(const SourceBuffer &program) const;

  DiagnosticEngine &diagnostics;
  ImportedFiles &imports;
  ImportRecord record;
  std::optional<PlanDirectory> directory; // none: not asked for, or of no use to this call
  std::string tool, settings;
  size_t countBefore = 0; // diagnostics, before the compilation
};

/// Which compiler this is: its version, and what the linker says of its build; else a digest of its file.
std::string toolIdentity();

} // namespace xcs::compiler
