#pragma once
#include "src/Errors.h"
#include "xcs/Support/Limits.h"
#include <string>

namespace xcs::python {

/// The bytes of a plan, not yet verified, and what messages call it.
struct PlanBytes {
  std::string bytes, name;
};

/// What `xcs.load` is given: the bytes of a plan, or the path of a file that holds a plan or the text of a
/// program, which is compiled. Called with the GIL, which it gives back for the work; raises xcs.CompileError
/// or OSError.
PlanBytes planBytes(nb::handle planOrPath, const Limits &limits);

/// The UTF-8 text of a str; `what` names it in errors.
std::string utf8Of(nb::handle text, const char *what);

void defineCompile(nb::module_ &module);

} // namespace xcs::python
