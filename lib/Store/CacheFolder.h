#pragma once
#include "xcs/Store/Database.h"
#include "xcs/Store/ResultCache.h"

namespace xcs {

/// The folder of a result cache: `key` (32 random bytes), `results.db`, `content/` (files by their digests),
/// `lock` (shared by all that use it), `flights` (a byte for each answer that is being asked for), `damaged`
/// (made when the database is found to be). All are this user's alone. Thread safety: `claim`, `release` and
/// the content, from any thread.
class CacheFolder {
public:
  /// Opens it; what is there and cannot be used is removed, which `warnings` then says. The error: why it
  /// cannot be used.
  Result<void, std::string> open(const std::string &path, std::vector<std::string> &warnings);

  /// Whether a status is that of this folder.
  bool is(const struct stat &status) const {
    return status.st_dev == own.st_dev && status.st_ino == own.st_ino;
  }
  const std::string &key() const { return keyBytes; }
  Database &database() { return *opened; }
  /// The next who opens it empties it.
  void markDamaged() const;

  /// A byte for the key in `flights`, locked by this process; false if another one holds it.
  bool lockFlight(std::string_view key) const;
  void unlockFlight(std::string_view key) const;

  bool keepContent(const std::string &content, int file, uint64_t size) const;
  Descriptor openContent(const std::string &content) const;
  void removeContent(const std::string &content) const;

private:
  std::string at(std::string_view name) const { return path + "/" + std::string(name); }
  std::string contentPath(const std::string &content) const;
  std::string wrongFile() const;
  Result<void, std::string> openKey();
  Result<void, DatabaseError> openDatabase();
  Result<void, DatabaseError> awaitDatabase();
  void removeAll() const;

  std::string path, keyBytes;
  struct stat own = {};
  Descriptor lock, flights;
  std::optional<Database> opened;
};

} // namespace xcs
