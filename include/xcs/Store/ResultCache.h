#pragma once
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/Result.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/BLAKE3.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace xcs {

// The result cache: answers from outside by what was asked, shared by runs and processes
// (docs/usage/cache.md). A folder of one user's with a database, and with the content of files that programs
// have written.

/// Digests with the key of a cache: 32 bytes (BLAKE3). Without the key nothing can be guessed from one.
class CacheDigest final : public CanonicalBytes {
public:
  explicit CacheDigest(std::string_view key) { put(key); }
  /// Bytes of a content that comes in pieces.
  void piece(std::string_view bytes) { put(bytes); }
  std::string finish();
  /// The first eight bytes of it.
  uint64_t finishShort();

private:
  void put(std::string_view bytes) override { hash.update(llvm::StringRef(bytes.data(), bytes.size())); }
  llvm::BLAKE3 hash;
};

/// A part of what was asked, for people: its name, such as `operand 0`, and a digest of its content.
struct IdentityPart {
  std::string name;
  uint64_t digest = 0;
};

/// A file that a program has written, or has not although it might.
struct CachedFile {
  uint32_t place = 0;  // which of the paths in `writes`
  std::string name;    // beneath that, if it is a directory; else empty
  std::string content; // the digest of it; empty: there is no file
  uint32_t mode = 0;   // its permissions
  uint64_t size = 0;
};

struct CachedResult {
  std::string value;   // JSON
  uint64_t tokens = 0; // what it took
  std::vector<CachedFile> files;
  int64_t made = 0; // time of day, in nanoseconds since 1970
};

/// An entry to be stored, in the place of one with its key.
struct NewEntry {
  std::string key;
  std::string op; // the name of the operation
  std::vector<IdentityPart> parts;
  CachedResult result;
};

/// Thread safety: all members, from any thread. Processes may share a folder. An error never fails a caller:
/// the cache finds and keeps nothing from then on, and says so once, in `takeWarnings`.
class ResultCache {
public:
  struct Options {
    uint64_t bytes = uint64_t(1) << 30; // what its entries may take, about
  };

  /// Makes the folder if it is not there. The error says why it cannot be used. A damaged cache is emptied.
  static Result<std::shared_ptr<ResultCache>, std::string> open(const std::string &folder,
                                                                const Options &options);
  ~ResultCache();
  ResultCache(const ResultCache &) = delete;

  CacheDigest digest() const;
  /// Whether a status is that of the folder of this cache.
  bool isFolder(const struct stat &status) const;

  /// The entry of a key. `since`: entries that were made before do not count; `now` is the time of day.
  std::optional<CachedResult> find(const std::string &key, int64_t since, int64_t now);
  /// Keeps entries. Many at once cost less than one by one.
  void store(std::span<const NewEntry> entries);

  /// The first part in which the most similar entry of an operation differs; the name is empty if none does.
  /// None: there is no entry of that operation.
  std::optional<std::string> nearest(std::string_view op, std::span<const IdentityPart> parts);

  /// Says that this caller asks for the answer of a key. False if another one does, in this process or
  /// another. A claim ends with `release`, and with the process.
  bool claim(const std::string &key);
  void release(const std::string &key);

  /// The digest of a file's content, if it is known for a file with that status.
  std::optional<std::string> knownContent(const std::string &path, const struct stat &status);
  /// `content` was found in a file that had that status before and after it was read; `now`: the time of day
  /// then.
  void noteContent(const std::string &path, const struct stat &status, const std::string &content,
                   int64_t now);

  /// Keeps a copy of the content of a file. False if there is none.
  bool keepContent(const std::string &content, int file, uint64_t size);
  /// The copy, to be read; none if there is none.
  Descriptor openContent(const std::string &content);
  /// Removes a copy that is not what it should be.
  void dropContent(const std::string &content);

  /// Writes down which entries were used, and removes those that were used least if there are too many.
  void flush();

  /// What went wrong since the last call, for people: `was damaged (..), and is empty now`.
  std::vector<std::string> takeWarnings();

private:
  class Impl;
  explicit ResultCache(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl;
};

} // namespace xcs
