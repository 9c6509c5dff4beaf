#pragma once
#include <cstdint>
#include <string_view>

namespace xcs {

/// What comes before a `/` of a draw's name, with a hash of it: perhaps the name of a call, whose draws have
/// names that begin so (`a/b` is the draw `b` of what `a` calls).
struct DrawPrefix {
  std::string_view text;
  uint64_t hash;
};

/// FNV-1a (Fowler, Noll, Vo), which continues from byte to byte.
class DrawNameHash {
public:
  void add(char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u; }
  uint64_t value() const { return hash; }
  static uint64_t of(std::string_view name) {
    DrawNameHash made;
    for (char c : name)
      made.add(c);
    return made.value();
  }

private:
  uint64_t hash = 0xcbf29ce484222325u;
};

/// Calls `visit` with each prefix, the shortest first. Linear in the name.
template <class Visit> void forEachPrefix(std::string_view name, Visit visit) {
  DrawNameHash hash;
  for (size_t at = 0; at != name.size(); ++at) {
    if (name[at] == '/')
      visit(DrawPrefix{name.substr(0, at), hash.value()});
    hash.add(name[at]);
  }
}

/// An operation in a `map {places}` has a name for each iteration. Such names are held as one text, a line
/// each: no name contains a line end.
inline constexpr char drawNameEnd = '\n';
constexpr bool isListOfDrawNames(std::string_view names) { return names.find(drawNameEnd) != names.npos; }

/// Calls `visit` with each of the names of an operation; most have one.
template <class Visit> void forEachDrawName(std::string_view names, Visit visit) {
  for (size_t end; (end = names.find(drawNameEnd)) != names.npos; names.remove_prefix(end + 1))
    visit(names.substr(0, end));
  visit(names);
}

} // namespace xcs
