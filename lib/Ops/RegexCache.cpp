#include "Ops/RegexCache.h"

using namespace xcs;

std::shared_ptr<RegexCache::Entry> RegexCache::entryOf(std::string_view pattern) {
  MutexLock lock(mutex);
  if (auto found = places.find(pattern); found != places.end()) {
    entries.splice(entries.begin(), entries, found->second);
    return entries.front();
  }
  if (entries.size() == capacity) {
    places.erase(entries.back()->pattern);
    entries.pop_back();
  }
  entries.push_front(std::make_shared<Entry>(pattern));
  places.emplace(entries.front()->pattern, entries.begin());
  return entries.front();
}

std::shared_ptr<const Regex> RegexCache::get(std::string_view pattern, std::string &why) {
  if (pattern.size() > limits[Limit::RegexBytes]) // not to be kept, nor copied
    return Regex::compile(pattern, limits, why, true);
  const std::shared_ptr<Entry> entry = entryOf(pattern);
  std::call_once(entry->once,
                 [&] { entry->made = Regex::compile(entry->pattern, limits, entry->wrong, true); });
  why = entry->wrong;
  return entry->made;
}
