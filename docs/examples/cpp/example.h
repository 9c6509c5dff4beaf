#pragma once
// What the examples share: each gives its function a name, and `main.cpp` traces the one that is asked for.
#include <functional>
#include <map>
#include <string>
#include <xcs/xcs.h>

inline std::map<std::string, std::function<xcs::Traced()>> &examples() {
  static std::map<std::string, std::function<xcs::Traced()>> all;
  return all;
}

/// EXAMPLE(judge, "question"): the function, and the names of its parameters.
#define EXAMPLE(function, ...) EXAMPLE_AS(function, "main", __VA_ARGS__)
/// The same with the name that the function has in the program.
#define EXAMPLE_AS(function, symbol, ...)                                                                    \
  static const bool isAdded =                                                                                \
      examples()                                                                                             \
          .emplace(#function, [] { return xcs::traceFunction(&function, {symbol, {__VA_ARGS__}}); })         \
          .second;
