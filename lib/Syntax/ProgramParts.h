#pragma once
#include "Syntax/ValueScope.h"
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include <string>
#include <unordered_map>

namespace xcs {

/// An `import` line, with the path as written.
struct ImportLine {
  std::string path;
  Location at;
};

/// The state shared by the files of one program while they are read one after another into one module:
/// imports and symbols. Symbols share one name space, but a private function is only visible in its own file,
/// so two files may each have a private `@helper`. Thread safety: one thread.
class ProgramParts {
public:
  explicit ProgramParts(Module &module) : module(module) {}

  /// Begins the next file; the first one is the program's own.
  void beginFile();
  bool inMainFile() const { return files.size() == 1; }
  void addImport(std::string path, Location at) { imports.push_back({std::move(path), at}); }
  /// Moves out the imports of the last file.
  std::vector<ImportLine> takeImports() { return std::move(imports); }

  /// Records the symbol of the module's last function or resource. Returns where the symbol was defined
  /// before, if it was: in this file, or visibly in another one.
  std::optional<Location> addFunction();
  std::optional<Location> addResource();

  /// All files are read: combines them into one module. Functions of imported files become private, since a
  /// program is entered through its own file. If private functions of two files have the same name, the later
  /// one gets a name that occurs nowhere, `@helper.2`. Reports calls of functions that are private to another
  /// file.
  void join(DiagnosticEngine &diagnostics);

  size_t operationCount = 0; // of all files
  ValueScope values; // of the current function: as large as the module has names, so shared by all files

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
  std::unordered_map<StringId, Location> shared; // visible to every file
  std::unordered_map<StringId, Location> own;    // private functions of the current file
  std::unordered_map<StringId, size_t>
      hidden; // once all are read: a file with a private function of that name
  std::unordered_map<StringId, size_t> lastNumber; // last number tried for a fresh name
  std::vector<Names> privateNames;                 // by file: the new names of its private functions
};

} // namespace xcs
