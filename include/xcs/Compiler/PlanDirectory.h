#pragma once
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "xcs/Syntax/ImportedFiles.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// An imported file as a compilation has read it.
struct CachedImport {
  static constexpr uint32_t ownFile = UINT32_MAX; // it is the program itself
  std::string path;                               // as the parser asked for it
  std::string digest;                             // SHA-256 of its text
  uint32_t sameAs = 0; // the first import that is the same file, by its place among them; perhaps itself
  bool operator==(const CachedImport &) const = default;
};

/// Notes what a parser reads from other files.
class ImportRecord final : public ImportedFiles {
public:
  explicit ImportRecord(ImportedFiles &files) : files(files) {}
  Answer read(std::string_view path, uint64_t most) override;
  std::string ownIdentity() const override { return files.ownIdentity(); }
  /// Each file that could be read, in the order of the questions.
  const std::vector<CachedImport> &imports() const { return noted; }

private:
  ImportedFiles &files;
  std::vector<CachedImport> noted;
  std::vector<std::string> identities; // by import
};

/// Plans of programs on disk, for tools: a hit costs no parse. An entry is found by the digest of its key,
/// and holds the whole key and the digests of all imported files, which are compared; so it is never the plan
/// of another program. A file that is damaged is a miss, with a warning. Plans and the texts in them are
/// private: the directory must belong to this user alone (mode 0700), and entries have mode 0600.
///
/// Format of an entry, version 1, numbers least byte first: `XCSCACHE`, the version (4 bytes), SHA-256 of all
/// that follows (32 bytes); then the key, the number of imports (8 bytes), of each its path, its digest and
/// `sameAs` (4 bytes), and the plan. A text is its length (8 bytes) and its bytes.
///
/// Any number of processes may use a directory: an entry appears under its name only when it is complete, and
/// one process at a time makes room. Thread safety: one thread.
class PlanDirectory {
public:
  static constexpr uint32_t formatVersion = 1;

  /// What a plan depends on besides the imported files.
  struct Program {
    std::string_view tool;    // which compiler makes it: its version and build
    std::string_view options; // those that change the plan, as text
    std::string_view name;    // of the program in messages
    std::string_view text;
  };

  /// Opens the directory, and makes it if its parent is there. Reports why it cannot be used
  /// (`cache-unused`); then nothing is ever found or kept. `limits` bounds plans, and the directory
  /// (Limit::CompileCacheBytes).
  PlanDirectory(std::string path, const Limits &limits, DiagnosticEngine &diagnostics);

  /// The plan of a program whose imports still have the texts that it was made from; they are read through
  /// `files`.
  std::optional<std::string> find(const Program &program, ImportedFiles &files);
  /// Stores a plan. Reports when it cannot (`cache-unused`).
  void store(const Program &program, const std::vector<CachedImport> &imports, std::string_view plan);

private:
  struct Entry;
  void open();
  std::optional<std::string> readEntry(const std::string &name);
  std::optional<Entry> entryOf(const std::string &name, std::string_view bytes);
  bool stillFits(const Entry &entry, ImportedFiles &files) const;
  bool write(const std::string &name, std::string_view bytes);
  void makeRoom();
  void unused(std::string_view why);
  void damaged(const std::string &name, std::string_view why);

  const std::string path;
  const Limits limits;
  DiagnosticEngine &diagnostics;
  Descriptor directory; // none: it cannot be used
};

} // namespace xcs
