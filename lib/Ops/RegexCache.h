#pragma once
#include "Ops/Regex.h"
#include "xcs/Support/Mutex.h"
#include <list>
#include <mutex>
#include <unordered_map>

namespace xcs {

/// The regular expressions of patterns known only at run time: those used last, each compiled once for as
/// long as it is kept. Thread safety: any number of threads. Who asks for a pattern that another thread
/// compiles waits for that; other patterns are not held up.
class RegexCache {
public:
  /// RE2 takes up to 8 MiB for the automata of one pattern.
  static constexpr size_t capacity = 32;

  explicit RegexCache(const Limits &limits) : limits(limits) {}
  /// Null if it is not one, with the reason in `why`.
  std::shared_ptr<const Regex> get(std::string_view pattern, std::string &why);

private:
  struct Entry {
    explicit Entry(std::string_view pattern) : pattern(pattern) {}
    const std::string pattern;
    std::once_flag once;
    std::shared_ptr<const Regex> made; // once it was compiled; null: it is not one
    std::string wrong;
  };
  using Entries = std::list<std::shared_ptr<Entry>>;
  std::shared_ptr<Entry> entryOf(std::string_view pattern);

  const Limits limits;
  Mutex mutex;
  Entries entries XCS_GUARDED_BY(mutex); // the one used last comes first
  std::unordered_map<std::string_view, Entries::iterator> places XCS_GUARDED_BY(mutex);
};

} // namespace xcs
