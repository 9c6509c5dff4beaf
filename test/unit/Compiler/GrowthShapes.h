#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace xcs::growth {

/// A program that grows with `n`, and how it is compiled.
struct Shape {
  std::string_view name;
  std::string (*text)(int n);
  int size = 2000;                                              // the least `n`; it is doubled twice
  std::string_view passes = {};                                 // in place of those of -O2
  std::map<std::string, std::string> (*files)(int n) = nullptr; // what it imports
};

/// The pattern n times, from `first` on: `{i}` is the number, `{p}` the one before it, `{n}` the one behind
/// it.
std::string repeat(int n, std::string_view pattern, int first = 0);
/// The same, with commas between.
std::string listed(int n, std::string_view pattern, int first = 0);

// One file a family.
std::span<const Shape> straightShapes();
std::span<const Shape> regionShapes();
std::span<const Shape> callShapes();
std::span<const Shape> worldShapes();
std::span<const Shape> dataShapes();

} // namespace xcs::growth
