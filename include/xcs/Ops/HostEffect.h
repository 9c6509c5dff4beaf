#pragma once
#include "xcs/Ops/OpTable.h"
#include <optional>
#include <string_view>

namespace xcs {

/// What a function of the host does to the world, as the attribute `effect` states it.
struct HostEffect {
  Effect effect = Effect::WriteNever; // Pure, Sample, Read or WriteNever
  /// What it reads or writes, a name of the host's own; empty: anything that its functions touch.
  std::string_view resource;
};

/// Reads `pure`, `sample`, `read`, `read(R)`, `write` or `write(R)`; R is one line without parentheses and
/// not empty. None if the text is anything else. The result points into `text`.
std::optional<HostEffect> readHostEffect(std::string_view text);

} // namespace xcs
