#pragma once
#include "Syntax/ProgramParts.h"
#include "xcs/Support/Limits.h"
#include "xcs/Syntax/ImportedFiles.h"

namespace xcs {

/// Reads one text into the module; false when nothing more is to be read, a limit being reached.
using SourceReader = bool (*)(ProgramParts &program, Module &module, const SourceBuffer &source,
                              uint32_t base, DiagnosticEngine &diagnostics, const Limits &limits);

/// Reads a program: its own file, then what it imports, each file once, depth first in the order of the
/// lines. Depth is bounded by Limit::ImportDepth along every chain of imports, whichever chain comes first.
/// A stack of its own; linear in files and import lines.
class ImportReader {
public:
  /// `files` may be null: then nothing can be imported.
  ImportReader(Module &module, ImportedFiles *files, DiagnosticEngine &diagnostics, const Limits &limits,
               SourceReader readSource)
      : module(module), files(files), diagnostics(diagnostics), limits(limits), readSource(readSource),
        program(module) {}

  void run(const SourceBuffer &main);
  /// Makes one module of what was read without an error.
  void join() { program.join(diagnostics); }

private:
  struct File {
    std::string path; // relative to the program's directory
    std::vector<ImportLine> imports;
    size_t next = 0;     // the import line to look at
    uint32_t height = 0; // the longest chain of imports below it, in files; known once it is closed
    bool open = true;    // on the way from the program's own file to the one at hand
  };
  bool openFile(std::string path, const SourceBuffer &source, uint32_t base);
  void closeFile();
  bool follow(const ImportLine &line);
  void enter(uint32_t file, const ImportLine &line);
  bool tooDeep(size_t depth, std::string_view last, const ImportLine &line);
  std::string chainFrom(size_t begin, std::string_view last) const;

  Module &module;
  ImportedFiles *files;
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  SourceReader readSource;
  ProgramParts program;
  std::vector<File> all;
  std::vector<uint32_t> way; // the open files, outermost first
  std::unordered_map<std::string, uint32_t> byPath, byIdentity;
};

} // namespace xcs
