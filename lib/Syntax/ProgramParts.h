#pragma once
#include "Syntax/ValueScope.h"
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include <string>
#include <unordered_map>

namespace xcs {

/// An `import` line: the path as it is written.
struct ImportLine {
  std::string path;
  Location at;
};

/// What the files of one program share while they are read one after the other into one module: what was
/// imported, and which symbols are taken. Symbols are one name space, but a private function is seen in its
/// own file alone, so that two files may each have a private `@helper`. Thread safety: one thread.
class ProgramParts {
public:
  explicit ProgramParts(Module &module) : module(module) {}

  /// The next file begins; the first one is the program's own.
  void beginFile();
  bool inMainFile() const { return files.size() == 1; }
  void addImport(std::string path, Location at) { imports.push_back({std::move(path), at}); }
  /// The imports of the file that was read last; they are handed over.
  std::vector<ImportLine> takeImports() { return std::move(imports); }

  /// The module's last function or resource has its symbol now. Where the symbol was defined before, if so:
  /// in this file, or in another one where others see it.
  std::optional<Location> addFunction();
  std::optional<Location> addResource();

  /// All files are read: makes one module of them. Functions of imported files become private: a program is
  /// entered through its own file. Where private functions of two files have one name, the later one gets a
  /// name that stands nowhere, `@helper.2`. Reports calls of what is private to another file.
  void join(DiagnosticEngine &diagnostics);

  size_t operationCount = 0; // of all files
  ValueScope values; // of the function being read: as large as the module has names, so one for all files

private:
  struct FileBegin {
    size_t function, resource; // its first ones in the module
  };
  using Names = std::unordered_map<StringId, StringId>;
  std::optional<Location> add(StringId symbol, Location at, bool isPrivate);
  Names namePrivateFunctions(size_t first, size_t last);
  StringId freshName(StringId symbol);
  void resolveSymbols(size_t file, DiagnosticEngine &diagnostics);
  size_t endOf(size_t file) const {
    return file + 1 < files.size() ? files[file + 1].function : module.functions.size();
  }

  Module &module;
  std::vector<FileBegin> files;
  std::vector<ImportLine> imports;
  std::unordered_map<StringId, Location> shared; // what every file sees
  std::unordered_map<StringId, Location> own;    // private functions of the file at hand
  std::unordered_map<StringId, size_t>
      hidden; // once all are read: a file with a private function of that name
  std::unordered_map<StringId, size_t> lastNumber; // that was tried for a fresh name
  std::vector<Names> privateNames; // by file: what its private functions are called from now on
};

} // namespace xcs
