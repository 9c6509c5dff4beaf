#pragma once
#include "xcs/IR/ComputationGraph.h"

namespace xcs {

/// Which value a name refers to at the current position. Names are bound per region; enclosing regions are
/// visible. A region may rebind a name of an outer one until it ends.
///
/// Names are interned, so a binding is an element of an array: definition and look-up are one access each,
/// and only shadowed names are recorded to be undone. A binding remains when its region ends, which
/// distinguishes "the region has ended" from "never defined". Memory: 16 bytes per name of the module. Thread
/// safety: one thread.
class ValueScope {
public:
  /// Discards everything: the next function begins.
  void beginFunction();
  void beginRegion();
  void endRegion();

  enum class State : uint8_t {
    Undefined,
    Ended, // the region that defined it has ended
    Visible,
  };
  struct Found {
    State state = State::Undefined;
    ValueRef value;
  };
  Found find(StringId name) const;

  /// Binds a name in the innermost region. `offset` is its position. If that region already has the name,
  /// binds nothing and returns the offset of the first definition; `free` otherwise.
  uint32_t define(StringId name, ValueRef value, uint32_t offset);
  static constexpr uint32_t free = UINT32_MAX;

  /// Records that a name was not found; false if that is already recorded for this function.
  bool miss(StringId name);

private:
  struct Binding {
    ValueRef value;
    uint32_t region = 0; // number of the region that defines it; 0: none
    uint32_t offset = 0;
  };
  struct Shadowed {
    StringId name;
    Binding outer;
  };
  struct Open {
    uint32_t region, firstShadowed;
  };
  bool isOpen(uint32_t region) const { return region >= functionBegin && open[region - functionBegin]; }

  std::vector<Binding> bindings; // by name
  std::vector<Shadowed> shadowed;
  std::vector<Open> regions;      // from the outermost to the innermost open one
  std::vector<bool> open;         // by region number, from functionBegin on
  std::vector<uint32_t> missedIn; // by name: functionBegin of the last function that missed it
  uint32_t lastRegion = 0, functionBegin = 1;
};

} // namespace xcs
