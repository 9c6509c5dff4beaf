#include "xcs/Store/ResultCache.h"
#include "Store/CacheEntry.h"
#include "Store/CacheFolder.h"
#include "xcs/Support/Mutex.h"
#include <algorithm>
#include <map>
#include <set>

using namespace xcs;

static constexpr size_t checkSize = 16;
static constexpr int64_t mostCompared = 1000; // entries, for `nearest`
static constexpr int64_t removedAtOnce = 64;
static constexpr int64_t mostLoaded = 50'000; // digests of files
// A file that changed so shortly before it was read may change again with the same times. File systems that
// keep nanoseconds take them from a clock that ticks at least every 10 ms; others count in steps of up to two
// seconds (FAT). Compare "racy git", https://git-scm.com/docs/racy-git.
static constexpr int64_t settlingTime = 2'000'000'000, fineSettlingTime = 100'000'000;
static constexpr int64_t forgottenAfter = 30ll * 86'400 * 1'000'000'000; // what was found in files

std::string CacheDigest::finish() {
  const llvm::BLAKE3Result<> all = hash.final();
  return {reinterpret_cast<const char *>(all.data()), all.size()};
}

uint64_t CacheDigest::finishShort() {
  const llvm::BLAKE3Result<8> all = hash.final<8>();
  uint64_t out = 0;
  for (uint8_t byte : all)
    out = out << 8 | byte;
  return out;
}

/// Invariants: a statement is reset before the mutex is released.
class ResultCache::Impl {
public:
  explicit Impl(Options options) : options(options) {}
  std::string open(const std::string &path);

  std::optional<CachedResult> find(const std::string &key, int64_t since, int64_t now);
  void store(std::span<const NewEntry> entries);
  std::optional<std::string> nearest(std::string_view op, std::span<const IdentityPart> parts);
  std::optional<std::string> knownContent(const std::string &path, const struct stat &status);
  void noteContent(const std::string &path, const struct stat &status, const std::string &content,
                   int64_t now);
  void flush();
  std::vector<std::string> takeWarnings();

  CacheFolder folder;
  Mutex claims;
  std::set<std::string> claimed XCS_GUARDED_BY(claims); // by this object

private:
  struct FoundContent {
    std::string status, content;
    int64_t used;
  };

  bool prepare();
  void loadContents() XCS_REQUIRES(mutex);
  /// False after an error, which is noted.
  template <class T> bool holds(const Result<T, DatabaseError> &result) XCS_REQUIRES(mutex);
  bool run(const char *sql) XCS_REQUIRES(mutex) { return holds(folder.database().execute(sql)); }
  bool next(Statement &statement) XCS_REQUIRES(mutex);
  std::string checkOf(std::string_view key, std::string_view op, int64_t made, uint64_t tokens,
                      std::string_view parts, std::string_view files, std::string_view value) const;
  std::string checkOf(const std::string &path, const FoundContent &found) const;
  bool insert(const std::string &key, std::string_view op, std::string_view parts, const CachedResult &result)
      XCS_REQUIRES(mutex);
  bool writeUses() XCS_REQUIRES(mutex);
  bool writeContents() XCS_REQUIRES(mutex);
  void prune() XCS_REQUIRES(mutex);
  void removeContents() XCS_REQUIRES(mutex);

  const Options options;
  Mutex mutex;
  bool isBroken XCS_GUARDED_BY(mutex) = false;
  std::vector<std::string> warnings XCS_GUARDED_BY(mutex);
  std::map<int64_t, int64_t> used XCS_GUARDED_BY(mutex);              // entries, and when
  std::map<std::string, FoundContent> contents XCS_GUARDED_BY(mutex); // of files; of this process
  bool isLoaded XCS_GUARDED_BY(mutex) = false;           // the contents that are known to the database
  bool hasAllContents XCS_GUARDED_BY(mutex) = false;     // there are no others
  std::set<std::string> unwritten XCS_GUARDED_BY(mutex); // of those
  int64_t latest XCS_GUARDED_BY(mutex) = 0;              // time of day, of what was noted
  uint64_t storedBytes XCS_GUARDED_BY(mutex) = 0;        // since there was last room
  Statement select, remove, removeOutputs, add, addOutput, addContent, setUsed, compared, findFile, allFiles,
      addFile, sum, oldest, unused, forgetContent, forgetFiles;
};

template <class T> bool ResultCache::Impl::holds(const Result<T, DatabaseError> &result) {
  if (result)
    return true;
  if (result.error().kind == DatabaseError::Kind::Busy || isBroken)
    return false;
  isBroken = true;
  const bool isDamaged = result.error().kind == DatabaseError::Kind::Damaged;
  if (isDamaged)
    folder.markDamaged();
  warnings.push_back((isDamaged ? "is damaged (" : "is not used any more (") + result.error().why +
                     (isDamaged ? "): it answers nothing in this run, and the next one empties it" : ")"));
  return false;
}

/// Whether there is a row.
bool ResultCache::Impl::next(Statement &statement) {
  const auto row = statement.step();
  return holds(row) && *row;
}

bool ResultCache::Impl::prepare() {
  MutexLock lock(mutex);
  const std::pair<Statement *, std::string_view> all[] = {
      {&select, "SELECT id, made, tokens, checked, op, parts, files, value FROM entries WHERE key = ?"},
      {&remove, "DELETE FROM entries WHERE id = ?"},
      {&removeOutputs, "DELETE FROM outputs WHERE entry = ?"},
      {&add, "INSERT INTO entries(key, op, made, used, size, tokens, checked, parts, files, value) "
             "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"},
      {&addOutput, "INSERT OR IGNORE INTO outputs VALUES(?, ?)"},
      {&addContent, "INSERT OR IGNORE INTO contents VALUES(?)"},
      {&setUsed, "UPDATE entries SET used = ? WHERE id = ?"},
      {&compared, "SELECT parts FROM entries WHERE op = ? ORDER BY used DESC LIMIT ?"},
      {&findFile, "SELECT used, status, content, checked FROM files WHERE path = ?"},
      {&allFiles, "SELECT path, used, status, content, checked FROM files ORDER BY used DESC LIMIT ?"},
      {&addFile, "INSERT OR REPLACE INTO files VALUES(?, ?, ?, ?, ?)"},
      {&sum, "SELECT sum(size) FROM entries"},
      {&oldest, "SELECT id, size FROM entries ORDER BY used LIMIT ?"},
      {&unused, "SELECT content FROM contents WHERE NOT EXISTS "
                "(SELECT 1 FROM outputs WHERE outputs.content = contents.content) LIMIT 1000"},
      {&forgetContent, "DELETE FROM contents WHERE content = ?"},
      {&forgetFiles, "DELETE FROM files WHERE used < ?"},
  };
  for (const auto &[statement, sql] : all) {
    auto made = folder.database().prepare(sql);
    if (!holds(made))
      return false;
    *statement = std::move(*made);
  }
  return true;
}

std::string ResultCache::Impl::open(const std::string &path) {
  std::vector<std::string> found;
  if (auto opened = folder.open(path, found); !opened)
    return opened.error();
  {
    MutexLock lock(mutex);
    warnings = std::move(found);
  }
  prepare();
  return "";
}

std::string ResultCache::Impl::checkOf(std::string_view key, std::string_view op, int64_t made,
                                       uint64_t tokens, std::string_view parts, std::string_view files,
                                       std::string_view value) const {
  CacheDigest digest(folder.key());
  for (std::string_view text : {std::string_view("entry"), key, op, parts, files, value})
    digest.text(text);
  digest.number(static_cast<uint64_t>(made));
  digest.number(tokens);
  return digest.finish().substr(0, checkSize);
}

std::string ResultCache::Impl::checkOf(const std::string &path, const FoundContent &found) const {
  CacheDigest digest(folder.key());
  for (std::string_view text : {std::string_view("file"), std::string_view(path),
                                std::string_view(found.status), std::string_view(found.content)})
    digest.text(text);
  return digest.finish().substr(0, checkSize);
}

std::optional<CachedResult> ResultCache::Impl::find(const std::string &key, int64_t since, int64_t now) {
  MutexLock lock(mutex);
  if (isBroken || !next(select.bindBlob(key)))
    return std::nullopt;
  CachedResult out;
  const int64_t id = select.integer(0);
  out.made = select.integer(1);
  out.tokens = static_cast<uint64_t>(select.integer(2));
  out.value = select.text(7);
  const bool isWhole = checkOf(key, select.text(4), out.made, out.tokens, select.text(5), select.text(6),
                               out.value) == select.text(3) &&
                       unpackFiles(select.text(6), out.files);
  select.reset();
  if (!isWhole) {
    warnings.emplace_back("has a damaged entry, which is not used");
    static_cast<void>(holds(remove.bind(id).run()));
    return std::nullopt;
  }
  if (out.made < since || (out.made > now && since != INT64_MIN))
    return std::nullopt;
  used[id] = now;
  return out;
}

static uint64_t sizeOf(std::string_view op, std::string_view parts, const CachedResult &result) {
  uint64_t size = 200 + op.size() + parts.size() + result.value.size(); // 200: of a row without its texts
  for (const CachedFile &file : result.files)
    size += 100 + file.name.size() + file.size;
  return size;
}

bool ResultCache::Impl::insert(const std::string &key, std::string_view op, std::string_view parts,
                               const CachedResult &result) {
  if (next(select.bindBlob(key))) {
    const int64_t id = select.integer(0);
    select.reset();
    used.erase(id);
    if (!holds(removeOutputs.bind(id).run()) || !holds(remove.bind(id).run()))
      return false;
  }
  const std::string files = packFiles(result.files);
  const std::string check = checkOf(key, op, result.made, result.tokens, parts, files, result.value);
  add.bindBlob(key).bind(op).bind(result.made).bind(result.made);
  add.bind(static_cast<int64_t>(sizeOf(op, parts, result))).bind(static_cast<int64_t>(result.tokens));
  add.bindBlob(check).bindBlob(parts).bindBlob(files).bindBlob(result.value);
  if (!next(add))
    return false;
  const int64_t id = add.integer(0);
  add.reset();
  for (const CachedFile &file : result.files)
    if (!file.content.empty() && (!holds(addContent.bindBlob(file.content).run()) ||
                                  !holds(addOutput.bind(id).bindBlob(file.content).run())))
      return false;
  return true;
}

void ResultCache::Impl::store(std::span<const NewEntry> entries) {
  MutexLock lock(mutex);
  if (isBroken || !run("BEGIN IMMEDIATE"))
    return;
  uint64_t bytes = 0;
  for (const NewEntry &entry : entries) {
    const std::string parts = packParts(entry.parts);
    const uint64_t size = sizeOf(entry.op, parts, entry.result);
    if (size > options.bytes)
      continue;
    if (!insert(entry.key, entry.op, parts, entry.result)) {
      static_cast<void>(folder.database().execute("ROLLBACK").ok());
      return;
    }
    bytes += size;
  }
  if (!run("COMMIT"))
    return;
  storedBytes += bytes;
  if (storedBytes > options.bytes / 8) {
    storedBytes = 0;
    if (writeUses())
      prune();
  }
}

/// The first part of `mine` that `other` lacks or has otherwise, else one that only `other` has; and in how
/// many they agree.
static std::pair<std::string, size_t> difference(std::span<const IdentityPart> mine,
                                                 const std::vector<IdentityPart> &other) {
  std::string first;
  size_t same = 0;
  auto find = [](std::span<const IdentityPart> in, const std::string &name) -> const IdentityPart * {
    const auto at =
        std::find_if(in.begin(), in.end(), [&](const IdentityPart &each) { return each.name == name; });
    return at == in.end() ? nullptr : &*at;
  };
  for (const IdentityPart &part : mine) {
    const IdentityPart *there = find(other, part.name);
    if (there && there->digest == part.digest)
      ++same;
    else if (first.empty())
      first = part.name;
  }
  for (const IdentityPart &part : other)
    if (first.empty() && !find(mine, part.name))
      first = part.name;
  return {first, same};
}

std::optional<std::string> ResultCache::Impl::nearest(std::string_view op,
                                                      std::span<const IdentityPart> parts) {
  MutexLock lock(mutex);
  std::optional<std::pair<std::string, size_t>> best;
  if (isBroken)
    return std::nullopt;
  compared.bind(op).bind(mostCompared);
  while (next(compared)) {
    std::vector<IdentityPart> other;
    if (!unpackParts(compared.text(0), other))
      continue;
    auto found = difference(parts, other);
    if (!best || found.second > best->second)
      best = std::move(found);
  }
  return best ? std::optional(std::move(best->first)) : std::nullopt;
}

/// A whole build asks for thousands: together they cost a tenth of what they cost one by one.
void ResultCache::Impl::loadContents() {
  isLoaded = true;
  int64_t count = 0;
  allFiles.bind(mostLoaded);
  for (; next(allFiles); ++count) {
    const std::string path(allFiles.text(0));
    FoundContent found{std::string(allFiles.text(2)), std::string(allFiles.text(3)), allFiles.integer(1)};
    if (checkOf(path, found) == allFiles.text(4))
      contents.emplace(path, std::move(found));
  }
  hasAllContents = count < mostLoaded;
}

std::optional<std::string> ResultCache::Impl::knownContent(const std::string &path,
                                                           const struct stat &status) {
  const std::string packed = packStatus(status);
  MutexLock lock(mutex);
  if (const auto known = contents.find(path); known != contents.end() && known->second.status == packed)
    return known->second.content;
  if (isBroken)
    return std::nullopt;
  if (!isLoaded) {
    loadContents();
    if (const auto known = contents.find(path); known != contents.end() && known->second.status == packed)
      return known->second.content;
  }
  if (hasAllContents || !next(findFile.bindBlob(path)))
    return std::nullopt;
  FoundContent found{std::string(findFile.text(1)), std::string(findFile.text(2)), findFile.integer(0)};
  const bool isWhole = checkOf(path, found) == findFile.text(3);
  findFile.reset();
  if (!isWhole || found.status != packed)
    return std::nullopt;
  return contents.insert_or_assign(path, std::move(found)).first->second.content;
}

static int64_t nanoseconds(const timespec &time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

void ResultCache::Impl::noteContent(const std::string &path, const struct stat &status,
                                    const std::string &content, int64_t now) {
  const bool isFine = status.st_ctim.tv_nsec % 1'000'000 != 0;
  const int64_t settled = now - (isFine ? fineSettlingTime : settlingTime);
  if (std::max(nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)) > settled)
    return;
  MutexLock lock(mutex);
  latest = std::max(latest, now);
  contents.insert_or_assign(path, FoundContent{packStatus(status), content, now});
  unwritten.insert(path);
}

bool ResultCache::Impl::writeUses() {
  for (const auto &[id, when] : used)
    if (!holds(setUsed.bind(when).bind(id).run()))
      return false;
  used.clear();
  return true;
}

bool ResultCache::Impl::writeContents() {
  if (!unwritten.empty() && !holds(forgetFiles.bind(latest - forgottenAfter).run()))
    return false;
  for (const std::string &path : unwritten) {
    const FoundContent &found = contents.at(path);
    const std::string check = checkOf(path, found);
    addFile.bindBlob(path).bind(found.used).bindBlob(found.status).bindBlob(found.content).bindBlob(check);
    if (!holds(addFile.run()))
      return false;
  }
  unwritten.clear();
  return true;
}

/// What no entry has. In a transaction, so that no entry takes it meanwhile.
void ResultCache::Impl::removeContents() {
  std::vector<std::string> gone;
  while (next(unused))
    gone.emplace_back(unused.text(0));
  for (const std::string &content : gone) {
    if (!holds(forgetContent.bindBlob(content).run()))
      return;
    folder.removeContent(content);
  }
}

/// Removes what was used longest ago, until a tenth is free: a few entries a transaction, so that others do
/// not wait.
void ResultCache::Impl::prune() {
  if (!next(sum))
    return;
  auto total = static_cast<uint64_t>(sum.integer(0));
  sum.reset();
  if (total <= options.bytes)
    return;
  while (total > options.bytes / 10 * 9) {
    if (!run("BEGIN IMMEDIATE"))
      return;
    std::vector<std::pair<int64_t, uint64_t>> old;
    oldest.bind(removedAtOnce);
    while (next(oldest))
      old.emplace_back(oldest.integer(0), static_cast<uint64_t>(oldest.integer(1)));
    for (const auto &[id, size] : old) {
      if (total <= options.bytes / 10 * 9)
        break;
      if (!holds(removeOutputs.bind(id).run()) || !holds(remove.bind(id).run()))
        break;
      total -= std::min(total, size);
    }
    removeContents();
    if (!run("COMMIT") || old.empty())
      break;
  }
  static_cast<void>(run("PRAGMA incremental_vacuum"));
}

void ResultCache::Impl::flush() {
  MutexLock lock(mutex);
  if (isBroken || (used.empty() && unwritten.empty() && !storedBytes))
    return;
  if (!run("BEGIN IMMEDIATE"))
    return;
  const bool isWritten = writeUses() && writeContents();
  static_cast<void>(folder.database().execute(isWritten ? "COMMIT" : "ROLLBACK").ok());
  storedBytes = 0;
  if (isWritten)
    prune();
}

std::vector<std::string> ResultCache::Impl::takeWarnings() {
  MutexLock lock(mutex);
  return std::exchange(warnings, {});
}

ResultCache::ResultCache(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}

ResultCache::~ResultCache() { impl->flush(); }

Result<std::shared_ptr<ResultCache>, std::string> ResultCache::open(const std::string &folder,
                                                                    const Options &options) {
  auto impl = std::make_unique<Impl>(options);
  if (std::string why = impl->open(folder); !why.empty())
    return why;
  return std::shared_ptr<ResultCache>(new ResultCache(std::move(impl)));
}

CacheDigest ResultCache::digest() const { return CacheDigest(impl->folder.key()); }

bool ResultCache::isFolder(const struct stat &status) const { return impl->folder.is(status); }

std::optional<CachedResult> ResultCache::find(const std::string &key, int64_t since, int64_t now) {
  return impl->find(key, since, now);
}

void ResultCache::store(std::span<const NewEntry> entries) { impl->store(entries); }

std::optional<std::string> ResultCache::nearest(std::string_view op, std::span<const IdentityPart> parts) {
  return impl->nearest(op, parts);
}

bool ResultCache::claim(const std::string &key) {
  MutexLock lock(impl->claims);
  if (!impl->claimed.insert(key).second)
    return false;
  if (impl->folder.lockFlight(key))
    return true;
  impl->claimed.erase(key);
  return false;
}

void ResultCache::release(const std::string &key) {
  MutexLock lock(impl->claims);
  if (impl->claimed.erase(key))
    impl->folder.unlockFlight(key);
}

std::optional<std::string> ResultCache::knownContent(const std::string &path, const struct stat &status) {
  return impl->knownContent(path, status);
}

void ResultCache::noteContent(const std::string &path, const struct stat &status, const std::string &content,
                              int64_t now) {
  impl->noteContent(path, status, content, now);
}

bool ResultCache::keepContent(const std::string &content, int file, uint64_t size) {
  return impl->folder.keepContent(content, file, size);
}

Descriptor ResultCache::openContent(const std::string &content) { return impl->folder.openContent(content); }

void ResultCache::dropContent(const std::string &content) { impl->folder.removeContent(content); }

void ResultCache::flush() { impl->flush(); }

std::vector<std::string> ResultCache::takeWarnings() { return impl->takeWarnings(); }
