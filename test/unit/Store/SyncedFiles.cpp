#include "SyncedFiles.h"
#include <cstring>
#include <new>

using namespace xcs;

struct SyncedFiles::File {
  sqlite3_file base;
  SyncedFiles *owner;
  std::string *path; // null: a file without a name
  sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
  static File *of(sqlite3_file *file) { return reinterpret_cast<File *>(file); }
};

/// Calls a method of the file below.
template <auto Method, class... Args> static int below(sqlite3_file *file, Args... args) {
  struct Head {
    sqlite3_file base;
    void *owner;
    void *path;
  };
  auto *real = reinterpret_cast<sqlite3_file *>(reinterpret_cast<Head *>(file) + 1);
  return (real->pMethods->*Method)(real, args...);
}

int SyncedFiles::sync(sqlite3_file *file, int flags) {
  File &own = *File::of(file);
  const int code = own.real()->pMethods->xSync(own.real(), flags);
  sqlite3_int64 size = 0;
  if (code != SQLITE_OK || !own.path || own.real()->pMethods->xFileSize(own.real(), &size) != SQLITE_OK)
    return code;
  std::string content(static_cast<size_t>(size), '\0');
  if (size)
    own.real()->pMethods->xRead(own.real(), content.data(), static_cast<int>(size), 0);
  std::lock_guard lock(own.owner->mutex);
  own.owner->synced[*own.path] = std::move(content);
  return code;
}

int SyncedFiles::open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
  using Methods = sqlite3_io_methods;
  static const Methods methods = {
      1,
      [](sqlite3_file *f) {
        delete File::of(f)->path;
        return below<&Methods::xClose>(f);
      },
      [](sqlite3_file *f, void *to, int n, sqlite3_int64 at) { return below<&Methods::xRead>(f, to, n, at); },
      [](sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
        return below<&Methods::xWrite>(f, from, n, at);
      },
      [](sqlite3_file *f, sqlite3_int64 size) { return below<&Methods::xTruncate>(f, size); },
      &SyncedFiles::sync,
      [](sqlite3_file *f, sqlite3_int64 *size) { return below<&Methods::xFileSize>(f, size); },
      [](sqlite3_file *f, int lock) { return below<&Methods::xLock>(f, lock); },
      [](sqlite3_file *f, int lock) { return below<&Methods::xUnlock>(f, lock); },
      [](sqlite3_file *f, int *held) { return below<&Methods::xCheckReservedLock>(f, held); },
      [](sqlite3_file *f, int op, void *arg) { return below<&Methods::xFileControl>(f, op, arg); },
      [](sqlite3_file *f) { return below<&Methods::xSectorSize>(f); },
      [](sqlite3_file *f) { return below<&Methods::xDeviceCharacteristics>(f); },
      nullptr,
      nullptr,
      nullptr,
      nullptr,
      nullptr,
      nullptr};
  auto *owner = static_cast<SyncedFiles *>(vfs->pAppData);
  File *own = File::of(file);
  own->base.pMethods = nullptr;
  sqlite3_vfs *base = sqlite3_vfs_find("unix");
  const int code = base->xOpen(base, path, own->real(), flags, out);
  if (code != SQLITE_OK)
    return code;
  own->owner = owner;
  own->path = path ? new std::string(path) : nullptr;
  own->base.pMethods = &methods;
  return code;
}

SyncedFiles::SyncedFiles() : vfs(*sqlite3_vfs_find("unix")) {
  vfs.szOsFile += static_cast<int>(sizeof(File));
  vfs.zName = name();
  vfs.pNext = nullptr;
  vfs.pAppData = this;
  vfs.xOpen = &SyncedFiles::open;
  // The default layer looks for its own data there.
  // A journal syncs its folder once it is made: what was deleted before stays away.
  vfs.xDelete = [](sqlite3_vfs *vfs, const char *path, int sync) {
    auto *own = static_cast<SyncedFiles *>(vfs->pAppData);
    {
      std::lock_guard lock(own->mutex);
      own->synced.erase(path);
    }
    sqlite3_vfs *base = sqlite3_vfs_find("unix");
    return base->xDelete(base, path, sync);
  };
  vfs.xAccess = [](sqlite3_vfs *, const char *path, int flags, int *out) {
    sqlite3_vfs *base = sqlite3_vfs_find("unix");
    return base->xAccess(base, path, flags, out);
  };
  vfs.xFullPathname = [](sqlite3_vfs *, const char *path, int size, char *out) {
    sqlite3_vfs *base = sqlite3_vfs_find("unix");
    return base->xFullPathname(base, path, size, out);
  };
  sqlite3_vfs_register(&vfs, 0);
}

SyncedFiles::~SyncedFiles() { sqlite3_vfs_unregister(&vfs); }

std::map<std::string, std::string> SyncedFiles::afterPowerLoss() const {
  std::lock_guard lock(mutex);
  return synced;
}
