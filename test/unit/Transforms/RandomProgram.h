#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace xcs {

/// Writes programs at random that mostly run to their end and in which the passes find something to do:
/// constants, equal operations, unused results, `if`s whose way is known, things put together and taken apart
/// again. Functions f0, f1, ... take (i64, str, list<i64>) and give (i64, str, list<i64>, bool); later ones
/// call earlier ones.
class RandomProgram {
public:
  RandomProgram(uint64_t seed, size_t operations) : engine(seed), left(operations) {}
  /// Leaves out what asks the world.
  RandomProgram &withoutWorld() {
    asksWorld = false;
    return *this;
  }
  /// Leaves out what depends on who is first.
  RandomProgram &withoutRaces() {
    hasRaces = false;
    return *this;
  }
  /// Leaves out everything but pure operations: each function is one long region.
  RandomProgram &straight() {
    isStraight = true;
    return *this;
  }
  std::string text();

private:
  enum Kind : size_t { Int, Text, Ints, Bool, kindCount };
  /// The values that can be seen, by kind; inner regions add to a copy.
  struct Scope {
    std::vector<std::string> values[kindCount];
  };
  size_t below(size_t n) { return static_cast<size_t>(engine() % n); }
  const std::string &pick(const Scope &scope, Kind kind) {
    const std::vector<std::string> &from = scope.values[kind];
    return from[below(3) == 0 ? below(from.size())
                              : from.size() - 1 - below(std::min<size_t>(4, from.size()))];
  }
  std::string fresh() { return "%v" + std::to_string(++names); }
  void line(std::string text) { out += std::string(2 * indent, ' ') + text + "\n"; }
  /// Writes `v = text : type` and makes the value known; sometimes twice, for cse.
  void define(Scope &scope, Kind kind, const std::string &text);

  void function(size_t index);
  void body(Scope scope, Kind result, size_t operations) {
    body(std::move(scope), std::vector<Kind>{result}, operations);
  }
  void body(Scope scope, std::vector<Kind> results, size_t operations, std::string_view end = "yield");
  void operation(Scope &scope);
  void intOperation(Scope &scope);
  void textOperation(Scope &scope);
  void listOperation(Scope &scope);
  void boolOperation(Scope &scope);
  void roundTrip(Scope &scope);
  void region(Scope &scope);
  void callFunction(Scope &scope);
  void fold(Scope &scope);
  void whileLoop(Scope &scope);
  void choose(Scope &scope);
  void race(Scope &scope);
  void world(Scope &scope);

  std::mt19937_64 engine;
  size_t left, names = 0, indent = 0, functions = 0;
  bool asksWorld = true, hasRaces = true, isStraight = false;
  size_t races = 0; // around the current line: nothing may write there
  std::string out;
};

} // namespace xcs
