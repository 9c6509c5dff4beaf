#pragma once
#include "xcs/Plan/Plan.h"
#include <string>
#include <vector>

namespace xcs::planformat {

/// One thing that a plan would touch, and the flag that grants it.
struct Want {
  std::string what; // "connect to 127.0.0.1:8080"
  std::string flag; // "--allow-net=127.0.0.1:8080"; with a placeholder in capitals if the plan does not say;
                    // empty if no flag grants it
  bool isKnown = true;         // the flag can be used as it is: it has no placeholder
  std::vector<std::string> by; // "model @gpt", "http.request at "a.xir":3:5": the first few of the plan
  uint64_t others = 0;         // how many more
  static constexpr size_t named = 4;
};

/// Everything that operations of the plan may touch, once each, in the order of the plan. A resource that no
/// operation uses needs nothing.
std::vector<Want> wantsOf(const PlanView &plan);

} // namespace xcs::planformat
