#pragma once
#include "xcs/Plan/Plan.h"
#include <string>

namespace xcs::planformat {

/// `@main(%question: str, %n: i64) -> str`.
std::string signatureText(const PlanView &plan, const PlanFunction &function);
/// `"best.xir":9:3`; empty if it is unknown.
std::string locationText(const PlanView &plan, uint32_t location);
/// `sample`, `write never`, ...
std::string_view effectName(Effect effect);
/// A duration for people: `1.25s`, `100ms`, `12us`, `40ns`.
std::string timeText(double nanoseconds);

} // namespace xcs::planformat
