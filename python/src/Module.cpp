#include "src/Compile.h"
#include "src/Deferred.h"
#include "src/Errors.h"
#include "src/Life.h"
#include "src/Program.h"
#include "src/Session.h"
#include <cstdlib>

using namespace xcs::python;

NB_MODULE(_core, module) {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0)
    raise(PyExc_ImportError,
          "xcs does not work in a subinterpreter: its threads enter the main interpreter alone");
  // At the end of a script its objects may well be there; the tests look for leaks with this.
  nb::set_leak_warnings(std::getenv("XCS_LEAK_WARNINGS") != nullptr);
  module.attr("__version__") = XCS_VERSION;
  defineExceptions(module);
  defineLife(module);
  defineCompile(module);
  defineProgram(module);
  defineDeferred(module);
  defineSession(module);
}
