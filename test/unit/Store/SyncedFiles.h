#pragma once
#include <map>
#include <mutex>
#include <sqlite3.h>
#include <string>

namespace xcs {

/// A file layer of SQLite (https://www.sqlite.org/vfs.html) over the default one that remembers what each
/// file had when it was last synced: what is left of it after a loss of power, at worst. One at a time.
class SyncedFiles {
public:
  SyncedFiles();
  ~SyncedFiles();
  const char *name() const { return "synced"; }
  /// The contents by path; a file that was never synced is not there.
  std::map<std::string, std::string> afterPowerLoss() const;

private:
  struct File;
  static int open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out);
  static int sync(sqlite3_file *file, int flags);

  sqlite3_vfs vfs;
  mutable std::mutex mutex;
  std::map<std::string, std::string> synced;
};

} // namespace xcs
