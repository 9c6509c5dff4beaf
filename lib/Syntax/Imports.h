#pragma once
#include "Syntax/ProgramParts.h"
#include "xcs/Support/Limits.h"
#include "xcs/Syntax/ImportedFiles.h"

namespace xcs {

/// Reads one text into the module; false if reading must stop because a limit was reached.
using SourceReader = bool (*)(ProgramParts &program, Module &module, const SourceBuffer &source,
                              uint32_t base, DiagnosticEngine &diagnostics, const Limits &limits);

/// Reads a program: its own file, then its imports, each file once, depth-first in the order of the lines.
/// Limit::ImportDepth bounds every chain of imports, whichever comes first. Uses an explicit stack; linear in
/// files and import lines.
class ImportReader {
public:
  /// `files` may be null: then imports are errors.
  ImportReader(Module &module, ImportedFiles *files, DiagnosticEngine &diagnostics, const Limits &limits,
               SourceReader readSource)
      : module(module), files(files), diagnostics(diagnostics), limits(limits), readSource(readSource),
        program(module) {}

  void run(const SourceBuffer &main);
  /// Combines what was read without an error into one module.
  void join() { program.join(diagnostics, limits); }

private:
  struct File {
    std::string path; // relative to the program's directory
    std::vector<ImportLine> imports;
    size_t next = 0;     // the next import line
    uint32_t height = 0; // the longest chain of imports below it, in files; known once it is closed
    bool open = true;    // on the path from the program's own file to the current one
  };
  bool openFile(std::string path, const SourceBuffer &source, uint32_t base);
  void closeFile();
  bool follow(const ImportLine &line);
  void readTexts(const std::vector<TextFile> &wanted);
  void enter(uint32_t file, const ImportLine &line);
  bool tooDeep(size_t depth, std::string_view last, const ImportLine &line);
  std::string chainFrom(size_t begin, std::string_view last) const;

  Module &module;
  ImportedFiles *files;
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  SourceReader readSource;
  ProgramParts program;
  uint64_t textBytes = 0; // of all files so far, those of constants included
  std::vector<File> all;
  std::vector<uint32_t> way; // the open files, outermost first
  std::unordered_map<std::string, uint32_t> byPath, byIdentity;
};

} // namespace xcs
