#include "src/Compile.h"
#include "src/Arguments.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/Utf8.h"
#include "xcsc/ImportsOnDisk.h"
#include "xcsc/Input.h"
#include <algorithm>
#include <cerrno>
#include <optional>

using namespace xcs;
using namespace xcs::python;

/// The bytes of the plan of a program; raises CompileError, and warns of what the compiler warns of.
static std::string compileText(std::string text, const std::string &name, const CompileOptions &options,
                               ImportedFiles *files) {
  DiagnosticEngine diagnostics;
  diagnostics.showRemarks(false);
  Result<std::string> plan = Failure{};
  {
    nb::gil_scoped_release released;
    plan = xcs::compile(std::make_shared<SourceBuffer>(name, std::move(text)), options, diagnostics, files);
    diagnostics.finish();
  }
  if (!plan)
    raiseFailure(exceptions().compileError, failureText(diagnostics, true));
  for (const std::string &warning : failureText(diagnostics, true).notes)
    if (PyErr_WarnEx(PyExc_UserWarning, warning.c_str(), 1) != 0)
      throw nb::python_error();
  return std::move(*plan);
}

std::string python::utf8Of(nb::handle text, const char *what) {
  if (!PyUnicode_Check(text.ptr()))
    raise(PyExc_TypeError, std::string(what) + ": expected str, got " + typeName(text.ptr()));
  Py_ssize_t size = 0;
  const char *bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (!bytes)
    raiseAt(what);
  return {bytes, static_cast<size_t>(size)};
}

static nb::bytes compileProgram(nb::handle text, nb::handle name, nb::handle level, nb::object startDirectory,
                                nb::handle reroll) {
  CompileOptions options;
  if (!PyBool_Check(reroll.ptr()))
    raise(PyExc_TypeError, "reroll: expected True or False, got " + typeName(reroll.ptr()));
  options.rerolls = reroll.ptr() == Py_True;
  options.level = static_cast<unsigned>(wholeOf(level, "level", 0, 3, "as `xcsc -O`"));
  if (!startDirectory.is_none()) {
    nb::object path = nb::steal(PyOS_FSPath(startDirectory.ptr()));
    if (!path.is_valid()) {
      PyErr_Clear();
      raise(PyExc_TypeError,
            "start_directory: expected a path such as os.getcwd(), got " + typeName(startDirectory.ptr()));
    }
    options.startDirectory = normalPath(utf8Of(path, "start_directory"));
    if (!isAbsolutePath(options.startDirectory))
      raise(PyExc_ValueError, "start_directory: give an absolute path, such as os.getcwd()");
  }
  std::string plan = compileText(utf8Of(text, "text"), utf8Of(name, "name"), options, nullptr);
  return nb::bytes(plan.data(), plan.size());
}

static PlanBytes readPlan(const std::string &path, const Limits &limits) {
  std::optional<Result<std::string, std::error_code>> content;
  {
    nb::gil_scoped_release released;
    content.emplace(readFile(path, std::max(limits[Limit::SourceBytes], limits[Limit::PlanBytes]) + 1));
  }
  if (!*content) {
    errno = content->error().value();
    PyErr_SetFromErrnoWithFilename(PyExc_OSError, path.c_str());
    throw nb::python_error();
  }
  std::string text = std::move(**content);
  if (compiler::isPlan(text))
    return {std::move(text), path};
  compiler::ImportsOnDisk imports(path);
  CompileOptions options;
  options.limits = limits;
  return {compileText(std::move(text), path, options, &imports), path};
}

PlanBytes python::planBytes(nb::handle planOrPath, const Limits &limits) {
  if (PyBytes_Check(planOrPath.ptr())) {
    const nb::bytes bytes = nb::borrow<nb::bytes>(planOrPath);
    return {std::string(bytes.c_str(), bytes.size()), "<bytes>"};
  }
  nb::object path = nb::steal(PyOS_FSPath(planOrPath.ptr()));
  if (!path.is_valid()) {
    PyErr_Clear();
    raise(PyExc_TypeError,
          "expected the bytes of a plan (xcs.compile) or the path of a .xplan or .xir file, got " +
              typeName(planOrPath.ptr()));
  }
  if (PyBytes_Check(path.ptr()))
    path =
        nb::steal(PyUnicode_DecodeFSDefaultAndSize(PyBytes_AsString(path.ptr()), PyBytes_Size(path.ptr())));
  return readPlan(utf8Of(path, "path"), limits);
}

void python::defineCompile(nb::module_ &module) {
  define(module, "compile", "compile(text, *, name=, level=, start_directory=, reroll=)",
         "Compiles the text of a program to the bytes of its plan.\n\n"
         "`name` is what messages call the text. `level` is that of `xcsc -O`. `start_directory` is the "
         "directory in "
         "which the plan will run, for files with relative paths. `reroll` makes equal computations beside "
         "one another one `map`, as `xcsc --reroll` does from level 1 on.\n\n"
         ">>> plan = xcs.compile('func @main(%a: i64) -> i64 {\\n  return(%a)\\n}')\n"
         ">>> xcs.load(plan)(a=7)\n"
         "7\n",
         &compileProgram, nb::arg("text").none(), nb::kw_only(), nb::arg("name").none() = "<text>",
         nb::arg("level").none() = 2, nb::arg("start_directory").none() = nb::none(),
         nb::arg("reroll").none() = false);
}
