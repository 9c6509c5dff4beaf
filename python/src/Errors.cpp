#include "src/Errors.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::python;

/// Lives as long as the module, which is never unloaded.
static Exceptions made;

const Exceptions &python::exceptions() { return made; }

static PyObject *define(nb::module_ &module, const char *name, const char *text, PyObject *base) {
  nb::dict members;
  for (const char *member : {"id", "failure"})
    members[member] = nb::str("");
  members["origin"] = nb::make_tuple("?", 0);
  const std::string full = "xcs." + std::string(name);
  PyObject *type = PyErr_NewExceptionWithDoc(full.c_str(), text, base, members.ptr());
  if (!type)
    throw nb::python_error();
  module.attr(name) = nb::handle(type);
  return type;
}

void python::defineExceptions(nb::module_ &module) {
  made.error = define(module, "Error",
                      "An operation or a run failed.\n\n"
                      "`id` is the name of the diagnostic, such as \"assertion-failed\"; `failure` its "
                      "class, such as \"refused\"; "
                      "`origin` the place, (file, line).",
                      PyExc_Exception);
  made.compileError =
      define(module, "CompileError",
             "A program is wrong. The message shows the first error with its line and a caret; "
             "further ones are notes.",
             made.error);
  made.stopped = define(module, "Stopped", "It was stopped before it was done.", made.error);
  // For converted code: raises an exception in the frame that calls it, and leaves no frame of its own.
  module.def("_raise", [](const nb::object &exception) { raise(exception); });
}

static std::string placeOf(const Diagnostic &d) {
  std::string place = d.file;
  if (d.line)
    place += ":" + std::to_string(d.line) + ":" + std::to_string(d.column);
  return place;
}

static std::string linesOf(const Diagnostic &d) {
  std::string text;
  llvm::raw_string_ostream out(text);
  printDiagnostic(d, out);
  if (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

FailureText python::failureText(const DiagnosticEngine &diagnostics, bool withSource) {
  FailureText out;
  bool found = false;
  for (const Diagnostic &d : diagnostics.all()) {
    if (found || d.severity != Severity::Error) {
      out.notes.push_back(linesOf(d));
      continue;
    }
    found = true;
    out.id = d.kind;
    out.failureClass = failureClassName(rowOf(d.id).failure);
    out.file = d.file;
    out.line = d.line;
    out.column = d.column;
    out.message = withSource ? linesOf(d) : d.message;
    if (!withSource)
      out.notes.push_back("at " + placeOf(d) + " [" + std::string(d.kind) + "]");
  }
  return out;
}

nb::object python::makeException(PyObject *type, const FailureText &text) {
  nb::object exception = nb::handle(type)(nb::str(text.message.data(), text.message.size()));
  exception.attr("id") = nb::str(text.id.c_str());
  exception.attr("failure") = nb::str(text.failureClass.c_str());
  exception.attr("origin") = nb::make_tuple(nb::str(text.file.c_str()), text.line);
  for (const std::string &note : text.notes)
    exception.attr("add_note")(nb::str(note.data(), note.size()));
  return exception;
}

void python::raise(const nb::object &exception) {
  PyErr_SetObject(reinterpret_cast<PyObject *>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

void python::raise(PyObject *exception, const std::string &message) {
  PyErr_SetString(exception, message.c_str());
  throw nb::python_error();
}

void python::raiseFailure(PyObject *type, const FailureText &text) { raise(makeException(type, text)); }

void python::raiseAt(const std::string &place) {
  nb::python_error error; // takes the error that is set
  nb::object value = nb::borrow(error.value());
  if (nb::isinstance(value, nb::handle(PyExc_UnicodeEncodeError))) {
    nb::str reason = nb::steal<nb::str>(PyObject_Str(value.attr("reason").ptr()));
    value.attr("reason") = nb::str((std::string(reason.c_str()) + ", in " + place).c_str());
  } else {
    value.attr("add_note")(nb::str(("in " + place).c_str()));
  }
  throw error;
}

void python::raiseLimit(Limit limit, const Limits &limits, const std::string &what) {
  FailureText text;
  text.id = rowOf(Diag::LimitExceeded).kind;
  text.failureClass = failureClassName(rowOf(Diag::LimitExceeded).failure);
  text.message = limitError(limit, limits[limit], what).message();
  raiseFailure(exceptions().error, text);
}

std::string python::typeName(PyObject *object) {
  nb::object name = nb::handle(reinterpret_cast<PyObject *>(Py_TYPE(object))).attr("__name__");
  return nb::borrow<nb::str>(name).c_str();
}

std::string python::shownObject(nb::handle object) {
  static constexpr size_t longest = 80;
  nb::object shown = nb::steal(PyObject_Repr(object.ptr())); // an int of too many digits fails
  const char *text = shown.is_valid() ? PyUnicode_AsUTF8AndSize(shown.ptr(), nullptr) : nullptr;
  if (!text) {
    PyErr_Clear();
    return "an object of type " + typeName(object.ptr());
  }
  std::string all(text);
  if (all.size() <= longest)
    return all;
  size_t end = longest;
  while (end && (static_cast<unsigned char>(all[end]) & 0xc0) == 0x80) // within a character
    --end;
  return all.substr(0, end) + "...";
}
