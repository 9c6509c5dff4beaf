#pragma once
#include "Syntax/PendingOperands.h"
#include "Syntax/ValueScope.h"
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace xcs {

/// An `import` line, with the path as written.
struct ImportLine {
  std::string path;
  Location at;
};

/// The constant made last is the text of this file; the path as written.
struct TextFile {
  size_t constant; // in the module
  std::string path;
  Location at;
};

/// A declared name where a type is wanted, at its first use in a file. Until all is read, its type is a
/// record that no program can write.
struct TypeUse {
  TypeId placeholder;
  StringId name;
  size_t file;
  Location at;
};

/// A declared name as the type of a dictionary's keys.
struct KeyUse {
  TypeId placeholder;
  Location at;
};

/// The state shared by the files of one program while they are read one after another into one module:
/// imports, symbols, and what is open until all is read. Symbols share one name space, but what is private is
/// only visible in its own file, so two files may each have a private `@helper`. Thread safety: one thread.
class ProgramParts {
public:
  explicit ProgramParts(Module &module) : module(module) {}

  /// Begins the next file; the first one is the program's own.
  void beginFile();
  bool inMainFile() const { return files.size() == 1; }
  void addImport(std::string path, Location at) { imports.push_back({std::move(path), at}); }
  /// Moves out the imports of the last file.
  std::vector<ImportLine> takeImports() { return std::move(imports); }
  /// Moves out the files that constants of the last file are read from.
  std::vector<TextFile> takeTextFiles() { return std::move(textFiles); }

  /// Records the symbol of the module's last function, resource, type or constant. Returns where the symbol
  /// was defined before, if it was: in this file, or visibly in another one.
  std::optional<Location> addFunction();
  std::optional<Location> addResource();
  std::optional<Location> addConstant();
  /// A type may be declared again: `join` compares the meanings.
  std::optional<Location> addTypeName();
  /// The placeholder of a declared type until all is read.
  TypeId typeNamed(StringId name, Location at);
  bool isPlaceholder(TypeId type) const { return placeholders.contains(type); }
  /// Whether keys may have the type of that name is checked when all is read.
  void addKeyUse(TypeId placeholder, Location at) { keys.push_back({placeholder, at}); }
  /// The module's last constant is the text of a file.
  void addTextFile(std::string path, Location at) {
    textFiles.push_back({module.constants.size() - 1, std::move(path), at});
  }

  /// All files are read: combines them into one module. Functions of imported files become private, since a
  /// program is entered through its own file. If private names of two files are the same, the later
  /// one gets a name that occurs nowhere, `@helper.2`. Replaces names of types and constants by what they
  /// mean, and gives literal operands their types, calls their default operands and regions the functions
  /// that are their bodies. Reports what of that is not possible.
  void join(DiagnosticEngine &diagnostics, const Limits &limits);

  size_t fileCount() const { return files.size(); }
  /// The functions, resources and constants of a file: from these in the module to those of the next file.
  struct FileBegin {
    size_t function, resource, typeName, constant;
  };
  FileBegin beginOf(size_t file) const;
  /// What a symbol written in a file is called in the module; none, after a report, if it is private to
  /// another file.
  StringId nameIn(size_t file, StringId symbol, Location at, DiagnosticEngine &diagnostics) const;
  /// The same without a report.
  StringId findName(size_t file, StringId symbol) const;
  const std::vector<TypeUse> &usedTypes() const { return typeUses; }
  const std::vector<KeyUse> &keyUses() const { return keys; }

  PendingOperands operands;
  size_t operationCount = 0; // of all files
  ValueScope values; // of the current function: as large as the module has names, so shared by all files

private:
  using Names = std::unordered_map<StringId, StringId>;
  std::optional<Location> add(StringId symbol, Location at, bool isPrivate);
  template <class List> void namePrivate(List &list, size_t first, size_t last, Names &names);
  template <class List> void hidePrivate(List &list);
  void combine(DiagnosticEngine &diagnostics);
  void dropRepeatedTypes(DiagnosticEngine &diagnostics);
  StringId freshName(StringId symbol);
  void resolveSymbols(size_t file, DiagnosticEngine &diagnostics);

  Module &module;
  std::vector<FileBegin> files;
  std::vector<ImportLine> imports;
  std::vector<TextFile> textFiles;
  std::vector<TypeUse> typeUses;
  std::vector<KeyUse> keys;
  std::unordered_set<TypeId> placeholders;
  std::unordered_map<uint32_t, size_t> typesAt; // by offset: the type that was first declared there
  struct Repeated {
    size_t again, first; // in the module
  };
  std::vector<Repeated> repeated;                  // types that are declared again
  std::unordered_map<StringId, Location> shared;   // visible to every file
  std::unordered_map<StringId, Location> own;      // private names of the current file
  std::unordered_map<StringId, Location> hidden;   // once all are read: a private name, where it was declared
  std::unordered_map<StringId, size_t> lastNumber; // last number tried for a fresh name
  std::vector<Names> privateNames;                 // by file: the new names of what is private in it
};

} // namespace xcs
