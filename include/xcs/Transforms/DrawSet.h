#pragma once
#include "xcs/IR/Module.h"
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace xcs {

/// The draws of a module by name, to check afterwards whether a pass preserved them. A pass may replace a
/// call by its function's draws (`inline`), may drop samples, whole regions and functions, and nothing else.
/// Needs the names assigned by assignDraws; for a module without names it reports nothing. Costs a sweep over
/// the operations if nothing has changed, and look-ups of what has.
class DrawSet {
public:
  explicit DrawSet(const Module &module);

  struct Change {
    std::string function, what; // its symbol; the end of a sentence
  };
  /// The first change to the module that a pass is not allowed to make; none if there is none.
  std::optional<Change> changeIn(const Module &after);

private:
  struct Draw {
    OpId op;
    StringId name, callee; // none: not a call
    RegionId region;
    bool writes; // itself or in what it calls
  };
  struct OfFunction {
    std::vector<Draw> draws; // by operation, ascending
    OpId unnamed;            // a draw without a name
    bool writes = false;
    bool isIndexed = false;
  };
  OfFunction drawsOf(const Module &module, const Function &function) const;
  void index(uint32_t symbol);
  const Draw *find(uint32_t symbol, StringId name) const;
  StringId origin(const ConstantPool &pool, uint32_t symbol, StringId name);
  std::optional<Change> changeOf(const Module &after, const Function &function);

  std::unordered_map<uint32_t, OfFunction> functions; // by symbol
  std::unordered_map<uint64_t, uint32_t> places;      // of draws, by symbol and name
  bool any = false;
};

} // namespace xcs
