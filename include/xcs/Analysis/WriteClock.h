#pragma once
#include "xcs/Analysis/Effects.h"
#include "xcs/Support/PathTree.h"
#include <string_view>
#include <unordered_map>

namespace xcs {

/// When paths were last written. A directory covers everything beneath it (Paths.h). Thread safety: none.
class PathClock {
public:
  void write(std::string_view path, uint64_t now);
  uint64_t lastWrite(std::string_view path);

private:
  struct Times {
    uint64_t self = 0, beneath = 0;
  };
  std::span<const uint32_t> chainOf(std::string_view path);

  PathTree paths;
  std::vector<Times> at; // by number of the path
  uint64_t anyAbsolute = 0, anyRelative = 0;
};

/// Counts the writes to each target in program order: two reads of one target with equal counts have no write
/// between them. Thread safety: none.
class WriteClock {
public:
  explicit WriteClock(const ConstantPool &pool) : pool(pool) {}
  void write(const EffectTarget &target);
  /// Records every write among the effects of an operation.
  void writeAll(std::span<const EffectOn> effects);
  /// The time of the last write that a read of this target could observe.
  uint64_t lastWrite(const EffectTarget &target);

private:
  struct Kind {
    uint64_t any = 0, unknown = 0;
    std::unordered_map<uint32_t, uint64_t> known;
  };
  const ConstantPool &pool;
  Kind kinds[EffectTarget::kindCount];
  PathClock paths;
  uint64_t time = 0;
};

} // namespace xcs
