#pragma once
#include "src/Python.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>

// How errors of XCS become exceptions of Python. Called with the GIL.
namespace xcs::python {

/// The exceptions of the module; made when it is imported.
struct Exceptions {
  PyObject *error;        // xcs.Error
  PyObject *compileError; // xcs.CompileError
  PyObject *stopped;      // xcs.Stopped
};
const Exceptions &exceptions();
void defineExceptions(nb::module_ &module);

/// What a failure is for Python, before it is raised or kept: its name and text, where it happened, and more
/// lines of explanation.
struct FailureText {
  std::string id, failureClass, message, file;
  uint32_t line = 0, column = 0;
  std::vector<std::string> notes;
};
/// What an engine has collected; its first error is the failure, all the rest are notes. `withSource`: the
/// message shows place, source line and caret, as `xcsc` prints them; else it is the text alone, and a note
/// names the place.
FailureText failureText(const DiagnosticEngine &diagnostics, bool withSource);
/// An instance of `type`, which is one of Exceptions.
nb::object makeException(PyObject *type, const FailureText &text);
[[noreturn]] void raise(PyObject *exception, const std::string &message);
[[noreturn]] void raise(const nb::object &exception);
[[noreturn]] void raiseFailure(PyObject *type, const FailureText &text);
/// Adds the place of the wrong part to the error that is set, and throws it.
[[noreturn]] void raiseAt(const std::string &place);
[[noreturn]] void raiseLimit(Limit limit, const Limits &limits, const std::string &what);

/// The name of an object's type, as in messages.
std::string typeName(PyObject *object);
/// What `repr` shows of an object, cut where it is long; the name of its type where that fails.
std::string shownObject(nb::handle object);

} // namespace xcs::python
